"""The sentences behind the codes of `pay_values.Explanation`, in the language of the reader.

Called by the payslip's page and document: `explain(code, arguments)` of a stored line, or
`explain_line` of a result's explanations. The stored arguments are plain text; sums, rates,
dates and articles get their printed form here.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from inmates.average_words import (
    AVERAGE_NUMBERS,
    AVERAGE_SENTENCES,
    DISCREET_AVERAGE,
    UNSAID,
)
from inmates.pay_values import Explanation, pack_explanations
from portal.kernel.money import NBSP, format_money

SENTENCES = {
    "no_income": _("nothing was earned this month"),
    "rate_of_wage": _("%(rate)s of %(base)s; %(article)s"),
    "rate_of_reduced_wage": _(
        "%(rate)s of %(base)s, the wage less the pension contribution; %(article)s"
    ),
    "rate_of_highest_base": _("%(rate)s of %(base)s, the highest base; %(article)s"),
    "rate_of_lowest_base": _("%(rate)s of %(base)s, the lowest base; %(article)s"),
    "not_due.pension_age": _("not due: pension by age; %(article)s"),
    "not_due.pension_service": _("not due: pension for service; %(article)s"),
    "not_due.disability_1_2": _("not due: disability of group I or II; %(article)s"),
    "not_due.disability": _("not due: disability; %(article)s"),
    "not_due.state_pays": _("not withheld: the state pays; %(article)s"),
    "not_due.born_before": _("not due: born before %(born_before)s; %(article)s"),
    "ipn.covered": _(
        "%(income)s is not above the deduction of %(deduction)s (%(mrp)s MRP); %(article)s"
    ),
    "ipn.deduction": _("%(income)s less the deduction of %(deduction)s (%(mrp)s MRP); %(article)s"),
    "ipn.rest": _(
        "%(income)s less %(deduction)s, what another payslip of the month has left of the "
        "deduction (%(mrp)s MRP); %(article)s"
    ),
    "ipn.no_application": _("%(income)s without a deduction: there is no application for it"),
    "ipn.carried": _("less %(used)s of the deduction left unused earlier in the year"),
    "ipn.nothing_left": _("nothing is left to tax"),
    "ipn.relief": _(
        "the wage is not above %(limit)s (%(mrp)s MRP): only %(multiplier)s of %(taxable)s is taxed"
    ),
    "ipn.rate": _("%(rate)s of %(base)s; %(article)s"),
    "ipn.above_threshold": _("taxable income of the year is above %(threshold)s"),
    "joint.paid": _(
        "of the month at this payer; %(paid)s of it stands on the payslip of another institution"
    ),
    "social_tax.rate": _(
        "%(rate)s of %(base)s, the wage less pension and health contributions; %(article)s"
    ),
    "social_tax.less_so": _("less social insurance of %(so)s"),
    "social_tax.covered_by_so": _("social insurance of %(so)s covers the tax"),
    "social_tax.simplified": _("not due: simplified tax regime; %(article)s"),
    "social_tax.waived_minimum": _("month of hire or dismissal: no lowest base; %(article)s"),
    "writ.share": _("%(share)s of %(net)s is %(demanded)s"),
    "writ.fixed": _("a fixed sum of %(demanded)s"),
    "writ.debt": _("the debt that remains is %(demanded)s"),
    "writ.fee": _("of the bailiff's fee %(demanded)s remains"),
    "writ.suspended": _("not withheld: suspended from %(since)s; %(basis)s"),
    "writ.not_attachable": _("writs do not take of %(exempt)s; %(article)s"),
    "writ.arrears": _("%(unmet)s remains unpaid and is kept as arrears"),
    "writ.no_demand": _("nothing is demanded any more"),
    "writ.no_income": _("nothing was earned this month"),
    "writ.cap": _("all writs together take at most %(rate)s of %(net)s; %(article)s"),
    "writ.floor": _("withheld so that no less than %(floor)s remains; %(article)s"),
    "writ.none_left_cap": _(
        "not withheld: writs take at most %(rate)s of %(net)s, and it is used up; %(article)s"
    ),
    "writ.cap_of_all": _(
        "all writs together take at most %(rate)s of %(net)s, the net pay of the month at all "
        "payers; %(withheld)s is withheld elsewhere; %(article)s"
    ),
    "writ.none_left_cap_of_all": _(
        "not withheld: writs take at most %(rate)s of %(net)s, the net pay of the month at all "
        "payers, and %(withheld)s is withheld elsewhere; %(article)s"
    ),
    "writ.none_left_floor": _("not withheld: no less than %(floor)s must remain; %(article)s"),
    "writ.shared": _("shared with other writs of queue %(queue)s in proportion to the demands"),
    "to_account.convict": _(
        "%(net)s less %(withheld)s by writs, credited to the cash control account; %(article)s"
    ),
    "to_account.free": _("%(net)s less %(withheld)s by writs"),
    "no_base": _("nothing of the month's earnings counts for it"),
    "earning.time": _("%(hours)s h %(minutes)s min × %(unit_rate)s an hour"),
    "earning.salary": _(
        "%(unit_rate)s a month × %(hours)s h %(minutes)s min worked ÷ %(norm)s h, the norm of the "
        "month"
    ),
    "earning.night_hour": _(
        "%(supplement)s of %(unit_rate)s an hour for %(hours)s h %(minutes)s min at night; "
        "%(article)s"
    ),
    "earning.night_month": _(
        "%(supplement)s of the salary of %(unit_rate)s for %(hours)s h %(minutes)s min at night; "
        "%(article)s"
    ),
    "earning.night_piece": _(
        "%(supplement)s of %(earned)s, the piece pay of %(hours)s h %(minutes)s min at night; "
        "%(article)s"
    ),
    "earning.overtime_hour": _(
        "%(supplement)s of %(unit_rate)s an hour for %(hours)s h %(minutes)s min of overtime; "
        "%(article)s"
    ),
    "earning.overtime_month": _(
        "%(supplement)s of the salary of %(unit_rate)s for %(hours)s h %(minutes)s min of "
        "overtime; %(article)s"
    ),
    "earning.overtime_piece": _(
        "%(supplement)s of %(earned)s, the piece pay of %(hours)s h %(minutes)s min of overtime; "
        "%(article)s"
    ),
    "earning.holiday_hour": _(
        "%(supplement)s of %(unit_rate)s an hour for %(hours)s h %(minutes)s min on days off; "
        "%(article)s"
    ),
    "earning.holiday_month": _(
        "%(supplement)s of the salary of %(unit_rate)s for %(hours)s h %(minutes)s min on days "
        "off; %(article)s"
    ),
    "earning.holiday_piece": _(
        "%(supplement)s of %(earned)s, the piece pay of %(hours)s h %(minutes)s min on days off; "
        "%(article)s"
    ),
    "earning.top_up_month": _(
        "minimum wage of %(mzp)s × %(hours)s h %(minutes)s min worked ÷ %(norm)s h, the norm of "
        "the month, is %(floor)s; basic pay: %(basic)s; %(article)s"
    ),
    "earning.piece": _("%(pieces)s pcs × %(unit_rate)s"),
    "earning.piece_per": _("%(pieces)s pcs × %(unit_rate)s for %(per)s pcs"),
    "earning.piece_apprentice": _(
        "%(pieces)s pcs × %(unit_rate)s for %(per)s pcs ÷ %(coefficient)s: "
        "the norm of an apprentice"
    ),
    "earning.piece_team": _(
        "a share of %(pieces)s pcs × %(unit_rate)s for %(per)s pcs made in a team, by minutes and "
        "coefficient: %(amount)s (entries of teams: %(entries)s)"
    ),
    "earning.minimum_top_up": _(
        "minimum wage of %(mzp)s ÷ %(average_hours)s h of an average month × %(hours)s h "
        "%(minutes)s min worked is %(floor)s; basic pay for them: %(basic)s; %(article)s"
    ),
    "settlement.recovered": _(
        "%(debt)s was paid too much earlier; all that was left of it is withheld now; %(article)s"
    ),
    "settlement.carried": _(
        "%(debt)s was paid too much earlier; together with writs at most %(rate)s of net is "
        "withheld, which leaves %(room)s for it; %(left)s is carried over; %(article)s"
    ),
    "settlement.same_month": _(
        "%(debt)s was paid too much earlier, and %(same)s of it for this very month: that is set "
        "off in full, any more only within %(rate)s of net together with writs; %(left)s is "
        "carried over; %(article)s"
    ),
    **AVERAGE_SENTENCES,
}

LAWS = {
    "social_code": _("Social Code, art. %(number)s"),
    "osms": _("law on health insurance, art. %(number)s"),
    "tax": _("Tax Code of %(number)s"),
    "tax_2025": _("Tax Code, art. %(number)s"),
    "penal_code": _("Penal Execution Code, art. %(number)s"),
    "labour_code": _("Labour Code, art. %(number)s"),
    "enforcement": _("enforcement law, art. %(number)s"),
}

# A private employer learns neither health nor pension (law.md §9): only that nothing is due. All
# of them alike, for a sentence that is missing tells as much as the one it replaces.
DISCREET = _("not due for this person by law; %(article)s")
# Nor what the person earns at another payer.
OF_OTHERS = {
    "writ.cap_of_all": _(
        "all writs together take at most %(rate)s of the net pay of the month at all payers; "
        "%(article)s"
    ),
    "writ.none_left_cap_of_all": _(
        "not withheld: writs take at most %(rate)s of the net pay of the month at all payers, "
        "and it is used up; %(article)s"
    ),
}
# Nor the shorter hours of a disability: a norm of the month that differs would tell.
WITHOUT_NORM = {
    "earning.salary": _(
        "%(unit_rate)s a month in proportion to the time worked: %(hours)s h %(minutes)s min"
    ),
    "earning.top_up_month": _(
        "minimum wage of %(mzp)s in proportion to the time worked, %(hours)s h %(minutes)s min, is "
        "%(floor)s; basic pay: %(basic)s; %(article)s"
    ),
}
PERSONAL = {
    "not_due.disability",
    "not_due.disability_1_2",
    "not_due.pension_age",
    "not_due.pension_service",
}

SHARES = {"rate", "multiplier", "supplement"}
AS_WRITTEN = {
    "basis",
    "writ",
    "queue",
    "share",
    "mrp",
    "hours",
    "minutes",
    "pieces",
    "per",
    "entries",
    *AVERAGE_NUMBERS,
}
# What a difference was, is and why is told by its own sentence (presenters.slip_differences).
UNTOLD = {"then", "was", "now", "why"}
# Exact numbers that are neither money nor shares.
NUMBERS = {"coefficient", "average_hours", "norm"}
DATES = {"born_before", "last_day", "since"}
# Their article follows the sentence where it is stored: payslips of before it was have none.
ARTICLE_BEHIND = {
    "earning.time",
    "earning.salary",
    "earning.piece",
    "earning.piece_per",
    "earning.piece_apprentice",
    "earning.piece_team",
    "extra.document",
}


def explain(code: str, arguments: Mapping[str, Any], *, is_discreet: bool = False) -> str:
    """The sentence of `code`, with those packed under "then" after it.

    `is_discreet`: for a private employer's payroll. KeyError for a code that does not exist or
    lacks an argument.
    """
    shown = {name: _shown(name, value) for name, value in arguments.items() if name not in UNTOLD}
    sentence = str(_template(code, is_discreet=is_discreet)) % shown
    article = shown.get("article", "") if code in ARTICLE_BEHIND else ""
    following = [explain(*one, is_discreet=is_discreet) for one in arguments.get("then", ())]
    return "; ".join(filter(None, [sentence, article, *following]))


def _template(code: str, *, is_discreet: bool) -> Any:
    if not is_discreet:
        return SENTENCES[code]
    if code in PERSONAL:
        return DISCREET
    if code in UNSAID:
        return ""
    return (OF_OTHERS | WITHOUT_NORM | DISCREET_AVERAGE).get(code, SENTENCES[code])


def explain_line(explanations: Sequence[Explanation]) -> str:
    """All sentences of one line, in their order."""
    return explain(*pack_explanations(explanations))


def name_article(article: str) -> str:
    """The article behind a code like social_code_249."""
    law, _underscore, number = article.rpartition("_")
    return str(LAWS[law]) % {"number": number}


def format_share(share: str) -> str:
    """A share of one as a percentage: 0.035 is 3,5 %."""
    percent = f"{(Decimal(share) * 100).normalize():f}".replace(".", ",")
    return f"{percent}{NBSP}%"


def _shown(name: str, value: str | int) -> str:
    if name in AS_WRITTEN:
        return str(value)
    if name in NUMBERS:
        return f"{Decimal(value).normalize():f}".replace(".", ",")
    if name in SHARES:
        return format_share(str(value))
    if name in DATES:
        return date_format(date.fromisoformat(str(value)), "SHORT_DATE_FORMAT")
    if name == "article":
        return name_article(str(value))
    return format_money(Decimal(value), "₸")
