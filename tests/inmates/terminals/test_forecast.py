"""When debts end: the forecast against the engine of the payslips, month by month."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from inmates.pay_values import PayCase, Writ
from inmates.payroll import calculate
from inmates.slip_writs import asked_by
from inmates.terminal.forecast import MOST_MONTHS, Standing, months_until_paid
from tests.inmates.pay_builders import OCTOBER_2026, law_of, pay, pay_case

LAW = law_of(OCTOBER_2026)
ZERO = Decimal("0.00")


def debt(key: int, remaining: str, queue: int = 5, fee: str | None = None) -> Standing:
    return Standing(
        key, queue, "claim", remaining=Decimal(remaining), fee=Decimal(fee) if fee else None
    )


def alimony(key: int, share: tuple[int, int]) -> Standing:
    return Standing(key, 1, "alimony", share=share)


def counted(writs: list[Standing], net: str, attachable: str | None = None) -> dict[int, int]:
    return months_until_paid(
        writs, net=Decimal(net), attachable=Decimal(attachable or net), parameters=LAW
    )


def test_a_debt_of_the_first_queue_takes_half_each_month():
    # Half of 100 000 a month: 120 000 need three months, 100 000 two, one tenge more a third.
    assert counted([debt(1, "120000.00", queue=1)], "100000.00") == {1: 3}
    assert counted([debt(1, "100000.00", queue=1)], "100000.00") == {1: 2}
    assert counted([debt(1, "100000.01", queue=1)], "100000.00") == {1: 3}


def test_later_queues_leave_the_living_minimum():
    room = Decimal("80000.00") - LAW.living_minimum
    debts = [debt(1, str(room * 2))]
    assert counted(debts, "80000.00") == {1: 2}


def test_alimony_goes_first_and_has_no_end_of_its_own():
    alone = counted([debt(1, "100000.00", queue=2)], "120000.00")
    beside = counted([alimony(2, (1, 3)), debt(1, "100000.00", queue=2)], "120000.00")
    assert alone == {1: 2}
    assert beside == {1: 5}


def test_what_a_paid_debt_no_longer_takes_goes_to_the_next():
    debts = [debt(1, "60000.00", queue=2), debt(2, "60000.00", queue=5)]
    assert counted(debts, "120000.00") == {1: 1, 2: 2}


def test_the_fee_is_served_beside_the_debt():
    without = counted([debt(1, "170000.00")], "120000.00")
    beside = counted([debt(1, "170000.00", fee="40000.00")], "120000.00")
    assert without[1] < beside[1]


def test_a_suspended_writ_has_no_month_and_takes_nothing_from_the_others():
    suspended = replace(debt(1, "50000.00", queue=1), suspended=True)
    assert counted([suspended], "100000.00") == {}
    both = counted([suspended, debt(2, "50000.00", queue=1)], "100000.00")
    assert both == {2: 1}


@pytest.mark.parametrize("net", ["0.00", "30000.00"])
def test_where_nothing_is_left_to_take_there_is_no_month(net: str):
    """The living minimum takes all of it."""
    assert counted([debt(1, "50000.00")], net) == {}


def test_what_is_not_attachable_pays_no_debt():
    assert counted([debt(1, "50000.00", queue=1)], "100000.00", "0.01") == {}
    assert counted([debt(1, "50000.00", queue=1)], "100000.00", "50000.00") == {1: 2}


def test_no_date_beyond_fifty_years():
    endless = Decimal(MOST_MONTHS) * 50000 + 1
    assert counted([debt(1, f"{endless:.2f}", queue=1)], "100000.00") == {}
    assert counted([debt(1, f"{endless - 1:.2f}", queue=1)], "100000.00") == {1: MOST_MONTHS}


def test_nothing_owed_nothing_counted():
    assert counted([], "100000.00") == {}
    assert counted([alimony(1, (1, 4))], "100000.00") == {}
    assert counted([Standing(1, 5, "claim")], "100000.00") == {}


def drawn(rng: Random) -> list[Standing]:
    """One to four writs of any queue, as registers have them."""
    writs = []
    for key in range(1, rng.randint(2, 5)):
        if rng.random() < 0.3:
            writs.append(alimony(key, rng.choice([(1, 4), (1, 3), (1, 2)])))
        else:
            fee = f"{rng.randint(1, 30) * 500}.{rng.randint(0, 99):02d}"
            writs.append(
                debt(
                    key,
                    f"{rng.randint(1, 400000)}.{rng.randint(0, 99):02d}",
                    queue=rng.choice([1, 2, 4, 5]),
                    fee=fee if rng.random() < 0.4 else None,
                )
            )
    return writs


def lived(writs: list[Standing], case: PayCase) -> dict[int, int]:
    """The same months with whole payslips: contributions, tax, writs, one after another."""
    left = {one.id: [one.remaining or ZERO, one.fee or ZERO] for one in writs}
    ends: dict[int, int] = {}
    for month in range(1, MOST_MONTHS + 1):
        standing = [
            replace(one, remaining=left[one.id][0] or None, fee=left[one.id][1] or None)
            for one in writs
        ]
        asked: tuple[Writ, ...] = asked_by(standing, LAW.bailiff_fee_queue)
        result = calculate(replace(case, writs=asked), LAW)
        ending = {one.id for one in asked if one.remaining is not None}
        took = {one.id: one.withheld for one in result.writs if one.id in ending}
        if not any(took.values()):
            break
        for one in writs:
            had = left[one.id][0]
            left[one.id][0] -= took.get(str(one.id), ZERO)
            left[one.id][1] -= took.get(f"{one.id}:fee", ZERO)
            if had and not left[one.id][0]:
                ends[one.id] = month
    return ends


@pytest.mark.parametrize("seed", range(40))
def test_the_forecast_is_what_the_payslips_would_do(seed: int):
    rng = Random(f"forecast {seed}")  # noqa: S311 - invented debts
    gross = f"{rng.randint(60000, 300000)}.00"
    writs, paid = drawn(rng), pay(gross)
    assert counted(writs, str(paid.net), str(paid.attachable)) == lived(writs, pay_case(gross))
