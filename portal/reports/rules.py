"""Who may order and fetch stored reports: analysts of the department, nobody else."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.accounts.selectors import has_role_in
from portal.kernel.access import YES, Verdict, no

ONLY_ANALYSTS = _("Reports of a department are ordered by its analysts.")
NO_DEPARTMENT = no(ONLY_ANALYSTS)


def can_order_report(user: Any, department_id: int, on: date) -> Verdict:
    """An analyst of the department on the day."""
    if has_role_in(user, on, department_id, Role.ANALYST):
        return YES
    return NO_DEPARTMENT
