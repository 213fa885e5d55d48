"""The parts of the first page that are no figures: the ways in, and a wage as the law has it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmates.parameters import ParameterMissing, ParameterUnusable, parameters_in_force
from inmates.pay_values import CONVICT, GENERAL, PayCase, PayResult, Worker
from inmates.payroll import calculate
from inmates.selectors.payroll_inputs import parameter_rows_on
from portal.front.menu import address
from portal.kernel.periods import Month
from portal.kernel.text import date_short, money, month_name, sum_text

Text = str | Promise


@dataclass(frozen=True, slots=True)
class WayIn:
    """One of the four audiences: what it finds here and where it begins."""

    title: Text
    line: Text
    act: Text
    url_name: str
    picture: str
    query: str = ""

    @property
    def url(self) -> str:
        found = address(self.url_name)
        return found + self.query if found else ""


WAYS = (
    WayIn(
        gettext_lazy("Kindergarten or school"),
        gettext_lazy("Play corners, construction sets and furniture with their conformity papers."),
        gettext_lazy("Choose"), "workshops:catalogue", "img/play-corner.svg",
        "?audience=kindergarten",
    ),
    WayIn(
        gettext_lazy("City and yard"),
        gettext_lazy("Benches, gazebos, vases and bins: size, material, maker and price."),
        gettext_lazy("Choose"), "workshops:catalogue", "img/bench.svg", "?audience=city",
    ),
    WayIn(
        gettext_lazy("Production to your drawing"),
        gettext_lazy("Say what, how many and by when. Workshops answer with a price and a date."),
        gettext_lazy("Post a request"), "orders:request_new", "img/drawing.svg",
    ),
    WayIn(
        gettext_lazy("Space for your production"),
        gettext_lazy("Idle halls with area, power, height and trades. Ask for a visit."),
        gettext_lazy("See the areas"), "workshops:spaces", "img/hall.svg",
    ),
)  # fmt: skip


def ways_in() -> list[WayIn]:
    """The ways whose pages exist."""
    return [way for way in WAYS if way.url]


@dataclass(frozen=True, slots=True)
class PayLine:
    """A line of the example: what, why, and the sum with its sign."""

    text: str
    why: str
    amount: str


@dataclass(frozen=True, slots=True)
class PayExample:
    """The minimum wage of a full month through the portal's own calculation."""

    title: str
    lines: list[PayLine]
    to_account: str
    employer: str


def pay_example(on: date) -> PayExample | None:
    """A month on the minimum wage by the law of the day; None where its parameters are missing."""
    month = Month.of(on)
    try:
        law = parameters_in_force(parameter_rows_on(on), on)
    except (ParameterMissing, ParameterUnusable):
        return None
    worker = Worker(CONVICT, born_on=date(1990, 1, 1))
    result = calculate(PayCase(month.first_day, worker, GENERAL, gross=law.mzp), law)
    return PayExample(
        title=_("Minimum wage of a full month, %(month)s") % {"month": month_name(month)},
        lines=_lines(result),
        to_account=money(result.to_account),
        employer=_(
            "On top of this the employer pays %(sum)s of contributions and social tax. "
            "Parameters as of %(day)s."
        )
        % {"sum": money(_on_top(result)), "day": date_short(on)},
    )


def _lines(result: PayResult) -> list[PayLine]:
    return [
        PayLine(_("Earned"), _("by the hour or by the piece, with the rate and the quantity"),
                sum_text(result.gross)),
        PayLine(_("Pension contribution (OPV)"), _("goes to the person's own pension account"),
                sum_text(-result.opv)),
        PayLine(_("Health contribution (VOSMS)"), _("not withheld: the state pays it"),
                sum_text(-result.vosms)),
        PayLine(_("Income tax (IPN)"), _("after the basic deduction of the month"),
                sum_text(-result.ipn)),
    ]  # fmt: skip


def _on_top(result: PayResult) -> Decimal:
    return result.so + result.oosms + result.opvr + result.social_tax
