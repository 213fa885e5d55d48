"""What people type about accidents and notices: cleaned and typed, never saved."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmates.enums import AccidentKind
from inmates.forms.floor import ClockField
from inmates.models import Inmate
from portal.kernel.clock import ALMATY
from portal.kernel.forms import DayField, page_helper
from workshops.models import Institution, Workshop

BETWEEN_NUMBERS = re.compile(r"[\s,;]+")
MOST_PEOPLE = 100


class MomentForm(forms.Form):
    """A day and a time of the day."""

    day = DayField(label=gettext_lazy("Day"))
    clock = ClockField(label=gettext_lazy("Time"))

    def moment(self) -> datetime:
        data = self.cleaned_data
        return datetime.combine(data["day"], data["clock"], tzinfo=ALMATY)


class AccidentForm(MomentForm):
    """What happened, where, when, to whom."""

    institution = forms.ModelChoiceField(
        label=gettext_lazy("Institution"), queryset=Institution.objects.none(), empty_label=None
    )
    workshop = forms.ModelChoiceField(
        label=gettext_lazy("Workshop"),
        queryset=Workshop.objects.none(),
        required=False,
        empty_label=gettext_lazy("outside a workshop"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=AccidentKind.choices)
    people = forms.CharField(
        label=gettext_lazy("Personnel numbers"),
        max_length=1300,
        required=False,
        help_text=gettext_lazy(
            "Of those involved, separated by spaces or commas. A dispute may be without."
        ),
    )
    circumstances = forms.CharField(
        label=gettext_lazy("Circumstances"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "Short: what happened. No names, no diagnosis. Read by the labour officer and the head."
        ),
    )
    field_order = (*("institution", "kind", "day", "clock", "workshop", "people", "circumstances"),)

    def __init__(self, *args: Any, institutions: Iterable[Institution], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Institution.objects.filter(pk__in=[one.pk for one in institutions])
        fields: Any = self.fields
        fields["institution"].queryset = places.select_related("organisation").order_by("id")
        fields["institution"].label_from_instance = lambda one: one.organisation.name
        fields["workshop"].queryset = Workshop.objects.filter(institution__in=places).order_by(
            "name", "id"
        )
        fields["workshop"].label_from_instance = lambda one: one.name
        page_helper(self, _("Enter the accident"))

    def clean_people(self) -> list[int]:
        """The ids behind the numbers; numbers that nobody has are named."""
        typed = [one for one in BETWEEN_NUMBERS.split(self.cleaned_data["people"]) if one]
        if len(typed) > MOST_PEOPLE:
            raise forms.ValidationError(_("Too many people for one accident."))
        found = dict(
            Inmate.objects.filter(personnel_number__in=typed).values_list("personnel_number", "pk")
        )
        unknown = [one for one in typed if one not in found]
        if unknown:
            raise forms.ValidationError(
                _("There is no such personnel number: %(numbers)s."),
                params={"numbers": ", ".join(unknown)},
            )
        return sorted(found.values())


class NoticeForm(MomentForm):
    """Under which number a notice was sent, and when."""

    document_number = forms.CharField(label=gettext_lazy("Number of the letter"), max_length=60)
    field_order = ("document_number", "day", "clock")

    def __init__(self, *args: Any, action: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(self, _("Note as sent"), action=action, submit_class="btn-outline-primary")


class CloseForm(forms.Form):
    """What came of it."""

    reason = forms.CharField(
        label=gettext_lazy("What came of it"),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Number and date of the act; what was done against a repetition."),
    )

    def __init__(self, *args: Any, action: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(self, _("Close"), action=action)
