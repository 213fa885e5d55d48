"""What people type about briefings, equipment and admission: cleaned and typed, never saved."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmates.enums import ClearanceKind
from portal.kernel.forms import DayField, page_helper
from workshops.forms.spaces import TradeChoice
from workshops.models import Trade


class ClearanceForm(forms.Form):
    """One document for one person."""

    kind = forms.ChoiceField(label=_("What"), choices=ClearanceKind.choices)
    trade = TradeChoice(
        label=_("Trade"),
        queryset=Trade.objects.order_by("name", "id"),
        required=False,
        empty_label=_("all trades"),
    )
    document = forms.CharField(
        label=_("Document"),
        max_length=120,
        help_text=_("Journal, card or certificate with its number. Nothing about health."),
    )
    effective_from = DayField(label=_("From"))
    effective_to = DayField(
        label=_("Until (first day without it)"),
        required=False,
        help_text=_("Empty: by the rule of the trade, or without end."),
    )

    def __init__(
        self, *args: Any, kinds: Iterable[str] = ClearanceKind.values, submit: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        allowed = set(kinds)
        choices = [one for one in ClearanceKind.choices if one[0] in allowed]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        page_helper(self, submit)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begin, end = data.get("effective_from"), data.get("effective_to")
        if begin and end and end <= begin:
            self.add_error("effective_to", _("The period must end after it begins."))
        return data

    def order(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        return {
            "kind": data["kind"],
            "trade_id": data["trade"].pk if data["trade"] else None,
            "document": data["document"],
            "effective_from": data["effective_from"],
            "effective_to": data["effective_to"],
        }


class BriefingForm(ClearanceForm):
    """One document for many people of a workshop: a tick list above the rest."""

    people = forms.TypedMultipleChoiceField(
        label=_("People"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("kind", "trade", "document", "effective_from", "effective_to", "people")

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = list(people)  # type: ignore[attr-defined]  # choices

    def order(self) -> dict[str, Any]:
        return super().order() | {"inmate_ids": self.cleaned_data["people"]}


class EndForm(forms.Form):
    """The first day without a clearance."""

    on = DayField(label=_("First day without it"))

    def day(self) -> date:
        found: date = self.cleaned_data["on"]
        return found
