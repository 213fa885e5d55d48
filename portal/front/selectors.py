"""What the landing and the overview page show, gathered from the apps below."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.accounts.enums import Role
from portal.accounts.models import RoleGrant
from portal.kernel.periods import period_q


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the landing page with the words that define it; `url` opens its list."""

    value: str
    label: str
    url: str = ""


# Each source answers a figure for a day, or None while there is nothing to tell.
FigureSource = Callable[[date], Figure | None]
FIGURE_SOURCES: tuple[FigureSource, ...] = ()


def landing_figures(on: date) -> list[Figure]:
    """The figures that exist on a day; never an invented one."""
    return [figure for source in FIGURE_SOURCES if (figure := source(on))]


def roles_held(user: Any, on: date) -> list[dict[str, str]]:
    """The person's roles as facts: organisation, role, and where it is limited to one place."""
    grants = (
        RoleGrant.objects.filter(period_q(on), period_q(on, "membership__"), membership__user=user)
        .select_related("membership__organisation", "scope")
        .order_by("membership__organisation__sort_ru", "id")
    )
    return [
        {
            "label": grant.membership.organisation.name,
            "value": str(Role(grant.role).label),
            "note": grant.scope.name if grant.scope else "",
        }
        for grant in grants
    ]
