"""Definitions of indicators, versioned: no number leaves the portal without one.

Pages and workbooks print them beside the numbers; a changed formula is a new version with its
date, and the old one stays, because figures were published by it.
"""

from datetime import date

from portal.reports.indicators.definitions import INDICATORS, Indicator

__all__ = ["INDICATORS", "Indicator", "IndicatorMissing", "indicator", "indicators_on"]


class IndicatorMissing(LookupError):
    """No version of the indicator is in force on the day: a mistake of the program."""


def indicator(code: str, on: date) -> Indicator:
    """The version of an indicator in force on a day."""
    versions = [one for one in INDICATORS if one.code == code and one.effective_from <= on]
    if not versions:
        raise IndicatorMissing(f"{code} on {on}")
    return max(versions, key=lambda one: one.effective_from)


def indicators_on(on: date) -> list[Indicator]:
    """Every indicator in the order of the table, each in the version in force on a day."""
    codes = dict.fromkeys(one.code for one in INDICATORS)
    return [indicator(code, on) for code in codes]
