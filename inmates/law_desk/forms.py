"""What an administrator types of a parameter: the value in the shape it has, its day and source."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from inmates.law_desk import values
from inmates.law_desk.enums import Confidence
from inmates.law_desk.other_codes import WORDS
from inmates.law_desk.services import NewValue
from inmates.law_desk.shapes import SHAPES
from inmates.law_desk.values import to_stored, to_typed
from inmates.models import PayParameter
from inmates.parameters import READERS as PAY_READERS
from inmates.presenters.parameter_words import VALUES
from portal.kernel.errors import PortalError
from portal.kernel.forms import DayField, ExactDecimalFormField, MoneyFormField, page_helper

LONGEST_VALUE = 2_000
LONGEST_TEXT = 300
UNREAD = _("Words for whoever reads the parameters: nothing is calculated by them.")


def value_field(shape: str, code: str = "", present: Any = None) -> forms.Field:
    """The field in which a value of this shape is typed: a list where there are few to choose."""
    if code in WORDS:
        words = dict.fromkeys([*WORDS[code], str(present)])
        return forms.ChoiceField(
            label=_("Value"),
            choices=[(word, VALUES.get(word, word)) for word in words],
            help_text="" if code in PAY_READERS else UNREAD,
        )
    if shape == values.SHARE:
        return ExactDecimalFormField(
            label=_("Value, %"), min_value=0, max_value=10_000, max_digits=9, decimal_places=4
        )
    if shape == values.MONEY:
        return MoneyFormField(label=_("Value, ₸"))
    if shape == values.NUMBER:
        return ExactDecimalFormField(label=_("Value"), min_value=0, max_digits=14, decimal_places=4)
    if shape == values.FLAG:
        return forms.ChoiceField(label=_("Value"), choices=[("yes", _("yes")), ("no", _("no"))])
    if shape == values.DAY:
        return DayField(label=_("Value"))
    if shape == values.WORD:
        return forms.CharField(
            label=_("Value"),
            max_length=LONGEST_TEXT,
            help_text=UNREAD,
        )
    keep = _("Keep the names; change the figures. Shares stand in quotation marks.")
    hint = SHAPES.get(code)
    return forms.CharField(
        label=_("Value, as JSON"),
        max_length=LONGEST_VALUE,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
        help_text=format_lazy("{} {}: {}.", keep, _("What it may be"), hint) if hint else keep,
    )


class ProposalForm(forms.Form):
    """One value of one parameter from a day on."""

    effective_from = DayField(
        label=_("In force from"),
        help_text=_("Wages of a month go by what is in force on its last day."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=LONGEST_TEXT,
        help_text=_("The law, its article and the edition you read."),
    )
    confidence = forms.ChoiceField(label=_("How sure we are"), choices=Confidence.choices)
    note = forms.CharField(label=_("Note"), max_length=LONGEST_TEXT, required=False)

    field_order = ("value", "effective_from", "source", "confidence", "note")

    def __init__(self, present: PayParameter, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        self.present = present
        is_word = present.code in WORDS
        self.shape = values.WORD if is_word else values.shape_of(present.value, present.unit)
        initial = {"value": to_typed(present.value, self.shape), "confidence": present.confidence}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["value"] = value_field(self.shape, present.code, present.value)
        self.order_fields(self.field_order)
        page_helper(self, _("Propose the value"), cancel_url=cancel_url, is_sent_once=True)

    def clean_value(self) -> Any:
        typed = self.cleaned_data["value"]
        try:
            stored = to_stored(typed, self.shape, self.present.value)
            values.check_value(self.present.code, stored)
        except PortalError as refused:
            raise forms.ValidationError(str(refused)) from refused
        self.stored = stored
        return typed

    def new_value(self) -> NewValue:
        said = self.cleaned_data
        return NewValue(
            code=self.present.code,
            value=self.stored,
            effective_from=said["effective_from"],
            source=said["source"],
            confidence=said["confidence"],
            note=said["note"],
        )


class DeclineForm(forms.Form):
    """Why a value is not taken."""

    reason = forms.CharField(
        label=_("Why it is declined"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(self, _("Decline"), action=action, submit_class="btn-outline-danger")
