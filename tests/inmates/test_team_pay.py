"""The wage of a team on the payslips of its members, from the entries to the printed line."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from inmates.models import PayrollRun, PayslipLine, Placement, TeamEntry, TeamShare
from inmates.presenters.payslip import line_title
from inmates.selectors.payroll_team import team_pay_by_day, team_work
from portal.kernel.errors import PortalError
from tests.inmates.months import a_piece_rate, calculated
from tests.people import Cast, a_placement, a_work_order, an_inmate

D = Decimal
FIRST, SECOND, LATER = date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 15)
SCOPE = (date(2026, 10, 1), date(2026, 11, 1))
AT = "2026-10-31T12:00:00+05:00"


def a_crew(cast: Cast, *numbers: str, **fields: Any) -> list[Placement]:
    return [
        a_placement(cast, an_inmate(cast, number), **({"pay_form": "piece"} | fields))
        for number in numbers
    ]


def a_team(
    operation: Any, day: date, quantity: int, shares: dict[Placement, tuple[int, str]]
) -> TeamEntry:
    entry = TeamEntry.objects.create(
        work_order_operation=operation, worked_on=day, quantity=quantity, recorded_at=AT
    )
    TeamShare.objects.bulk_create(
        TeamShare(
            team_entry=entry, placement=one, minutes=minutes, coefficient=Decimal(coefficient)
        )
        for one, (minutes, coefficient) in shares.items()
    )
    return entry


def scope(cast: Cast) -> list[Any]:
    return [cast.enterprise.pk, cast.institution.pk, *SCOPE]


def team_lines(run: PayrollRun) -> dict[str, PayslipLine]:
    rows = PayslipLine.objects.filter(payslip__run=run, code="piece_team")
    return {one.payslip.inmate.personnel_number: one for one in rows.select_related("payslip")}


def test_a_payslip_has_the_sum_of_the_shares(pay: Cast) -> None:
    """10 doors at 650.00 are 6 500.00; by 480, 480 and 240 minutes: 2 600, 2 600 and 1 300.

    The next day two of them make 4 more, 2 600.00, alike.
    """
    a_piece_rate(pay, "650.00")
    one, two, three = a_crew(pay, "1701", "1702", "1703")
    operation = a_work_order(pay, 100).operations.get(operation=pay.cutting)
    a_team(operation, FIRST, 10, {one: (480, "1"), two: (480, "1"), three: (240, "1")})
    a_team(operation, SECOND, 4, {one: (480, "1"), two: (480, "1")})
    lines = team_lines(calculated(pay))
    assert {number: line.amount for number, line in lines.items()} == {
        "1701": D("3900.00"),
        "1702": D("3900.00"),
        "1703": D("1300.00"),
    }
    # The quantity is that of the entries taken part in, which the whole team made.
    assert {number: int(line.quantity) for number, line in lines.items()} == {
        "1701": 14,
        "1702": 14,
        "1703": 10,
    }
    assert {line.rate for line in lines.values()} == {D("650.00")}
    assert line_title(lines["1701"]).startswith("Сдельно, в бригаде: ")


def test_each_entry_is_split_by_itself(pay: Cast) -> None:
    """Two entries of 1 door at 0.05: 3 and 2 tiyn each time, the odd one to the smaller key."""
    a_piece_rate(pay, "0.05")
    one, two = a_crew(pay, "1701", "1702")
    operation = a_work_order(pay, 100).operations.get(operation=pay.cutting)
    for day in (FIRST, SECOND):
        a_team(operation, day, 1, {two: (480, "1"), one: (480, "1")})
    found = team_work(scope(pay))
    assert [work.amount for work in found[one.inmate_id]] == [D("0.06")]
    assert [work.amount for work in found[two.inmate_id]] == [D("0.04")]
    assert team_pay_by_day(found[one.inmate_id]) == {
        (one.pk, FIRST): D("0.03"),
        (one.pk, SECOND): D("0.03"),
    }


def test_a_rate_that_changed_in_mid_month_makes_two_lines(pay: Cast) -> None:
    """4 at 650.00 before the 15th and 4 at 700.00 from it: 1 300.00 and 1 400.00 each."""
    a_piece_rate(pay, "650.00", effective_to=LATER)
    a_piece_rate(pay, "700.00", effective_from=LATER)
    one, two = a_crew(pay, "1701", "1702")
    operation = a_work_order(pay, 100).operations.get(operation=pay.cutting)
    for day in (FIRST, LATER):
        a_team(operation, day, 4, {one: (480, "1"), two: (480, "1")})
    run = calculated(pay)
    rows = PayslipLine.objects.filter(payslip__run=run, code="piece_team").order_by("rate", "id")
    assert [row.amount for row in rows] == [D("1300.00")] * 2 + [D("1400.00")] * 2


def test_a_coefficient_and_a_rate_for_several_pieces(pay: Cast) -> None:
    """7 at 100.00 for 12 are 58.33; 1.25 to 1 over equal minutes: 32.41 and 25.92."""
    a_piece_rate(pay, "100.00", per_pieces=12)
    one, two = a_crew(pay, "1701", "1702")
    operation = a_work_order(pay, 100).operations.get(operation=pay.cutting)
    a_team(operation, FIRST, 7, {one: (480, "1.25"), two: (480, "1")})
    found = team_work(scope(pay))
    amounts = [found[row.inmate_id][0].amount for row in (one, two)]
    assert amounts == [D("32.41"), D("25.92")]
    assert sum(amounts) == D("58.33")


def test_other_payers_and_months_are_out_of_the_scope(pay: Cast) -> None:
    a_piece_rate(pay)
    crew = a_crew(pay, "1701", "1702")
    operation = a_work_order(pay, 100).operations.get(operation=pay.cutting)
    a_team(operation, date(2026, 11, 2), 4, dict.fromkeys(crew, (480, "1")))
    assert team_work(scope(pay)) == {}


def test_the_other_kinds_of_work_stand_beside_a_team(pay: Cast) -> None:
    """The same person makes pieces alone and in a team: two lines of one operation."""
    a_piece_rate(pay, "100.00")
    one, two = a_crew(pay, "1701", "1702")
    operation = a_work_order(pay, 100).operations.get(operation=pay.cutting)
    a_team(operation, FIRST, 2, {one: (480, "1"), two: (480, "1")})
    one.entries.create(work_order_operation=operation, worked_on=FIRST, quantity=3, recorded_at=AT)
    run = calculated(pay)
    rows = PayslipLine.objects.filter(
        payslip__run=run, payslip__inmate=one.inmate, code__in=("piece", "piece_team")
    )
    assert {row.code: row.amount for row in rows} == {
        "piece": D("300.00"),
        "piece_team": D("100.00"),
    }


def test_a_team_without_a_rate_has_no_wage_and_no_zero(pay: Cast) -> None:
    one, two = a_crew(pay, "1701", "1702")
    operation = a_work_order(pay, 100).operations.get(operation=pay.cutting)
    a_team(operation, FIRST, 2, {one: (480, "1"), two: (480, "1")})
    works = team_work(scope(pay))[one.inmate_id]
    assert [(work.rate, work.amount) for work in works] == [(None, D("0.00"))]
    with pytest.raises(PortalError):
        calculated(pay)
    assert not PayslipLine.objects.exists()
