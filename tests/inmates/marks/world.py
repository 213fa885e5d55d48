"""A closed October of three people for the tests of marks: by time, by piece and in a team."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from inmates.models import BackdatedChange, PayrollRun, Placement, TeamEntry, TeamShare
from tests.inmates.books import first_signature, paid, posted
from tests.inmates.months import FIRST, a_piece_rate, a_worker, made
from tests.people import NOW, Cast, a_placement, a_work_order, an_inmate

# By time, alone by piece and in a team, in the team only.
BY_TIME, BY_PIECE, IN_TEAM = "1648", "1701", "1702"
NOVEMBER_2 = date(2026, 11, 2)
WHY = "Нашли наряд за эту смену"


def a_closed_month(pay: Cast, *, is_paid: bool = False) -> PayrollRun:
    """October calculated, approved and posted; nothing of it is marked."""
    first_signature(pay)
    a_worker(pay, BY_TIME)
    cutting = a_work_order(pay, 50).operations.get(operation=pay.cutting)
    a_piece_rate(pay)
    members = [
        a_placement(pay, an_inmate(pay, number), pay_form="piece") for number in (BY_PIECE, IN_TEAM)
    ]
    made(members[0], cutting, FIRST, 4)
    with transaction.atomic():
        entry = TeamEntry.objects.create(
            work_order_operation=cutting, worked_on=date(2026, 10, 5), quantity=6, recorded_at=NOW
        )
        TeamShare.objects.bulk_create(
            TeamShare(team_entry=entry, placement=member, minutes=480) for member in members
        )
    run = posted(pay)
    assert marks() == []
    return paid(pay, run) if is_paid else run


def place_of(number: str = BY_TIME) -> Placement:
    return Placement.objects.get(inmate__personnel_number=number)


def marks(rows: Iterable[BackdatedChange] | None = None) -> list[tuple[str, str, date, str]]:
    """What is marked: whose, why, since when, what."""
    found = BackdatedChange.objects.all() if rows is None else rows
    return sorted(
        (row.inmate.personnel_number, row.cause, row.first_day, row.subject.split(":")[0])
        for row in found
    )


def marked(act: Any) -> list[tuple[str, str, date, str]]:
    """What an act marks beside what is marked already."""
    known = list(BackdatedChange.objects.values_list("pk", flat=True))
    act()
    return marks(BackdatedChange.objects.exclude(pk__in=known).select_related("inmate"))
