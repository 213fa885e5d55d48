"""The tabs of a person's page; each leads to a view of its own. Add a row for a new part."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.accounts.selectors import has_role

OFFICER = (Role.LABOUR_OFFICER,)
DESK = (Role.LABOUR_OFFICER, Role.HEAD)

# Label, name of the address (its only argument is the personnel number), who sees it.
TABS: tuple[tuple[str | Promise, str, tuple[Role, ...]], ...] = (
    (_("Overview"), "inmates:person", DESK),
    (_("Consents"), "inmates:person_consents", OFFICER),
    (_("Safety"), "inmates:person_safety", OFFICER),
    (_("Apprenticeship"), "inmates:person_apprenticeship", OFFICER),
    (_("Terminal"), "inmates:person_pin", OFFICER),
)


def person_tabs(user: Any, on: Any, personnel_number: str, here: str) -> list[dict[str, Any]]:
    """The tabs this reader sees; `here` is the name of the present address.

    A row whose address does not exist is left out.
    """
    shown = []
    for label, name, roles in TABS:
        if not has_role(user, on, *roles):
            continue
        try:
            url = reverse(name, args=[personnel_number])
        except NoReverseMatch:
            continue
        shown.append({"label": label, "url": url, "is_here": name == here})
    return shown
