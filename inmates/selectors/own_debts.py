"""The person's own writs: what is left of each, and when that ends if the pay stays as it was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef

from inmates.models import PayParameter, WritOfExecution, WritSuspension
from inmates.parameters import parameters_in_force, read_share
from inmates.pay_values import ZERO
from inmates.selectors.own_record import OwnMonth
from inmates.selectors.payroll_inputs import parameter_rows_on
from inmates.selectors.writs import Balance, arrears_by_number, balances, months_of_writs
from inmates.terminal.forecast import Standing, months_until_paid
from portal.kernel.periods import Month, period_q


@dataclass(frozen=True, slots=True)
class OwnDebt:
    """A writ with what is left by the papers the portal has, and when it ends by the last pay."""

    writ: WritOfExecution
    balance: Balance
    arrears: Decimal
    is_suspended: bool
    ends: Month | None


@dataclass(frozen=True, slots=True)
class OwnDebts:
    """The writs in force, and on which month's pay the forecast stands; None: no pay yet."""

    debts: list[OwnDebt]
    by_pay_of: Month | None


def writs_share(on: date) -> Decimal | None:
    """What part of the wage all writs together may take on the day; None where it is not known."""
    rows = PayParameter.objects.filter(period_q(on), code="writ_cap_share_of_net")
    value = rows.values_list("value", flat=True).first()
    return read_share(value) if value is not None else None


def own_debts(inmate_id: int, months: list[OwnMonth], on: date) -> OwnDebts:
    """Writs in force on the day by queue, with balance and forecast; six queries."""
    suspended = WritSuspension.objects.filter(period_q(on), writ=OuterRef("pk"))
    writs = list(
        WritOfExecution.objects.filter(period_q(on), inmate=inmate_id)
        .annotate(is_suspended=Exists(suspended))
        .order_by("queue", "id")
    )
    if not writs:
        return OwnDebts([], None)
    terms = list(WritOfExecution.objects.filter(inmate=inmate_id).order_by("id"))
    found = balances(terms, months_of_writs([one.pk for one in terms]))
    arrears = arrears_by_number(terms, found)
    last = months[0] if months else None
    ends = _ends(writs, found, last) if last is not None else {}
    debts = [
        OwnDebt(
            writ, found[writ.pk], arrears.get(writ.number, ZERO),
            writ.is_suspended, ends.get(writ.pk),
        )
        for writ in writs
    ]  # fmt: skip
    return OwnDebts(debts, last.month if last is not None else None)


def _ends(
    writs: Iterable[WritOfExecution], found: dict[int, Balance], last: OwnMonth
) -> dict[int, Month]:
    """The months in which debts end, counted from the month after the last pay, by its law."""
    day = last.month.last_day
    parameters = parameters_in_force(parameter_rows_on(day), day)
    standing = [_standing(writ, found[writ.pk]) for writ in writs]
    counted = months_until_paid(
        standing,
        net=last.total("net"),
        attachable=last.total("attachable"),
        parameters=parameters,
    )
    return {writ_id: last.month.plus(number) for writ_id, number in counted.items()}


def _standing(writ: WritOfExecution, balance: Balance) -> Standing:
    is_share = writ.share_numerator is not None and writ.share_denominator is not None
    return Standing(
        id=writ.pk,
        queue=writ.queue,
        kind=writ.kind,
        share=(writ.share_numerator or 0, writ.share_denominator or 1) if is_share else None,
        amount=writ.amount,
        remaining=balance.debt_left or None,
        fee=balance.fee_left or None,
        suspended=True if getattr(writ, "is_suspended", False) else None,
    )
