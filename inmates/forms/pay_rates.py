"""What people type about a rate of pay: cleaned and typed, never saved."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmates.enums import RateUnit
from inmates.forms.closed_month import CorrectionField
from inmates.rate_refusals import RateOfStranger
from inmates.services.pay_rates import NewRate
from portal.kernel.forms import DayField, MoneyFormField, WholeNumberField, page_helper

LEAST = Decimal("0.01")
MOST_PIECES = 100_000


class PayRateForm(forms.Form):
    """One rate from a day on; the one before it ends there."""

    payer = forms.TypedChoiceField(label=_("Payer"), coerce=int)
    subject = forms.ChoiceField(
        label=_("Post or operation"),
        error_messages={"invalid_choice": RateOfStranger.message},
    )
    amount = MoneyFormField(label=_("Rate, ₸"), min_value=LEAST)
    unit = forms.ChoiceField(
        label=_("What it is for"),
        choices=RateUnit.choices,
        widget=forms.RadioSelect,
        help_text=_("A post has a rate an hour or a month, an operation a rate for pieces."),
    )
    per_pieces = WholeNumberField(
        label=_("Pieces it is for"),
        min_value=1,
        max_value=MOST_PIECES,
        required=False,
        help_text=_("Empty: one piece."),
    )
    on = DayField(
        label=_("In force from"),
        help_text=_("The rate before it ends there. Work of earlier days keeps the earlier rate."),
    )
    correction = CorrectionField()

    def __init__(
        self,
        *args: Any,
        payers: list[tuple[int, str]],
        subjects: list[Any],
        cancel_url: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payer"].choices = payers  # type: ignore[attr-defined]  # of a choice field
        self.fields["subject"].choices = subjects  # type: ignore[attr-defined]  # as above
        page_helper(self, _("Enter the rate"), cancel_url=cancel_url)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        subject, unit = data.get("subject", ""), data.get("unit")
        if subject and unit and subject.startswith("post-") is (unit == RateUnit.PIECE):
            self.add_error(
                "unit", _("A post has a rate an hour or a month, an operation a rate for pieces.")
            )
        if unit and unit != RateUnit.PIECE and (data.get("per_pieces") or 1) > 1:
            self.add_error("per_pieces", _("Only a rate for pieces is for several of them."))
        return data

    def new_rate(self) -> NewRate:
        """What the service takes."""
        data = self.cleaned_data
        kind, _dash, key = data["subject"].partition("-")
        return NewRate(
            payer_id=data["payer"],
            amount=data["amount"],
            unit=data["unit"],
            on=data["on"],
            per_pieces=data["per_pieces"] or 1,
            **{f"{kind}_id": int(key)},
        )
