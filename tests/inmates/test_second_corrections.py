"""Both calculations agree over worlds whose closed months are changed, again and again."""

import pytest

from inmates.enums import RunStatus
from inmates.models import BackdatedChange, PayrollDifference, PayrollRun, Payslip
from inmates.services.second_check import check_payroll_run
from portal.kernel.periods import Month
from tests.inmates.changed_worlds import approve, change, off_cycle, places_of
from tests.inmates.second_worlds import World, a_run, a_world, live_on, runs_of
from tests.people import NOW, Cast

MONTHS = (Month(2026, 7), Month(2025, 4))


def differences() -> list[tuple[object, ...]]:
    return list(
        PayrollDifference.objects.order_by("run", "inmate", "kind", "code").values_list(
            "run__kind", "run__month", "inmate__personnel_number", "kind", "code", "subject",
            "first", "second",
        )
    )  # fmt: skip


def require_agreement() -> None:
    """Every run is calculated and the second calculation found nothing."""
    bad = PayrollRun.objects.exclude(difference_count=0)
    assert not bad.exists(), (list(bad.values_list("kind", "month", "status")), differences())


def closed_month(world: World) -> None:
    for run in runs_of(world):
        approve(run, world)


def next_month(world: World) -> list[PayrollRun]:
    """The next month of every payer and place, its corrections before it, all approved."""
    live_on(world)
    runs = []
    for payer_id, place_id in places_of(world):
        run = a_run(world, payer_id, place_id)
        require_agreement()
        if run.status == RunStatus.CALCULATED:
            approve(run, world)
        runs.append(run)
    return runs


@pytest.mark.parametrize("seed", range(5))
def test_both_calculations_agree_on_differences_of_a_changed_month(pay: Cast, seed: int) -> None:
    world = a_world(pay, seed, MONTHS[seed % 2], people=6)
    month = world.month
    closed_month(world)
    change(world, month)
    assert BackdatedChange.objects.exists()
    next_month(world)
    change(world, month)
    change(world, month.next())
    next_month(world)
    assert PayrollRun.objects.filter(kind="correction").exists()
    assert Payslip.objects.filter(is_difference=True).exists()


@pytest.mark.parametrize("seed", [21, 22])
def test_both_calculations_agree_on_runs_outside_the_order_of_months(pay: Cast, seed: int) -> None:
    """An error mended at once, final pay before the run of the month, and what comes after them."""
    world = a_world(pay, seed, MONTHS[seed % 2], people=5)
    month = world.month
    closed_month(world)
    change(world, month)
    for payer_id, place_id in places_of(world):
        marks = BackdatedChange.objects.filter(payer=payer_id, institution=place_id)
        people = sorted(set(marks.values_list("inmate_id", flat=True)))
        if people:
            mended = off_cycle(world, payer_id, place_id, month, people, "error")
            approve(mended, world)
    require_agreement()
    live_on(world)
    for payer_id, place_id in places_of(world):
        here = [
            one.inmate_id
            for one in world.placements
            if (one.payer_id, one.post.workshop.institution_id) == (payer_id, place_id)
        ]
        final = off_cycle(world, payer_id, place_id, world.month, sorted(set(here))[:2], "release")
        require_agreement()
        approve(final, world)
        change(world, world.month, count=1)
        run = a_run(world, payer_id, place_id)
        require_agreement()
        approve(run, world)
    # What was paid before the run of the month stands there as what is more or less, or not at all.
    twice = Payslip.objects.filter(run__kind="regular", run__month=world.month.first_day)
    early = Payslip.objects.filter(run__kind="release").values("inmate", "run__institution")
    assert early.exists()
    for slip in twice.select_related("run"):
        was = Payslip.objects.filter(
            inmate=slip.inmate_id, run__kind="release", run__payer=slip.run.payer_id,
            run__institution=slip.run.institution_id,
        )  # fmt: skip
        assert slip.is_difference == was.exists()


@pytest.mark.parametrize("seed", [31])
def test_runs_checked_again_in_any_order_still_agree(pay: Cast, seed: int) -> None:
    """Before they are approved each run of a family is checked once more, after all others."""
    world = a_world(pay, seed, MONTHS[0], people=5)
    closed_month(world)
    change(world, world.month)
    live_on(world)
    runs = [a_run(world, payer_id, place_id) for payer_id, place_id in places_of(world)]
    family = [one for run in runs for one in (*run.corrections.order_by("month"), run)]
    assert len(family) > len(runs)
    found = [check_payroll_run(run_id=one.pk, at=NOW) for one in reversed(family)]
    assert found == [0] * len(family), differences()
