"""What a visitor says about a month's wage. Nothing of it is kept: it stands in the address."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inmates.enums import Pension
from inmates.pay_values import ALIMONY, CATEGORIES, CLAIM, REGIMES, PayCase, Worker, Writ
from portal.kernel.forms import ExactDecimalFormField, MoneyFormField, fields_part, page_helper
from portal.kernel.money import round_tiyn
from portal.kernel.periods import Month

LARGEST = Decimal("9999999999.99")
MONTH_HOURS = Decimal(31 * 24)
CATEGORY_NAMES = {
    "convict": _("Serving a sentence: medium to full security"),
    "convict_minimum_security": _("Serving a sentence: minimum security"),
    "free": _("Working outside"),
}
REGIME_NAMES = {"general": _("General regime"), "simplified": _("Simplified regime")}
SHARES = {
    "": _("None"),
    "1/4": _("One child: a quarter"),
    "1/3": _("Two children: a third"),
    "1/2": _("Three or more: a half"),
}
GROUPS = {"": _("None"), "1": "I", "2": "II", "3": "III"}
# Where the year is all that matters: behind the day before which no employer's pension is due.
BORN_EARLY, BORN_LATE = date(1960, 1, 1), date(1990, 1, 1)
BY_HOURS = ("hours", "rate")
# What the page starts with, beside the present month.
DEFAULTS = {"category": CATEGORIES[0], "regime": REGIMES[0], "pension": str(Pension.NONE)}


def with_defaults(given: QueryDict, month: str) -> QueryDict:
    """The address with what it leaves out as the page starts: `/pay/?gross=85000` is enough.

    The form always sends its choices; where one is missing the address was written by hand, and
    a tick that it does not name stands as it does at the start.
    """
    said = given.copy()
    start = {"month": month, **DEFAULTS}
    is_by_hand = not start.keys() <= said.keys()
    for name, value in start.items():
        said.setdefault(name, value)
    if is_by_hand:
        said.setdefault("has_application", "on")
    return said


class PayCalculatorForm(forms.Form):
    """Gross, or hours and their rate, of a month; who is paid, by whom; writs if there are any."""

    gross = MoneyFormField(
        label=_("Wage of the month before everything is withheld, ₸"),
        required=False,
        max_value=LARGEST,
    )
    hours = ExactDecimalFormField(
        label=_("Hours worked"),
        required=False,
        min_value=Decimal(0),
        max_value=MONTH_HOURS,
        max_digits=5,
        decimal_places=2,
    )
    rate = MoneyFormField(label=_("Tenge an hour"), required=False, max_value=Decimal("9999999.99"))
    month = forms.ChoiceField(label=_("Month"))
    category = forms.ChoiceField(
        label=_("Who works"), choices=[(one, CATEGORY_NAMES[one]) for one in CATEGORIES]
    )
    regime = forms.ChoiceField(
        label=_("The employer's taxes"), choices=[(one, REGIME_NAMES[one]) for one in REGIMES]
    )
    has_application = forms.BooleanField(
        label=_("The worker has applied for the basic deduction"), required=False
    )
    is_born_early = forms.BooleanField(label=_("Born before 1975"), required=False)
    pension = forms.ChoiceField(label=_("Pension"), choices=Pension.choices)
    disability_group = forms.ChoiceField(
        label=_("Disability group"), choices=list(GROUPS.items()), required=False
    )
    taxed_before = MoneyFormField(
        label=_("Taxable income earlier in the year, ₸"), required=False, max_value=LARGEST
    )
    alimony = forms.ChoiceField(label=_("Alimony"), choices=list(SHARES.items()), required=False)
    debt = MoneyFormField(
        label=_("Debt by another writ of execution, ₸"), required=False, max_value=LARGEST
    )

    def __init__(self, months: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        month = self.fields["month"]
        month.choices = months  # type: ignore[attr-defined]  # it is a ChoiceField
        helper = page_helper(
            self,
            _("Calculate"),
            action=reverse("front:pay_calculator"),
            method="get",
            layout=Layout(
                "gross",
                fields_part('<p class="form-or">{% load i18n %}{% translate "or" %}</p>'),
                *BY_HOURS,
                "month",
                "category",
                "regime",
                "has_application",
                # Closed by the part behind the last of its fields.
                fields_part('{% include "front/calculator/_more.html" %}'),
                "is_born_early",
                "pension",
                "disability_group",
                "taxed_before",
                "alimony",
                "debt",
                fields_part("</details>"),
            ),
        )
        helper.attrs |= {
            "hx-get": reverse("front:pay_calculator"),
            "hx-target": ".calculator",
            "hx-swap": "outerHTML",
            "hx-push-url": "true",
        }

    @property
    def tells_more(self) -> bool:
        """Something of the folded part was said: it stays open."""
        told = ("is_born_early", "disability_group", "taxed_before", "alimony", "debt")
        folded = (*told, "pension")
        return any(self.data.get(name) for name in told) or (
            self.data.get("pension", Pension.NONE) != Pension.NONE
            or any(name in self.errors for name in folded)
        )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if any(name in self.errors for name in ("gross", *BY_HOURS)):
            return said
        gross, hours, rate = (said.get(name) for name in ("gross", *BY_HOURS))
        if gross is not None and (hours is not None or rate is not None):
            self.add_error("gross", _("Give the wage, or the hours and their rate, not both."))
        elif gross is None and hours is None and rate is None:
            self.add_error("gross", _("Give the wage of the month, or the hours and their rate."))
        elif gross is None and hours is None:
            self.add_error("hours", _("How many hours were worked?"))
        elif gross is None and rate is None:
            self.add_error("rate", _("How many tenge is an hour?"))
        return said

    @property
    def paid_month(self) -> Month:
        return Month.parse(self.cleaned_data["month"])

    @property
    def by_hours(self) -> tuple[Decimal, Decimal] | None:
        """The hours and their rate, where the wage was told by them; only of a valid form."""
        hours, rate = (self.cleaned_data[name] for name in BY_HOURS)
        return None if hours is None else (hours, rate)

    def case(self) -> PayCase:
        """The month as the engine takes it; only of a valid form."""
        said = self.cleaned_data
        gross = said["gross"]
        if self.by_hours:
            hours, rate = self.by_hours
            gross = round_tiyn(hours * rate)
        return PayCase(
            period=self.paid_month.first_day,
            worker=Worker(
                said["category"],
                BORN_EARLY if said["is_born_early"] else BORN_LATE,
                said["pension"],
                int(said["disability_group"]) if said["disability_group"] else None,
            ),
            regime=said["regime"],
            gross=gross,
            ytd_taxable=said["taxed_before"] or Decimal("0.00"),
            basic_deduction=said["has_application"],
            writs=tuple(_writs(said)),
        )


def _writs(said: Mapping[str, Any]) -> list[Writ]:
    writs = []
    if said["alimony"]:
        writs.append(Writ("alimony", 1, ALIMONY, share=Fraction(said["alimony"])))
    if said["debt"]:
        writs.append(Writ("debt", 5, CLAIM, remaining=said["debt"]))
    return writs
