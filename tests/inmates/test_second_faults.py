"""Faults planted in either calculation are found by the other, and approval is refused."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction
from django.db.models import F

from inmates.approval_refusals import CalculationsDiffer
from inmates.enums import RunStatus
from inmates.models import Attendance, PayrollDifference, PayrollRun, Payslip, PayslipLine
from inmates.second.calculation import STATEMENTS
from inmates.services.approval import approve_payroll_run
from inmates.services.second_check import check_payroll_run
from portal.kernel.periods import Month
from tests.inmates.books import first_signature, worked_off
from tests.inmates.months import a_worker, a_writ, calculated
from tests.inmates.second_worlds import a_world, close, live_on, runs_of
from tests.people import NOW, Cast

TIYN = Decimal("0.01")


class Undo(Exception):
    """Takes a planted fault back."""


def found_after(run: PayrollRun, plant: Callable[[], object]) -> list[PayrollDifference]:
    """What the check finds with the fault in place; afterwards all is as it was."""
    found: list[PayrollDifference] = []
    try:
        with transaction.atomic():
            plant()
            check_payroll_run(run_id=run.pk, at=NOW)
            found = list(PayrollDifference.objects.filter(run=run))
            raise Undo
    except Undo:
        return found


@pytest.fixture
def wages(pay: Cast) -> PayrollRun:
    """Two people by time, one of them with two writs of one queue."""
    owing = a_worker(pay)
    a_worker(pay, "1649", days=15)
    a_writ(owing, "1", kind="claim", queue=3, debt=Decimal("700000.00"))
    a_writ(owing, "2", kind="claim", queue=3, debt=Decimal("300000.00"))
    run = calculated(pay)
    assert (run.status, run.difference_count) == (RunStatus.CALCULATED, 0)
    return run


def lines_of(run: PayrollRun, **fields: object) -> "list[PayslipLine]":
    return list(PayslipLine.objects.filter(payslip__run=run, **fields).order_by("id"))


def test_check_finds_a_tiyn_in_any_line(wages: PayrollRun) -> None:
    for line in lines_of(wages):
        this = PayslipLine.objects.filter(pk=line.pk)
        found = found_after(wages, partial(this.update, amount=F("amount") + TIYN))
        assert [(one.code, one.first, one.second) for one in found] == [
            (line.code, line.amount + TIYN, line.amount)
        ]
        assert found[0].inmate_id == line.payslip.inmate_id


def test_check_finds_a_line_that_is_missing(wages: PayrollRun) -> None:
    for line in lines_of(wages):
        found = found_after(wages, PayslipLine.objects.filter(pk=line.pk).delete)
        assert {(one.code, one.first) for one in found} == {(line.code, None)}
        assert line.amount in {one.second for one in found}
        # A line of a writ takes with it what the writ asked for.
        kinds = {one.kind for one in found}
        assert kinds == ({"writ", "demanded"} if line.kind == "writ" else {line.kind})


def test_check_finds_a_line_too_many_even_of_nought(wages: PayrollRun) -> None:
    line = lines_of(wages, code="vosms")[0]
    for amount in (Decimal("0.00"), Decimal("500.00")):
        twin = PayslipLine.objects.get(pk=line.pk)
        twin.pk, twin.sequence, twin.amount = None, 90, amount
        found = found_after(wages, twin.save)
        assert [(one.code, one.first, one.second) for one in found] == [("vosms", amount, None)]


def test_check_finds_two_writs_swapped(wages: PayrollRun) -> None:
    one, other = lines_of(wages, kind="writ")
    assert one.amount > other.amount > 0

    def swap() -> None:
        PayslipLine.objects.filter(pk=one.pk).update(amount=other.amount)
        PayslipLine.objects.filter(pk=other.pk).update(amount=one.amount)

    found = found_after(wages, swap)
    assert {row.subject for row in found} == {one.subject, other.subject}
    assert sum(row.first - row.second for row in found) == 0


def test_check_finds_two_lines_of_one_key_that_balance_each_other(wages: PayrollRun) -> None:
    """The same code, subject and rate twice, a tiyn moved from one to the other."""
    line = lines_of(wages, code="time")[0]

    def split() -> None:
        twin = PayslipLine.objects.get(pk=line.pk)
        twin.pk, twin.sequence, twin.amount = None, 90, line.amount - TIYN
        twin.save()
        PayslipLine.objects.filter(pk=line.pk).update(amount=TIYN)

    assert len(found_after(wages, split)) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"gross": TIYN, "net": TIYN, "to_account": TIYN, "attachable": TIYN},
        {"days_worked": 1},
        {"minutes_worked": 1},
        {"taxable": TIYN},
        {"attachable": -TIYN},
        {"withheld_by_writs": -1, "to_account": 1},
        {"so": 1},
        {"oosms": 1},
        {"opvr": 1},
        {"social_tax": 1},
    ],
)
def test_check_finds_a_sum_of_the_slip_that_was_changed(
    wages: PayrollRun, changes: dict[str, Decimal]
) -> None:
    slip = Payslip.objects.filter(run=wages, withheld_by_writs__gt=0)
    moved = {name: F(name) + by for name, by in changes.items()}
    found = found_after(wages, lambda: slip.update(**moved))
    names = {"withheld_by_writs": "withheld"}
    assert {one.code for one in found} == {names.get(name, name) for name in changes}
    assert {one.kind for one in found} == {"total"}


def test_check_finds_a_deduction_nobody_asked_for(wages: PayrollRun) -> None:
    slip = Payslip.objects.filter(run=wages)
    found = found_after(wages, lambda: slip.update(has_basic_deduction=False))
    assert {(one.code, one.first, one.second) for one in found} == {("has_basic_deduction", 0, 1)}


def test_check_finds_a_payslip_that_is_missing(wages: PayrollRun) -> None:
    slip = Payslip.objects.filter(run=wages).first()
    assert slip is not None
    count = slip.lines.count()

    def lose() -> None:
        slip.lines.all().delete()
        Payslip.objects.filter(pk=slip.pk).delete()

    found = found_after(wages, lose)
    assert {one.inmate_id for one in found} == {slip.inmate_id}
    assert len([one for one in found if one.kind in ("earning", "withheld", "employer")]) >= 8
    assert all(one.first is None for one in found)
    assert count <= len(found)


def test_check_finds_an_input_that_was_changed_since(wages: PayrollRun, pay: Cast) -> None:
    day = Attendance.objects.filter(placement__inmate__personnel_number="1649").first()
    assert day is not None
    found = found_after(
        wages, lambda: Attendance.objects.filter(pk=day.pk).update(minutes=day.minutes - 1)
    )
    assert {"time", "gross", "minutes_worked"} <= {one.code for one in found}


def test_run_that_differs_is_not_approved(wages: PayrollRun, pay: Cast) -> None:
    first_signature(pay)
    line = lines_of(wages, code="time")[0]
    PayslipLine.objects.filter(pk=line.pk).update(amount=F("amount") + TIYN)
    assert check_payroll_run(run_id=wages.pk, at=NOW) == 1
    with pytest.raises(CalculationsDiffer):
        approve_payroll_run(actor=pay.head, run_id=wages.pk, at=NOW)
    wages.refresh_from_db()
    assert (wages.status, wages.difference_count) == (RunStatus.CALCULATED, 1)


def test_fault_planted_between_approval_and_posting_stops_the_posting(
    wages: PayrollRun, pay: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines of an approved run cannot be changed; the other side still can be wrong."""
    first_signature(pay)
    run = approve_payroll_run(actor=pay.head, run_id=wages.pk, at=NOW)
    plant(monkeypatch, "contribution", "v.opv_rate *", "1.01 * v.opv_rate *")
    run = worked_off(run)
    assert run.status == RunStatus.CALCULATED
    assert run.approved_by is None
    assert run.difference_count == run.differences.count() > 0


