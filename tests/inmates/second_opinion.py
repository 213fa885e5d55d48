"""A second, straightforward computation of the tax part, written apart from the engine.

It knows the law as literal numbers from the table of rates (not from the shipped parameters),
counts in whole tiyn with fractions, and follows the order of the law from top to bottom.
"""

from fractions import Fraction
from math import floor

LAW = {
    2024: {"mrp": 3692, "so": "3.5", "opvr": "1.5", "social": "9.5", "health": (10, 10)},
    2025: {"mrp": 3932, "so": "5", "opvr": "2.5", "social": "11", "health": (10, 10)},
    2026: {"mrp": 4325, "so": "5", "opvr": "3.5", "social": "6", "health": (20, 40)},
}
MINIMUM_WAGE = 85000


def half_up(value):
    return floor(value + Fraction(1, 2))


def percent(rate, base):
    return half_up(Fraction(rate) / 100 * base)


def second_opinion(case):
    """opv, vosms, ipn, so, oosms, opvr, social_tax of a PayCase, whole tenge."""
    year, gross = case.period.year, Fraction(case.gross)
    if not gross:
        return dict.fromkeys(("opv", "vosms", "ipn", "so", "oosms", "opvr", "social_tax"), 0)
    law, who = LAW[year], case.worker
    retired = who.pension in ("age", "service")
    invalid = who.disability_group in (1, 2, 3)
    has_pension_rules = not retired and who.disability_group not in (1, 2)
    employee_cap, employer_cap = law["health"]
    due = {"opv": 0, "vosms": 0, "so": 0, "oosms": 0, "opvr": 0}
    if has_pension_rules:
        due["opv"] = percent(10, min(gross, 50 * MINIMUM_WAGE))
        if (who.born_on.year, who.born_on.month, who.born_on.day) >= (1975, 1, 1):
            base = sorted([MINIMUM_WAGE, gross, 50 * MINIMUM_WAGE])[1]
            due["opvr"] = percent(law["opvr"], base)
    if not retired and not invalid:
        due["oosms"] = percent(3, min(gross, employer_cap * MINIMUM_WAGE))
        if who.category != "convict":
            due["vosms"] = percent(2, min(gross, employee_cap * MINIMUM_WAGE))
    if who.pension != "age":
        base = sorted([MINIMUM_WAGE, gross - due["opv"], 7 * MINIMUM_WAGE])[1]
        due["so"] = percent(law["so"], base)
    after = gross - due["opv"] - due["vosms"]
    due["ipn"] = _income_tax(case, after, law["mrp"])
    due["social_tax"] = _social_tax(case, after, due["so"], law)
    return due


def _income_tax(case, after, mrp):
    month = case.period.year
    allowance = Fraction(case.unused_deduction)
    if case.basic_deduction:
        monthly = (30 if month == 2026 else 14) * mrp
        allowance += max(Fraction(0), monthly - Fraction(case.deduction_given))
    taxable = max(Fraction(0), after - allowance)
    if month < 2026:
        is_low = Fraction(case.gross) <= 25 * mrp
        return half_up(taxable / 100 if is_low else taxable / 10)
    threshold, before = 8500 * mrp, Fraction(case.ytd_taxable)
    year_tax = [
        Fraction(10, 100) * total + Fraction(5, 100) * max(Fraction(0), total - threshold)
        for total in (before, before + taxable)
    ]
    return half_up(year_tax[1] - year_tax[0])


def _social_tax(case, after, so, law):
    base = max(after, 14 * law["mrp"])
    if case.period.year < 2026:
        return max(0, half_up(Fraction(law["social"]) / 100 * base - so))
    if case.regime == "simplified":
        return 0
    if case.month_of_hire_or_dismissal:
        base = after
    return percent(law["social"], base)
