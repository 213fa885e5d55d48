"""Days, output, teams and extra payments of a closed month: whoever is concerned is marked."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from inmates.models import (
    Attendance,
    BackdatedChange,
    ExtraPay,
    Payslip,
    TeamEntry,
    TeamShare,
    WorkEntry,
)
from tests.inmates.marks.world import (
    BY_PIECE,
    BY_TIME,
    IN_TEAM,
    NOVEMBER_2,
    a_closed_month,
    marked,
    marks,
    place_of,
)
from tests.inmates.months import FIRST, attended
from tests.people import NOW, Cast, a_consent, a_placement, an_inmate

OCTOBER_5 = date(2026, 10, 5)
OCTOBER_30 = date(2026, 10, 30)
TEAM = [
    (BY_PIECE, "team", OCTOBER_5, "team"),
    (IN_TEAM, "team", OCTOBER_5, "team"),
]


def extra(pay: Cast, number: str = BY_TIME, month: date = FIRST, amount: str = "5000.00") -> Any:
    return ExtraPay.objects.create(
        inmate=place_of(number).inmate, payer=pay.enterprise, institution=pay.institution,
        month=month, kind="bonus", amount=Decimal(amount), basis="приказ № 7",
        recorded_by=pay.accountant, recorded_at=NOW,
    )  # fmt: skip


def of_october() -> Any:
    return Attendance.objects.filter(worked_on__month=10)


ONE_EACH: dict[str, tuple[Callable[[Cast], Any], list[tuple[str, str, date, str]]]] = {
    "a day added": (
        lambda pay: attended(place_of(), [OCTOBER_30], 60),
        [(BY_TIME, "attendance", OCTOBER_30, "attendance")],
    ),
    "a day changed": (
        lambda pay: of_october().filter(worked_on=OCTOBER_5).update(minutes=1),
        [(BY_TIME, "attendance", OCTOBER_5, "attendance")],
    ),
    "night minutes changed": (
        lambda pay: of_october().filter(worked_on=OCTOBER_5).update(night_minutes=60),
        [(BY_TIME, "attendance", OCTOBER_5, "attendance")],
    ),
    "a day removed": (
        lambda pay: of_october().filter(worked_on=OCTOBER_5).delete(),
        [(BY_TIME, "attendance", OCTOBER_5, "attendance")],
    ),
    "a whole month changed": (
        lambda pay: of_october().update(minutes=1),
        [(BY_TIME, "attendance", FIRST, "attendance")],
    ),
    "a day moved to the next month": (
        lambda pay: of_october().filter(worked_on=OCTOBER_5).update(worked_on=NOVEMBER_2),
        [(BY_TIME, "attendance", OCTOBER_5, "attendance")],
    ),
    "output added": (
        lambda pay: WorkEntry.objects.create(
            placement=place_of(IN_TEAM), worked_on=OCTOBER_5, quantity=1, recorded_at=NOW,
            work_order_operation=WorkEntry.objects.get().work_order_operation,
        ),
        [(IN_TEAM, "output", OCTOBER_5, "output")],
    ),
    "output changed": (
        lambda pay: WorkEntry.objects.update(quantity=5),
        [(BY_PIECE, "output", FIRST, "output")],
    ),
    "output moved to the next month": (
        lambda pay: WorkEntry.objects.update(worked_on=NOVEMBER_2),
        [(BY_PIECE, "output", FIRST, "output")],
    ),
    "output removed": (
        lambda pay: WorkEntry.objects.all().delete(),
        [(BY_PIECE, "output", FIRST, "output")],
    ),
    "a team made more": (lambda pay: TeamEntry.objects.update(quantity=7), TEAM),
    "a team's day moved": (lambda pay: TeamEntry.objects.update(worked_on=date(2026, 10, 6)), TEAM),
    "one share changed moves both": (
        lambda pay: TeamShare.objects.filter(placement=place_of(IN_TEAM)).update(minutes=240),
        TEAM,
    ),
    "a team removed": (lambda pay: TeamEntry.objects.all().delete(), TEAM),
    "extra pay added": (extra, [(BY_TIME, "extra_pay", FIRST, "extra")]),
}  # fmt: skip


@pytest.mark.parametrize("what", ONE_EACH)
def test_a_change_of_a_closed_month_marks_whom_it_concerns(pay: Cast, what: str) -> None:
    a_closed_month(pay)
    act, expected = ONE_EACH[what]
    before = list(Payslip.objects.order_by("pk").values())
    assert marked(lambda: act(pay)) == expected
    assert list(Payslip.objects.order_by("pk").values()) == before
    row = BackdatedChange.objects.first()
    assert row is not None
    assert (row.payer_id, row.institution_id) == (pay.enterprise.pk, pay.institution.pk)
    assert row.settled_by_id is None


def test_extra_pay_marks_both_months_it_stood_in(pay: Cast) -> None:
    a_closed_month(pay)
    row = extra(pay)
    assert marked(lambda: ExtraPay.objects.filter(pk=row.pk).update(amount=Decimal("1.00"))) == []
    other = extra(pay, BY_PIECE)
    assert marked(lambda: ExtraPay.objects.filter(pk=other.pk).delete()) == [
        (BY_PIECE, "extra_pay", FIRST, "extra")
    ]


def test_what_says_nothing_else_of_pay_marks_nobody(pay: Cast) -> None:
    a_closed_month(pay)
    assert marked(lambda: of_october().update(note="иначе", recorded_by=pay.master)) == []
    assert marked(lambda: WorkEntry.objects.update(recorded_by=pay.master)) == []
    assert marked(lambda: TeamEntry.objects.update(recorded_by=pay.master)) == []
    assert marked(lambda: of_october().update(minutes=480)) == []


def test_the_month_that_is_open_marks_nobody(pay: Cast) -> None:
    a_closed_month(pay)
    assert marked(lambda: attended(place_of(), [NOVEMBER_2])) == []
    assert marked(lambda: extra(pay, month=date(2026, 11, 1))) == []


def test_other_payers_are_not_concerned(pay: Cast) -> None:
    a_closed_month(pay)
    inmate = an_inmate(pay, "1800")
    a_consent(inmate, pay.entrepreneur)
    private = a_placement(pay, inmate, employer=pay.entrepreneur, payer=pay.entrepreneur)
    assert marked(lambda: attended(private, [FIRST])) == []


def test_an_earlier_month_that_was_never_paid_is_marked_too(pay: Cast) -> None:
    """A later one is: what is known of September may move October."""
    a_closed_month(pay)
    september = date(2026, 9, 30)
    assert marked(lambda: attended(place_of(), [september])) == [
        (BY_TIME, "attendance", september, "attendance")
    ]


def test_one_statement_over_two_months_is_one_mark_from_the_first_day(pay: Cast) -> None:
    a_closed_month(pay)
    days = [date(2026, 9, 29), date(2026, 9, 30), OCTOBER_30, NOVEMBER_2]
    assert marked(lambda: attended(place_of(), days)) == [
        (BY_TIME, "attendance", days[0], "attendance")
    ]


def test_who_signed_the_day_is_named(pay: Cast) -> None:
    a_closed_month(pay)
    of_october().filter(worked_on=FIRST).update(minutes=60, recorded_by=pay.master)
    assert BackdatedChange.objects.get().changed_by == pay.master


def test_the_same_again_is_said_once_until_it_is_calculated(pay: Cast) -> None:
    a_closed_month(pay)
    of_october().filter(worked_on=FIRST).update(minutes=60)
    assert marked(lambda: of_october().filter(worked_on=FIRST).update(minutes=120)) == []
    assert len(marks()) == 1


def test_what_a_calculation_has_read_already_is_said_again(pay: Cast) -> None:
    """It settles the first mark when it is posted, and has not seen the second change."""
    run = a_closed_month(pay)
    of_october().filter(worked_on=FIRST).update(minutes=60)
    again = [(BY_TIME, "attendance", FIRST, "attendance")]
    first = BackdatedChange.objects.get()
    # As if the month had been calculated since: it has read the mark.
    type(run).objects.filter(pk=run.pk).update(changes_read=first.pk)
    assert marked(lambda: of_october().filter(worked_on=FIRST).update(minutes=120)) == again
