"""Who proposes a value of the law and who decides it."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.accounts.rules import role_holders
from portal.accounts.selectors import has_role
from portal.kernel.access import YES, Verdict, no

LAW_DESK = role_holders(Role.ADMINISTRATOR)


def can_propose_parameter(user: Any, on: date) -> Verdict:
    """An administrator of the portal."""
    if has_role(user, on, Role.ADMINISTRATOR):
        return YES
    return no(_("Only an administrator proposes values of the law."))


def can_decide_parameter(user: Any, proposal: Any, on: date) -> Verdict:
    """Another administrator than the one who proposed it, once its effect can be seen."""
    if not has_role(user, on, Role.ADMINISTRATOR):
        return no(_("Only an administrator decides on values of the law."))
    if user.pk == proposal.proposed_by_id:
        return no(_("You proposed this value: another administrator decides on it."))
    return YES


def can_withdraw_parameter(user: Any, proposal: Any, on: date) -> Verdict:
    """Who proposed it."""
    if user.pk == proposal.proposed_by_id and has_role(user, on, Role.ADMINISTRATOR):
        return YES
    return no(_("Only who proposed a value takes it back."))
