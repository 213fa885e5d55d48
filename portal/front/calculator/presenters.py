"""A calculated month in the reader's language: each sum with its sentence and its sources."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from inmates.explanations import explain_line
from inmates.models import PayParameter
from inmates.pay_values import FREE, PayCase, PayResult, WritResult, explanations_by_line
from inmates.presenters.parameters import parameter_groups
from inmates.presenters.payslip import payment_title
from portal.kernel.text import money, sum_text

WITHHELD = ("opv", "vosms", "ipn")
EMPLOYER = ("so", "oosms", "opvr", "social_tax")
FLOOR_CODES = ("mzp", "average_monthly_hours")


@dataclass(frozen=True, slots=True)
class ShownSum:
    """One sum: what it is, why it is so much, and the figures of the law behind it."""

    title: str
    amount: str
    why: str
    sources: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ShownPay:
    """The month from what was earned to what is paid out, and what the employer pays on top."""

    gross: str
    withheld: list[ShownSum]
    left: ShownSum
    employer: list[ShownSum]
    on_top: str
    cost: str
    floor: ShownSum | None


class Calculated:
    """What the engine gave, put beside the rows of the law it was given by."""

    def __init__(
        self, case: PayCase, result: PayResult, rows: Iterable[PayParameter], on: date
    ) -> None:
        self._case, self._result = case, result
        self._why = explanations_by_line(result)
        self._sources = {one["code"]: one for one in parameter_groups(rows, on)}

    def shown(self, floor: Decimal | None) -> ShownPay:
        """`floor`: the lowest pay of an hour, where the hour of the case is paid less."""
        result = self._result
        on_top = sum((getattr(result, code) for code in EMPLOYER), Decimal(0))
        return ShownPay(
            gross=sum_text(result.gross),
            withheld=[*map(self._payment, WITHHELD), *map(self._writ, result.writs)],
            left=self._left(),
            employer=[self._payment(code) for code in EMPLOYER],
            on_top=sum_text(on_top),
            cost=sum_text(result.gross + on_top),
            floor=self._floor(floor) if floor is not None else None,
        )

    def _payment(self, code: str) -> ShownSum:
        amount = getattr(self._result, code)
        return self._sum(payment_title(code), amount, self._why[code, None])

    def _writ(self, writ: WritResult) -> ShownSum:
        title = _("Alimony") if writ.id == "alimony" else _("Another writ of execution")
        return self._sum(title, writ.withheld, self._why["writ", writ.id])

    def _left(self) -> ShownSum:
        is_free = self._case.worker.category == FREE
        why = self._why["to_account", None]
        title = _("Paid to the worker") if is_free else _("Credited to the cash control account")
        return self._sum(title, self._result.to_account, why)

    def _sum(self, title: str, amount: Decimal, why: list[Any]) -> ShownSum:
        codes = dict.fromkeys(code for one in why for code in one.parameters)
        return ShownSum(title, sum_text(amount), explain_line(why), self._behind(codes))

    def _behind(self, codes: Iterable[str]) -> list[dict[str, Any]]:
        groups = [self._sources[code] for code in codes if code in self._sources]
        return [{"title": group["title"], **row} for group in groups for row in group["rows"]]

    def _floor(self, floor: Decimal) -> ShownSum:
        why = _(
            "The hour is paid less than the law allows: the minimum wage ÷ the average hours of a "
            "month. A payer owes the difference on top."
        )
        return ShownSum(_("Lowest pay of an hour"), money(floor), why, self._behind(FLOOR_CODES))
