"""The public figures of questions as a table: topics by finished quarter, small numbers hidden."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from inmates.questions.enums import WageTopic
from inmates.questions.figures import Quarter, finished_quarters, middle, told, told_cells
from inmates.questions.selectors import Asked, asked_since, parameter_in_force
from portal.kernel import text
from portal.kernel.money import round_tenge

QUARTERS = 4
ROMAN = ("I", "II", "III", "IV")


def figures_context(on: date) -> dict[str, Any]:
    """The quarters that are over on the day, the newest first; nothing of the present one."""
    quarters = finished_quarters(on, QUARTERS)
    asked = asked_since(quarters)
    columns = [_column(quarter, asked) for quarter in quarters]
    return {
        "quarters": [_name(quarter) for quarter in quarters],
        "topics": [
            {"label": label, "cells": [column["topics"][code] for column in columns]}
            for code, label in WageTopic.choices
        ],
        "totals": [column["total"] for column in columns],
        "days": [column["days"] for column in columns],
        "in_time": [column["in_time"] for column in columns],
        "hidden": _shown(None),
        "term": parameter_in_force(on),
    }


def _column(quarter: Quarter, asked: Iterable[Asked]) -> dict[str, Any]:
    rows = list(asked)
    counts = Counter(one.topic for one in rows if Quarter.of(one.asked_on) == quarter)
    cells = told_cells({code: counts[code] for code in WageTopic.values})
    answered = [one for one in rows if one.answered_on and Quarter.of(one.answered_on) == quarter]
    return {
        "topics": {code: _shown(count) for code, count in cells.items()},
        "total": _shown(told(counts.total())),
        "days": _days(middle(one.days for one in answered)),
        "in_time": _share(answered),
    }


def _share(answered: list[Asked]) -> str:
    """What part was answered by its last day; hidden where it would tell of few."""
    in_time = sum(one.answered_on is not None and one.answered_on <= one.due_on for one in answered)
    if told(len(answered)) is None:
        return text.DASH
    return text.share(Fraction(in_time, len(answered)))


def _days(days: Fraction | None) -> str:
    if days is None:
        return text.DASH
    return text.number(Decimal(int(round_tenge(days * 10))) / 10)


def _shown(count: int | None) -> str:
    return text.DASH if count is None else text.number(count)


def _name(quarter: Quarter) -> str:
    return _("%(quarter)s quarter %(year)s") % {
        "quarter": ROMAN[quarter.number - 1],
        "year": quarter.year,
    }
