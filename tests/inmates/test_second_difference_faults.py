"""Faults planted in differences, settlements and reversals, on either side, are found."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import F

from inmates.models import (
    BackdatedChange,
    PayParameter,
    PayrollDifference,
    PayrollRun,
    Payslip,
    PayslipLine,
    RunPerson,
)
from inmates.second.calculation import STATEMENTS
from inmates.services.reversing import reverse_payroll_run
from inmates.services.second_check import check_payroll_run
from portal.kernel import clock
from portal.kernel.periods import Month
from tests.inmates.changed_worlds import approve, change, places_of
from tests.inmates.corrected import OCTOBER, Corrected, changed, october, paid_september, pay_today
from tests.inmates.months import calculated
from tests.inmates.second_worlds import a_run, a_world, live_on, runs_of
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
def story(pay: Cast) -> Corrected:
    made = paid_september(pay)
    changed(made)
    return made


@pytest.fixture
def family(story: Corrected) -> tuple[PayrollRun, PayrollRun]:
    """The differences of September, and October with which they are settled; not approved."""
    run = calculated(story.cast, OCTOBER)
    correction = run.corrections.get()
    assert (run.difference_count, correction.difference_count) == (0, 0)
    assert check_payroll_run(run_id=correction.pk, at=NOW) == 0
    return correction, run


def test_check_finds_a_tiyn_in_any_line_of_a_difference(
    family: tuple[PayrollRun, PayrollRun],
) -> None:
    correction, _run = family
    lines = PayslipLine.objects.filter(payslip__run=correction)
    assert lines.exists()
    for line in lines:
        this = PayslipLine.objects.filter(pk=line.pk)
        found = found_after(correction, lambda this=this: this.update(amount=F("amount") + TIYN))
        assert [(one.code, one.first, one.second) for one in found] == [
            (line.code, line.amount + TIYN, line.amount)
        ]


@pytest.mark.parametrize("of_run", [0, 1])
@pytest.mark.parametrize(
    ("column", "code"),
    [
        ("days_worked", "days_worked"),
        ("minutes_worked", "minutes_worked"),
        ("taxable", "taxable"),
        ("deduction_used", "deduction_used"),
        ("so", "so"),
        ("opvr", "opvr"),
    ],
)
def test_check_finds_a_sum_that_was_changed(
    family: tuple[PayrollRun, PayrollRun], of_run: int, column: str, code: str
) -> None:
    slip = Payslip.objects.filter(run=family[of_run])
    found = found_after(family[of_run], lambda: slip.update(**{column: F(column) + 1}))
    assert {(one.kind, one.code) for one in found} == {("total", code)}
    assert len(found) == slip.count()


def test_check_finds_a_difference_that_is_missing(
    family: tuple[PayrollRun, PayrollRun], story: Corrected
) -> None:
    correction, _run = family
    slips = Payslip.objects.filter(run=correction, inmate=story.under)

    def lose() -> None:
        PayslipLine.objects.filter(payslip__in=slips).delete()
        slips.delete()

    found = found_after(correction, lose)
    assert {one.inmate_id for one in found} == {story.under.pk}
    assert all(one.first is None for one in found)
    assert {"time", "gross", "net", "minutes_worked"} <= {one.code for one in found}
    assert "vosms" not in {one.code for one in found}  # what did not change is nowhere missing


def test_check_finds_a_marked_person_who_was_forgotten(
    family: tuple[PayrollRun, PayrollRun], story: Corrected
) -> None:
    """Neither named for the run nor calculated, yet their past was changed."""
    correction, _run = family
    slips = Payslip.objects.filter(run=correction, inmate=story.over)

    def forget() -> None:
        RunPerson.objects.filter(run=correction, inmate=story.over).delete()
        PayslipLine.objects.filter(payslip__in=slips).delete()
        slips.delete()

    assert {one.inmate_id for one in found_after(correction, forget)} == {story.over.pk}


def test_check_finds_a_difference_of_somebody_whose_past_is_as_it_was(
    family: tuple[PayrollRun, PayrollRun], story: Corrected
) -> None:
    correction, _run = family
    twin = Payslip.objects.get(run=correction, inmate=story.under)

    def invent() -> None:
        twin.pk, twin.inmate = None, story.other
        twin.save()

    found = found_after(correction, invent)
    assert {one.inmate_id for one in found} == {story.other.pk}
    assert {one.code for one in found} >= {"gross", "net", "to_account"}


def test_check_finds_a_payslip_that_hides_that_it_is_a_difference(
    family: tuple[PayrollRun, PayrollRun], story: Corrected
) -> None:
    correction, _run = family
    slip = Payslip.objects.filter(run=correction, inmate=story.under)
    found = found_after(correction, lambda: slip.update(is_difference=False, corrects=None))
    assert [(one.code, one.first, one.second) for one in found] == [("is_difference", 0, 1)]


def test_check_finds_a_change_after_the_calculation(
    family: tuple[PayrollRun, PayrollRun], story: Corrected
) -> None:
    def shorten() -> None:
        BackdatedChange.objects.all().delete()  # not even a mark tells of it
        story.under.placements.get().attendance.filter(
            worked_on__month=9, minutes=600
        ).update(minutes=540)  # fmt: skip

    found = found_after(family[0], shorten)
    assert {one.inmate_id for one in found} == {story.under.pk}


def test_settlements_of_the_differences_are_checked_with_their_run(
    family: tuple[PayrollRun, PayrollRun], story: Corrected
) -> None:
    correction, run = family
    less = Payslip.objects.filter(run=correction, inmate=story.over)
    plant = lambda: less.update(settlement=F("settlement") - 100)  # noqa: E731 - said twice
    assert found_after(correction, plant) == []
    codes = {(one.code, one.subject) for one in found_after(run, plant)}
    assert codes == {("settlement", f"run:{correction.pk}")}


def test_check_finds_more_or_less_withheld_for_a_debt(
    family: tuple[PayrollRun, PayrollRun], story: Corrected
) -> None:
    _correction, run = family
    own = Payslip.objects.filter(run=run, inmate=story.over)
    assert own.get().settlement < 0
    for by in (TIYN, -TIYN):
        found = found_after(run, lambda by=by: own.update(settlement=F("settlement") + by))
        assert [(one.kind, one.code) for one in found] == [("total", "settlement")]
    line = PayslipLine.objects.filter(payslip__in=own, kind="settlement")
    assert line.get().amount == -own.get().settlement
    found = found_after(run, lambda: line.update(amount=F("amount") + TIYN))
    assert [(one.kind, one.code) for one in found] == [("settlement", "overpayment_recovered")]
    found = found_after(run, line.delete)
    assert [(one.kind, one.first) for one in found] == [("settlement", None)]


def test_without_the_limit_whoever_owes_is_not_checked_but_named(
    family: tuple[PayrollRun, PayrollRun], story: Corrected
) -> None:
    limit = PayParameter.objects.filter(code="overpayment_recovery_share")
    found = found_after(family[1], lambda: limit.update(effective_to=date(2024, 2, 1)))
    assert ("person", "parameter_missing") in {(one.kind, one.code) for one in found}
    assert {one.inmate_id for one in found} == {story.over.pk}


def test_check_finds_a_mirror_that_is_not_one(story: Corrected) -> None:
    run = pay_today(story, october(story))
    mirror = reverse_payroll_run(
        actor=story.cast.accountant, run_id=run.pk, reason="не тот месяц", at=clock.now()
    )
    assert mirror.difference_count == 0
    slip = Payslip.objects.filter(run=mirror, inmate=story.other)
    found = found_after(mirror, lambda: slip.update(opvr=F("opvr") - 1))
    assert [(one.kind, one.code) for one in found] == [("total", "opvr")]
    found = found_after(mirror, lambda: slip.update(settlement=F("settlement") - 1))
    assert [(one.kind, one.code) for one in found] == [("total", "settlement")]
    line = PayslipLine.objects.filter(payslip__in=slip, code="opv")
    found = found_after(mirror, lambda: line.update(amount=0))
    assert [(one.kind, one.code) for one in found] == [("withheld", "opv")]

    def nobody() -> None:
        PayslipLine.objects.filter(payslip__in=slip).delete()
        slip.delete()

    assert {one.inmate_id for one in found_after(mirror, nobody)} == {story.other.pk}
    together = mirror.corrections.get()
    less = Payslip.objects.filter(run=together, inmate=story.over)
    found = found_after(mirror, lambda: less.update(settlement=F("settlement") + 7))
    assert (f"run:{together.pk}", "settlement") in {(one.subject, one.code) for one in found}


# A change of one word of each statement about other runs of the month, differences and debts.
WRONG = [
    ("earlier", "AND n.status IN ('posting'", "AND n.status IN ('draft'"),
    ("earlier", "n.month = r.first_day", "n.month = r.next_month"),
    ("before", "n.month < r.first_day", "false"),
    ("before", "f.is_of_family OR f.is_approved AS stands", "f.is_approved AS stands"),
    ("beside", "f.inmate_id IS NULL OR (f.placed_at", "true OR (f.placed_at"),
    ("beside", "f.inmate_id IS NULL OR (f.placed_at", "(f.placed_at"),
    ("began", "AS is_before", "AND false AS is_before"),
    ("tax history", "UNION ALL", "UNION ALL SELECT 0, 0 WHERE false UNION"),
    ("other", "SUM(o.deduction_used)", "0 * SUM(o.deduction_used)"),
    ("history", "n.stands", "n.month <> r.first_day - interval '1 month'"),
    ("pay", "u.income - u.deduction_used", "u.income"),
    ("ours", "COALESCE(n.taxable, 0) - COALESCE(w.taxable, 0)", "COALESCE(n.taxable, 0)"),
    ("ours", "SUM(s.days_worked)", "MAX(s.days_worked)"),
    ("ours", "SUM(s.attachable)", "MIN(s.attachable)"),
    ("ours", "FULL JOIN was", "LEFT JOIN was"),
    ("owed", "AND s.settlement <> 0", "AND s.settlement < 0"),
    ("owed", "<> r.head_id", "= r.head_id"),
    ("family", "+ SUM(s.carried)", "+ 0 * SUM(s.carried)"),
    ("family", "ORDER BY s.place", "ORDER BY s.place DESC"),
    ("paid", "v.recovery_share * o.attachable", "o.attachable"),
    ("paid", "- o.withheld)", "- 0)"),
    ("paid", "least(x.owed - t.same, o.to_account", "least(o.to_account"),
    ("settlement lines", "p.settlement < 0", "false"),
    ("both", "rate, -amount, mirrored", "rate, amount, mirrored"),
    ("both", "HAVING SUM(amount) <> 0", "HAVING SUM(amount) > 0"),
]


def test_a_fault_in_each_statement_about_other_runs_is_found(pay: Cast) -> None:
    left = list(WRONG)
    for seed in (3, 4, 7, 11, 12):
        try:
            with transaction.atomic():
                left = unseen(pay, seed, left)
                raise Undo
        except Undo:
            if not left:
                break
    assert left == []


def unseen(cast: Cast, seed: int, wrong: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Which faults nobody sees over a world of three months, two of them changed."""
    world = a_world(cast, seed, Month(2026, 7), people=8)
    for run in runs_of(world):
        approve(run, world)
    for _month in range(2):
        change(world, Month(2026, 7), count=4)
        live_on(world)
        last = [a_run(world, payer_id, place_id) for payer_id, place_id in places_of(world)]
        if _month == 0:
            for run in last:
                approve(run, world)
    runs = [one for run in last for one in (*run.corrections.all(), run)]
    assert not any(run.difference_count for run in runs)
    return [one for one in wrong if not any(_sees(run, one) for run in runs)]


def _sees(run: PayrollRun, wrong: tuple[str, str, str]) -> bool:
    name, right, other = wrong
    assert right in STATEMENTS[name], wrong
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setitem(STATEMENTS, name, STATEMENTS[name].replace(right, other, 1))
        return bool(found_after(run, lambda: None))
