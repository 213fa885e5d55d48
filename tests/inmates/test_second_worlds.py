"""Both calculations agree over seeded worlds in which every rule of pay meets every other."""

import pytest

from inmates.models import PayrollDifference, PayslipLine
from inmates.services.second_check import check_payroll_run
from portal.kernel.periods import Month
from tests.inmates.second_worlds import a_world, close, live_on, runs_of
from tests.people import NOW, Cast

MONTHS = (Month(2026, 10), Month(2026, 2), Month(2025, 5), Month(2024, 7))


def differences() -> list[tuple[object, ...]]:
    return list(
        PayrollDifference.objects.order_by("inmate", "kind", "code").values_list(
            "inmate__personnel_number", "kind", "code", "subject", "rate", "first", "second"
        )
    )


@pytest.mark.parametrize("seed", range(8))
def test_both_calculations_agree_in_a_random_world(pay: Cast, seed: int) -> None:
    world = a_world(pay, seed, MONTHS[seed % len(MONTHS)])
    runs = runs_of(world)
    assert [run.difference_count for run in runs] == [0] * len(runs), differences()
    assert sum(run.payslips.count() for run in runs) > len(world.people) / 2
    assert not any(run.problems.exists() for run in runs)


@pytest.mark.parametrize("seed", range(20, 24))
def test_runs_checked_again_after_all_others_still_agree(pay: Cast, seed: int) -> None:
    """Who was calculated first had not seen the others; posting checks it once more."""
    runs = runs_of(a_world(pay, seed, MONTHS[seed % len(MONTHS)]))
    found = [check_payroll_run(run_id=run.pk, at=NOW) for run in runs]
    assert found == [0] * len(runs), differences()


@pytest.mark.parametrize("seed", range(40, 44))
def test_both_calculations_agree_with_a_history_behind_them(pay: Cast, seed: int) -> None:
    """Average pay of the second month reads the first; so do the steps of tax and the debts."""
    month = MONTHS[seed % len(MONTHS)]
    world = a_world(pay, seed, month.previous())
    for run in runs_of(world):
        close(run, world)
    live_on(world)
    runs = runs_of(world)
    assert [run.difference_count for run in runs] == [0] * len(runs), differences()
    codes = set(PayslipLine.objects.values_list("code", flat=True))
    assert {"leave", "idle"} & codes
