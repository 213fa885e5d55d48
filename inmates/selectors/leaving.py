"""Who is expected to leave custody within three months, and how far their papers are.

Officers and heads see the people of their institution; accountants and heads those whom their
payer pays. A private payer sees nobody here: when somebody leaves is none of its business.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from inmates.models import (
    BailiffNotice,
    CustodyStay,
    LeavingStep,
    Placement,
    PlannedRelease,
    WritOfExecution,
)
from inmates.papers.clocks import leaving_horizon
from inmates.papers.enums import LeavingStepCode, LeavingStepStatus, NoticeStatus
from inmates.rules import PAYROLL_READERS
from inmates.selectors.desk import DESK_ROLES
from inmates.selectors.payroll import granted_q
from portal.accounts.enums import PRIVATE_KINDS, Role
from portal.accounts.models import Organisation
from portal.accounts.selectors import has_role_in, organisation_ids
from portal.kernel.periods import Period, overlap_q, period_q


def _payers(user: Any, on: date, *roles: str) -> Q:
    """Placements of the user's payers that are not private."""
    granted = granted_q(user, on, roles, payer="payer", institution="post__workshop__institution")
    return granted & ~Q(payer__kind__in=PRIVATE_KINDS)


def stays_visible_to(user: Any, on: date) -> "QuerySet[CustodyStay]":
    """Stays that last, of people somebody prepares the release of; the only door to a file."""
    paid = Placement.objects.filter(
        _payers(user, on, *PAYROLL_READERS),
        Q(effective_to=None) | Q(effective_to__gt=OuterRef("effective_from")),
        inmate=OuterRef("inmate"),
        post__workshop__institution=OuterRef("institution"),
    )
    own = Q(institution__organisation__in=organisation_ids(user, on, *DESK_ROLES))
    return CustodyStay.objects.filter(period_q(on)).filter(own | Exists(paid))


def leaving(user: Any, on: date) -> "QuerySet[CustodyStay]":
    """Those whose expected release is within three months or past, the nearest first.

    Each has `release_on`, `writ_count`, `untold_count` and its steps; three queries.
    """
    expected = PlannedRelease.objects.filter(period_q(on), inmate=OuterRef("inmate"))
    writs = WritOfExecution.objects.filter(period_q(on), inmate=OuterRef("inmate"))
    untold = BailiffNotice.objects.filter(inmate=OuterRef("inmate"), status=NoticeStatus.WAITING)
    return (
        stays_visible_to(user, on)
        .annotate(
            release_on=Subquery(expected.values("release_on")[:1], output_field=DateField()),
            writ_count=_count(writs),
            untold_count=_count(untold),
        )
        .filter(release_on__lte=leaving_horizon(on))
        .select_related("inmate", "institution__organisation")
        .prefetch_related(Prefetch("leaving_steps", LeavingStep.objects.order_by("pk")))
        .order_by("release_on", "inmate__personnel_number")
    )


def _count(rows: Any) -> Any:
    counted = rows.order_by().values("inmate").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the list: its row, or open without one."""

    code: LeavingStepCode
    row: LeavingStep | None

    @property
    def status(self) -> str:
        return self.row.status if self.row else LeavingStepStatus.OPEN

    @property
    def is_open(self) -> bool:
        return self.status == LeavingStepStatus.OPEN


def steps_of(rows: Iterable[LeavingStep]) -> list[Step]:
    """Every step in the order of the list."""
    found = {row.code: row for row in rows}
    return [Step(code, found.get(code)) for code in LeavingStepCode]


def payers_in_stay(stay: CustodyStay) -> list[Organisation]:
    """Who pays or paid the person there, without private payers, by name."""
    placed = Placement.objects.filter(
        overlap_q(Period(stay.effective_from)),
        inmate=stay.inmate_id,
        post__workshop__institution=stay.institution_id,
    )
    rows = Organisation.objects.filter(pk__in=placed.values("payer"))
    return list(rows.exclude(kind__in=PRIVATE_KINDS).order_by("sort_ru", "pk"))


def payers_of_accountant(user: Any, stay: CustodyStay, on: date) -> list[Organisation]:
    """Those of them of whom the user is the accountant at this place: their sums are shown."""
    place_id = stay.institution.organisation_id
    return [
        payer
        for payer in payers_in_stay(stay)
        if has_role_in(user, on, payer.pk, Role.ACCOUNTANT, place_id=place_id)
    ]


def open_writs(stay: CustodyStay, on: date) -> "QuerySet[WritOfExecution]":
    """The person's executive documents in force, by queue."""
    return WritOfExecution.objects.filter(period_q(on), inmate=stay.inmate_id).order_by(
        F("queue"), "pk"
    )
