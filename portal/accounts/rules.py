"""Rules of pages by role: `@allow(role_holders(Role.ACCOUNTANT))`."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.accounts.selectors import has_role
from portal.kernel.access import YES, Rule, Verdict, no, signed_in


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
