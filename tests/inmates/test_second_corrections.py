"""Both calculations agree over worlds whose closed months are changed, again and again."""

import pytest

from inmates.enums import RunStatus
from inmates.models import BackdatedChange, PayrollDifference, PayrollRun, Payslip
from portal.kernel.periods import Month
from tests.inmates.changed_worlds import approve, change, places_of
from tests.inmates.second_worlds import World, a_run, a_world, live_on, runs_of
from tests.people import Cast

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


@pytest.mark.parametrize("seed", range(12))
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
