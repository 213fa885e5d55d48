"""The filter of the public list of areas, as it stands in the address. Forms never save."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import ExactDecimalFormField, WholeNumberField
from workshops.models import Institution, Trade
from workshops.selectors.spaces import Wish, institutions_advertising, trades_available


class InstitutionChoice(forms.ModelChoiceField):
    """Institutions by the name of their organisation."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.organisation.name)


class TradeChoice(forms.ModelChoiceField):
    """Trades by their name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class SpaceFilterForm(forms.Form):
    """What a business looks for; what is not understood is told, and left out of the search."""

    area = ExactDecimalFormField(
        label=_("Size from, m²"),
        required=False,
        max_digits=8,
        decimal_places=1,
        min_value=Decimal("0"),
    )
    power = WholeNumberField(
        label=_("Power from, kW"), required=False, min_value=0, max_value=30000
    )
    institution = InstitutionChoice(
        label=_("Institution"),
        queryset=Institution.objects.none(),
        to_field_name="number",
        required=False,
        empty_label=_("Any"),
    )
    trade = TradeChoice(
        label=_("People with the trade"),
        queryset=Trade.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("Any"),
    )
    heated = forms.BooleanField(label=_("Heated"), required=False)
    crane = forms.BooleanField(label=_("With a crane"), required=False)
    gate = forms.BooleanField(label=_("With a gate for vehicles"), required=False)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filter-%s", **kwargs)
        choices = {"institution": institutions_advertising(on), "trade": trades_available(on)}
        for name, queryset in choices.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]  # a ModelChoiceField

    def wish(self) -> Wish:
        """What could be read of it."""
        self.full_clean()
        read = self.cleaned_data
        return Wish(
            area=read.get("area"),
            power=read.get("power"),
            institution=read.get("institution"),
            trade=read.get("trade"),
            conditions=tuple(name for name in ("heated", "crane", "gate") if read.get(name)),
        )
