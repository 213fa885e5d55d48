"""What people type about a writ of execution: cleaned and typed, never saved."""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmates.enums import WritKind
from inmates.forms.closed_month import CorrectionField
from inmates.models import WritOfExecution
from inmates.writ_terms import WritTerms
from portal.kernel.forms import DayField, IbanField, MoneyFormField, page_helper

SHARE, FIXED, DEBT = "share", "fixed", "debt"
ASKS = (
    (SHARE, gettext_lazy("alimony, a share of the wage")),
    (FIXED, gettext_lazy("alimony, a fixed sum a month")),
    (DEBT, gettext_lazy("a debt until it is paid")),
)
QUEUES = (
    (1, gettext_lazy("1: alimony, injury, health, loss of breadwinner, workers' claims")),
    (2, gettext_lazy("2: authors' fees, citizens' property damage from an offence")),
    (3, gettext_lazy("3: secured creditors")),
    (4, gettext_lazy("4: taxes and budget, damage of legal entities from crime")),
    (5, gettext_lazy("5: all other claims")),
)
SHARE_TEXT = re.compile(r"\s*([1-9]\d?)\s*/\s*([1-9]\d?)\s*", re.ASCII)
LEAST = Decimal("0.01")


class WritTermsForm(forms.Form):
    """What the writ asks for, who gets it, the bailiff's order and fee."""

    asks = forms.ChoiceField(label=gettext_lazy("What it asks for"), choices=ASKS)
    share = forms.CharField(
        label=gettext_lazy("Share of the wage"),
        required=False,
        max_length=9,
        help_text=gettext_lazy("As in the writ: 1/4, 1/3, 1/2."),
    )
    amount = MoneyFormField(
        label=gettext_lazy("Sum a month or debt, ₸"),
        required=False,
        min_value=LEAST,
        help_text=gettext_lazy("Of a debt: what is left of it on the first day."),
    )
    queue = forms.TypedChoiceField(label=gettext_lazy("Queue"), coerce=int, choices=QUEUES)
    payee = forms.CharField(label=gettext_lazy("To whom it is paid"), max_length=200)
    payee_account = IbanField(label=gettext_lazy("Account of the payee"), required=False)
    bailiff = forms.CharField(label=gettext_lazy("Bailiff"), max_length=200, required=False)
    bailiff_account = IbanField(label=gettext_lazy("Account of the bailiff"), required=False)
    fee = MoneyFormField(
        label=gettext_lazy("Bailiff's fee, ₸"),
        required=False,
        min_value=LEAST,
        help_text=gettext_lazy("What is left of it on the first day; it is withheld besides."),
    )
    order_number = forms.CharField(
        label=gettext_lazy("Number of the bailiff's order"), max_length=40, required=False
    )
    ordered_on = DayField(label=gettext_lazy("Date of the order"), required=False)
    received_on = DayField(label=gettext_lazy("Received"), required=False)
    on = DayField(
        label=gettext_lazy("Withheld from"),
        help_text=gettext_lazy("A month is paid by the writs in force on its last day."),
    )
    correction = CorrectionField()

    def clean_share(self) -> tuple[int, int] | None:
        typed = self.cleaned_data["share"]
        if not typed:
            return None
        match = SHARE_TEXT.fullmatch(typed)
        if match is None or Fraction(int(match[1]), int(match[2])) > 1:
            raise forms.ValidationError(_("Write the share as a fraction not above one: 1/4."))
        return int(match[1]), int(match[2])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        asks = data.get("asks")
        if asks == SHARE and data.get("share") is None and "share" not in self.errors:
            self.add_error("share", _("Write which share of the wage is asked for."))
        if asks in (FIXED, DEBT) and data.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Write the sum."))
        if asks in (SHARE, FIXED) and data.get("queue") not in (None, 1):
            self.add_error("queue", _("Alimony is always in queue 1."))
        return data

    def terms(self) -> WritTerms:
        """What the service takes."""
        data = self.cleaned_data
        asks, names = data["asks"], ("queue", "payee", "payee_account", "bailiff", "fee")
        rest = ("bailiff_account", "order_number", "ordered_on", "received_on")
        return WritTerms(
            kind=WritKind.CLAIM if asks == DEBT else WritKind.ALIMONY,
            share=data["share"] if asks == SHARE else None,
            amount=data["amount"] if asks == FIXED else None,
            debt=data["amount"] if asks == DEBT else None,
            **{name: data[name] for name in names + rest},
        )


class AddWritForm(WritTermsForm):
    """A new document: whose, and its number."""

    personnel_number = forms.CharField(label=gettext_lazy("Personnel number"), max_length=12)
    number = forms.CharField(label=gettext_lazy("Number of the writ"), max_length=40)
    field_order = ["personnel_number", "number"]

    def __init__(self, *args: Any, cancel_url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(
            self, _("Enter the writ"), cancel_url=cancel_url, cancel_label=_("Back to the register")
        )

    def clean_personnel_number(self) -> str:
        typed: str = self.cleaned_data["personnel_number"]
        return typed.strip()


class ChangeWritForm(WritTermsForm):
    """Other terms of a document from a day on."""

    def __init__(self, *args: Any, cancel_url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(self, _("Change from that day"), cancel_url=cancel_url, cancel_label=_("Back"))


def terms_as_typed(
    writ: WritOfExecution, *, debt_left: Decimal | None, fee_left: Decimal | None, on: date
) -> dict[str, Any]:
    """The present terms as the form shows them, a debt and a fee as far as they are left."""
    if writ.share_numerator is not None:
        asks, amount = SHARE, None
    elif writ.amount is not None:
        asks, amount = FIXED, writ.amount
    else:
        asks, amount = DEBT, debt_left
    names = (
        "queue", "payee", "payee_account", "bailiff", "bailiff_account", "order_number",
        "ordered_on", "received_on",
    )  # fmt: skip
    share = f"{writ.share_numerator}/{writ.share_denominator}" if asks == SHARE else ""
    shown = {"asks": asks, "share": share, "amount": amount, "fee": fee_left or None, "on": on}
    return {name: getattr(writ, name) for name in names} | shown


class SuspendForm(forms.Form):
    """From when it is not served, and by what paper."""

    on = DayField(label=gettext_lazy("Suspended from"))
    until = DayField(
        label=gettext_lazy("Served again from"),
        required=False,
        help_text=gettext_lazy("Empty: until it is resumed."),
    )
    basis = forms.CharField(label=gettext_lazy("Paper"), max_length=200)

    def __init__(self, *args: Any, action: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(self, _("Suspend"), action=action, submit_class="btn-outline-primary")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        on, until = data.get("on"), data.get("until")
        if on and until and until <= on:
            self.add_error("until", _("It is served again after the day it is suspended from."))
        return data


class ResumeForm(forms.Form):
    """From when it is served again."""

    on = DayField(label=gettext_lazy("Served again from"))
    correction = CorrectionField()

    def __init__(self, *args: Any, action: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(self, _("Resume"), action=action, submit_class="btn-outline-primary")


class EndForm(forms.Form):
    """From when it is withheld no more, and by what paper."""

    on = DayField(label=gettext_lazy("Not withheld from"))
    basis = forms.CharField(label=gettext_lazy("Paper"), max_length=200)

    def __init__(self, *args: Any, action: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(self, _("End the writ"), action=action, submit_class="btn-outline-danger")
