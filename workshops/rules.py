"""Who may do what with places; each answers a verdict with its reason."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.accounts.rules import role_holders
from portal.accounts.selectors import has_role_in
from portal.kernel.access import YES, Verdict, no

KEEPERS = role_holders(Role.LABOUR_OFFICER, Role.HEAD)


def can_confirm_advert(user: Any, place_id: int, on: date) -> Verdict:
    """Whoever answers for the areas of the institution (`place_id`: its organisation)."""
    if has_role_in(user, on, place_id, Role.LABOUR_OFFICER, Role.HEAD, place_id=place_id):
        return YES
    return no(_("Only the labour officer or the head of the institution offers its areas."))


FLOOR_ROLES = (Role.MASTER, Role.LABOUR_OFFICER)


def can_record_floor(user: Any, place_id: int, on: date) -> Verdict:
    """Downtime, defects, material and batches: who enters the work of the institution."""
    if has_role_in(user, on, place_id, *FLOOR_ROLES):
        return YES
    return no(_("Only a master or a labour officer of the institution enters the work done."))