def plant(monkeypatch: pytest.MonkeyPatch, name: str, right: str, wrong: str) -> None:
    assert right in STATEMENTS[name], (name, right)
    monkeypatch.setitem(STATEMENTS, name, STATEMENTS[name].replace(right, wrong, 1))


# A change of one figure, comparison or word of each rule of the SQL side.
WRONG = [
    ("rule", "code = 'mzp')", "code = 'mrp')"),
    ("rule", "code = 'opv_rate'", "code = 'opvr_rate'"),
    ("placement", "p.effective_from < r.next_month", "p.effective_from < r.first_day"),
    ("person", "i.disability_group IN (1, 2)", "i.disability_group IN (1)"),
    ("person", "b.effective_from < r.first_day", "false"),
    ("day", "CASE WHEN c.is_workday THEN 0", "CASE WHEN true THEN 0"),
    ("day", "CASE WHEN c.is_workday THEN a.overtime", "CASE WHEN true THEN a.overtime"),
    ("day", "OR q.is_worked", ""),
    ("time lines", "/ 60, 2", "/ 61, 2"),
    ("time lines", "/ p.norm_minutes, 2", "/ 9600, 2"),
    ("piece lines", "per_pieces * COALESCE(coefficient, 1)", "per_pieces"),
    ("piece lines", "(per_pieces * ", "(1 * "),
    ("piece", "coefficient, SUM(quantity)", "coefficient, MAX(quantity)"),
    ("team", "s.minutes * s.coefficient * 100 AS weight", "s.minutes * 100 AS weight"),
    ("team", "ORDER BY remainder DESC", "ORDER BY remainder"),
    ("supplements of time", "('night', t.night,", "('night', t.minutes,"),
    ("supplements of time", "WHEN 'month' THEN p.norm_minutes", "WHEN 'month' THEN 60"),
    ("supplements of pieces", "/ d.minutes", "/ 480"),
    ("supplements of pieces", "UNION ALL", "UNION ALL SELECT 0, NULL, 0 UNION"),
    ("absence lines", "v.idle_share ELSE 1", "1 ELSE 1"),
    ("absence lines", "THEN round(v.sick_cap_mrp", "THEN round(0.01"),
    ("absence lines", "MAX(h.earned) * COUNT(*)", "MAX(h.earned) * 1"),
    ("history", "k.in_average", "true"),
    ("extra lines", "x.month = r.first_day", "x.month <= r.next_month AND false"),
    ("top-up", "greatest(of_month, of_hours)\nFROM", "of_month\nFROM"),
    ("top-up", "v.mzp * w.minutes", "v.mzp * 9600"),
    ("base", "FILTER (WHERE k.in_so)", "FILTER (WHERE k.in_opv)"),
    ("base", "FILTER (WHERE k.is_attachable)", "FILTER (WHERE k.in_opv)"),
    ("contribution", "e.has_pension OR e.is_disabled_1_2 OR b", "e.is_disabled_1_2 OR b"),
    ("contribution", "b.of_opv + COALESCE(o.of_opv, 0), v.opv_cap", "b.of_opv, v.opv_cap"),
    ("contribution", "p.born_on < v.opvr_born_from", "p.born_on > v.opvr_born_from"),
    ("contribution", "OR NOT r.is_minimum_security", ""),
    ("contribution", "WHEN pension = 'age'", "WHEN pension <> 'none'"),
    ("pay", "CASE WHEN x.has_application", "CASE WHEN true"),
    ("pay", "COALESCE(step.up_to, 'Infinity'::numeric)", "'Infinity'::numeric"),
    ("pay", "ELSE v.social_tax_rate END", "ELSE 2 * v.social_tax_rate END"),
    ("pay", "v.basic_deduction - c.deducted", "v.basic_deduction"),
    ("limit", "v.writ_share *", "0.49 * v.writ_share *"),
    ("writ", "l.month = r.first_day", "false"),
    ("demand", "round(x.exact) END", "floor(x.exact) END"),
    ("demand", "WHERE NOT w.is_suspended AND w.left_of_fee > 0", "WHERE false"),
    ("demand", "CASE WHEN w.kind = 'alimony' THEN 0 ELSE w.queue END", "w.queue"),
    ("serve", "- v.living_minimum", "- 0"),
    ("serve", "share - floor(share) DESC", "share - floor(share)"),
    ("writ lines", "WHERE w.is_suspended", "WHERE false"),
]


def not_seen(runs: list[PayrollRun], wrong: list[tuple[str, str, str]]) -> list[tuple[str, ...]]:
    """Which of the changes make no difference in any of these runs."""
    unseen = []
    for change in wrong:
        with pytest.MonkeyPatch.context() as monkeypatch:
            plant(monkeypatch, *change)
            if not any(found_after(run, lambda: None) for run in runs):
                unseen.append(change)
    return unseen


def test_fault_in_each_rule_of_the_second_calculation_is_found(pay: Cast) -> None:
    """Over a few worlds, each with a month behind it, every one of them shows."""
    left = list(WRONG)
    for seed in (5, 6, 7, 8):
        try:
            with transaction.atomic():
                world = a_world(pay, seed, Month(2026, 1 + seed), people=24)
                for run in runs_of(world):
                    close(run, world)
                live_on(world)
                runs = runs_of(world)
                assert not any(run.difference_count for run in runs)
                left = not_seen(runs, left)
                raise Undo
        except Undo:
            if not left:
                break
    assert left == []
