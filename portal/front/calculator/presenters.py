"""A calculated month in the reader's language: each sum with its sentence and its sources."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from inmates.explanations import explain_line
from inmates.pay_values import (
    CONVICT_MINIMUM_SECURITY,
    FREE,
    PayCase,
    PayResult,
    WritResult,
    explanations_by_line,
)
from inmates.presenters.parameters import parameter_groups
from inmates.presenters.payslip import payment_title
from portal.front.calculator.law import LawOfMonth
from portal.kernel.text import money, number, sum_text

WITHHELD = ("opv", "vosms", "ipn")
EMPLOYER = ("so", "oosms", "opvr", "social_tax")
FLOOR_CODES = ("mzp", "average_monthly_hours")
# The rule that a sum opens whatever it comes to: also where it is not due, or nothing limited it.
RULES = {
    "opv": ("opv_rate",),
    "vosms": ("vosms_rate",),
    "ipn": ("ipn_brackets",),
    "so": ("so_rate",),
    "oosms": ("oosms_rate",),
    "opvr": ("opvr_rate",),
    "social_tax": ("social_tax_rate",),
    "alimony": ("alimony_shares", "writ_queue_1", "writ_cap_share_of_net"),
    "debt": ("writ_queue_5", "writ_cap_share_of_net"),
}
# Beside it, of whoever serves a sentence.
RULES_OF_CONVICTS = {
    "opv": "convict_opv",
    "vosms": "convict_vosms_non_minimum_security",
    "ipn": "convict_ipn",
    "so": "convict_so",
    "oosms": "convict_oosms",
    "opvr": "convict_opvr",
    "to_account": "convict_remainder_to",
}


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

    earned: ShownSum
    unused: str
    withheld: list[ShownSum]
    left: ShownSum
    employer: list[ShownSum]
    on_top: str
    cost: str
    floor: ShownSum | None


class Calculated:
    """What the engine gave, put beside the rows of the law it was given by."""

    def __init__(self, case: PayCase, result: PayResult, law: LawOfMonth) -> None:
        self._case, self._result, self._parameters = case, result, law.parameters
        self._why = explanations_by_line(result)
        self._sources = {one["code"]: one for one in parameter_groups(law.rows, law.on)}

    def shown(self, floor: Decimal | None, by_hours: tuple[Decimal, Decimal] | None) -> ShownPay:
        """`floor`: the lowest pay of an hour, where the hour of the case is paid less; `by_hours`:
        the hours and their rate, where the wage was told by them."""
        result = self._result
        on_top = sum((getattr(result, code) for code in EMPLOYER), Decimal(0))
        return ShownPay(
            earned=ShownSum(_("Earned"), sum_text(result.gross), _earned_why(by_hours), []),
            unused=self._unused(),
            withheld=[*map(self._payment, WITHHELD), *map(self._writ, result.writs)],
            left=self._left(),
            employer=[self._payment(code) for code in EMPLOYER],
            on_top=sum_text(on_top),
            cost=sum_text(result.gross + on_top),
            floor=self._floor(floor) if floor is not None else None,
        )

    def _unused(self) -> str:
        """What the month has left of its deduction: told, never counted."""
        given = self._parameters.ipn_basic_deduction if self._case.basic_deduction else Decimal(0)
        left = given - self._result.deduction_used
        if left <= 0 or not self._result.gross:
            return ""
        return _(
            "%(left)s of the month's deduction is left unused. Whether it may lower the tax of "
            "later months of the year is disputed: it is not counted here."
        ) % {"left": money(left)}

    def _payment(self, code: str) -> ShownSum:
        amount = getattr(self._result, code)
        return self._sum(payment_title(code), amount, self._why[code, None], self._rules(code))

    def _writ(self, writ: WritResult) -> ShownSum:
        title = _("Alimony") if writ.id == "alimony" else _("Another writ of execution")
        why = self._why["writ", writ.id]
        return self._sum(title, writ.withheld, why, self._rules(str(writ.id)))

    def _left(self) -> ShownSum:
        is_free = self._case.worker.category == FREE
        why = self._why["to_account", None]
        title = _("Paid to the worker") if is_free else _("Credited to the cash control account")
        return self._sum(title, self._result.to_account, why, self._rules("to_account"))

    def _rules(self, line: str) -> list[str]:
        category = self._case.worker.category
        codes = [*RULES.get(line, ())]
        if category != FREE and line in RULES_OF_CONVICTS:
            codes.append(RULES_OF_CONVICTS[line])
        if category == CONVICT_MINIMUM_SECURITY and line == "vosms":
            codes[-1] = "convict_vosms_minimum_security"
        return codes

    def _sum(
        self, title: str, amount: Decimal, why: list[Any], rules: Iterable[str] = ()
    ) -> ShownSum:
        codes = dict.fromkeys([*(code for one in why for code in one.parameters), *rules])
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


def _earned_why(by_hours: tuple[Decimal, Decimal] | None) -> str:
    if by_hours is None:
        return ""
    hours, rate = by_hours
    return _("%(hours)s h × %(rate)s an hour") % {"hours": number(hours), "rate": money(rate)}
