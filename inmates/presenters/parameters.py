"""The page of the law's parameters: each with its dates, source and how sure we are."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from inmates.explanations import format_share
from inmates.models import PayParameter
from inmates.presenters.parameter_words import CONFIDENCES, TITLES, VALUES
from portal.kernel.periods import Period
from portal.kernel.text import DASH, date_short, money, number

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
SURE = {"statute text", "computed", "decision of the portal"}


def parameter_groups(rows: Iterable[PayParameter], on: date) -> list[dict[str, Any]]:
    """One group for each parameter in the order of the words; unknown codes come last."""
    order = {code: place for place, code in enumerate(TITLES)}
    by_code = groupby(rows, key=lambda row: row.code)
    groups = [
        {
            "code": code,
            "title": TITLES.get(code, code),
            "rows": [_shown_row(row, on) for row in found],
        }
        for code, found in by_code
    ]
    return sorted(groups, key=lambda group: order.get(group["code"], len(order)))


def _shown_row(row: PayParameter, on: date) -> dict[str, Any]:
    parts = re.split(r" [+/] ", row.confidence)
    return {
        "value": shown_value(row.code, row.value, row.unit),
        "from": row.effective_from,
        "to": row.effective_to,
        "is_in_force": Period(row.effective_from, row.effective_to).contains(on),
        "source": row.source,
        "confidence": ", ".join(str(CONFIDENCES.get(part, part)) for part in parts),
        "tone": "ok" if set(parts) <= SURE else "warn",
    }


def shown_value(code: str, value: Any, unit: str) -> str:  # noqa: PLR0911 - one return for each kind of value
    """A value as people write it: sums with ₸, shares in percent, words in words."""
    if value is None:
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _list(value)
    if isinstance(value, dict):
        return _object(code, value)
    if unit.startswith("share"):
        return format_share(str(value))
    if unit.startswith("KZT"):
        return money(Decimal(value))
    if isinstance(value, int):
        return number(value)
    if DAY.fullmatch(value):
        return date_short(date.fromisoformat(value))
    return str(VALUES.get(value, value))


def _list(values: list[Any]) -> str:
    return "; ".join(
        _bracket(one) if isinstance(one, dict) else str(VALUES.get(one, one)) for one in values
    )


def _bracket(step: dict[str, Any]) -> str:
    rate = format_share(step["rate"])
    if step["up_to"] is None:
        return rate
    return _("%(rate)s up to %(limit)s a year") % {
        "rate": rate,
        "limit": money(Decimal(step["up_to"])),
    }


def _object(code: str, value: dict[str, Any]) -> str:
    if code == "convict_living_minimum_floor":
        return _("yes, but not against queue 1") if value["applies"] else _("no")
    if code == "ipn_low_wage_relief":
        return _("up to %(limit)s only %(share)s of the income is taxed") % {
            "limit": money(Decimal(value["income_up_to"])),
            "share": format_share(value["taxable_multiplier"]),
        }
    pairs = (f"{VALUES.get(name, name)} {DASH} {_plain(one)}" for name, one in value.items())
    return "; ".join(pairs)


def _plain(value: Any) -> str:
    return number(value) if isinstance(value, int) else str(value)
