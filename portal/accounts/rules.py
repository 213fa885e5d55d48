"""Rules of pages by role: `@allow(role_holders(Role.ACCOUNTANT))`."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.accounts.selectors import has_role, has_role_in, overseeing_grants
from portal.kernel.access import OUT_OF_SIGHT, YES, Rule, Verdict, no, signed_in


def role_holders(*roles: str) -> Rule:
    """A rule for whoever holds any of the roles in any organisation on the day."""

    def rule(user: Any, on: date) -> Verdict:
        verdict = signed_in(user, on)
        if not verdict:
            return verdict
        if has_role(user, on, *roles):
            return YES
        return no(_("This page is for other roles. Ask your administrator if you need it."))

    rule.roles = roles  # type: ignore[attr-defined]  # read by the menu
    return rule


SIGNATURE_PAGES = role_holders(Role.HEAD)


def question_officers(user: Any, on: date) -> Verdict:
    """Who answers questions about wages; for everybody else with an account there is no page."""
    verdict = signed_in(user, on)
    if not verdict:
        return verdict
    return YES if overseeing_grants(user, on) else OUT_OF_SIGHT


def can_appoint_deputy(user: Any, organisation_id: int, on: date) -> Verdict:
    """The head of the organisation as a whole: a head of one place cannot give what all sign."""
    if has_role_in(user, on, organisation_id, Role.HEAD, place_id=organisation_id):
        return YES
    return no(_("Only the head of the organisation hands over its first signature."))
