"""What people type about a training: cleaned and typed, never saved."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmates.models import Inmate
from portal.kernel.forms import DayField, ExactDecimalFormField, WholeNumberField, page_helper
from workshops.forms.spaces import TradeChoice
from workshops.models import Trade

MOST_HOURS = 3000


class TrainingForm(forms.Form):
    """A trade, a mentor, the hours and the part of the norm."""

    trade = TradeChoice(
        label=gettext_lazy("Trade"),
        queryset=Trade.objects.order_by("name", "id"),
        empty_label=gettext_lazy("choose"),
    )
    mentor_number = forms.CharField(
        label=gettext_lazy("Mentor: personnel number"),
        max_length=12,
        required=False,
        help_text=gettext_lazy("A person of this institution with a grade in the trade."),
    )
    free_mentor = forms.CharField(
        label=gettext_lazy("or a free craftsman"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Post and name, if the mentor is not one of the people."),
    )
    planned_hours = WholeNumberField(
        label=gettext_lazy("Hours planned"), min_value=1, max_value=MOST_HOURS
    )
    norm_coefficient = ExactDecimalFormField(
        label=gettext_lazy("Norm coefficient"),
        min_value=Decimal("0.0001"),
        max_value=Decimal(1),
        max_digits=5,
        decimal_places=4,
        help_text=gettext_lazy("0,6: six tenths of the norm, so a piece is paid rate ÷ 0,6."),
    )
    basis = forms.CharField(label=gettext_lazy("Order or contract"), max_length=120)
    effective_from = DayField(label=gettext_lazy("From"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(self, _("Begin the training"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        number, words = data.get("mentor_number", ""), data.get("free_mentor", "")
        if bool(number) == bool(words):
            self.add_error("mentor_number", _("Name one mentor: a person or a free craftsman."))
        data["mentor"] = None
        if number:
            data["mentor"] = Inmate.objects.filter(personnel_number=number.strip()).first()
            if data["mentor"] is None:
                self.add_error(
                    "mentor_number",
                    _("There is no such personnel number: %(numbers)s.") % {"numbers": number},
                )
        return data

    def order(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        names = ("free_mentor", "planned_hours", "norm_coefficient", "basis", "effective_from")
        return {name: data[name] for name in names} | {
            "trade_id": data["trade"].pk,
            "mentor_id": data["mentor"].pk if data["mentor"] else None,
        }


class CompleteForm(forms.Form):
    """The grade and the document that awards it."""

    grade = forms.TypedChoiceField(
        label=gettext_lazy("Grade"), coerce=int, choices=[(one, str(one)) for one in range(1, 9)]
    )
    document = forms.CharField(label=gettext_lazy("Document"), max_length=120)
    on = DayField(label=gettext_lazy("First day after the training"))

    def __init__(self, *args: Any, action: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(self, _("Award the grade"), action=action)


class DiscontinueForm(forms.Form):
    """Why it ends without a grade."""

    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200)
    on = DayField(label=gettext_lazy("First day after the training"))

    def __init__(self, *args: Any, action: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(self, _("Discontinue"), action=action, submit_class="btn-outline-danger")
