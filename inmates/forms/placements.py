"""The forms by which somebody is placed, changes their terms and leaves a place."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmates.enums import PayForm
from inmates.forms.closed_month import CorrectionField
from inmates.forms.people import FROM_THE_LIST, ActForm, Choices
from portal.kernel.forms import DayField, ExactDecimalFormField
from portal.kernel.workdays import ONE_DAY

MINUTES = 60


class PlacementForm(ActForm):
    """Post, employer, hours, pay and the paper it rests on; no hours mean full time."""

    post = forms.TypedChoiceField(label=_("Post"), coerce=int, error_messages=FROM_THE_LIST)
    employer = forms.TypedChoiceField(
        label=_("Employer"),
        coerce=int,
        error_messages=FROM_THE_LIST,
        help_text=_(
            "Who runs the workshop, or the institution itself. A private employer needs the "
            "person's written consent first."
        ),
    )
    pay_form = forms.ChoiceField(
        label=_("Pay"), choices=PayForm.choices, error_messages=FROM_THE_LIST
    )
    hours = ExactDecimalFormField(
        label=_("Hours a day"),
        required=False,
        min_value=Decimal("0.25"),
        max_value=Decimal(24),
        max_digits=4,
        decimal_places=2,
        help_text=_("For part time. Leave empty for full time."),
    )
    basis = forms.CharField(label=_("Contract or order"), max_length=120)
    effective_from = DayField(label=_("First day"))
    last_day = DayField(label=_("Last day"), required=False)
    overfill_reason = forms.CharField(
        label=_("Why one more than seats"),
        max_length=200,
        required=False,
        help_text=_("Only if all seats of the post are taken, a second shift for example."),
    )
    queue_reason = forms.CharField(
        label=_("Why the order of the queue is not kept"),
        max_length=300,
        required=False,
        help_text=_("Only for whoever is not first. It is kept, and the department reads it."),
    )
    submit_label = _("Place at work")

    def __init__(
        self,
        data: Any = None,
        *,
        posts: Choices,
        employers: Choices,
        allowed: Mapping[int, Collection[int]],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.allowed = allowed
        self.fields["post"].choices = posts
        self.fields["employer"].choices = employers

    def clean_hours(self) -> int | None:
        """Minutes a day, or None for full time."""
        typed = self.cleaned_data["hours"]
        if typed is None:
            return None
        minutes = typed * MINUTES
        if minutes != minutes.to_integral_value():
            raise forms.ValidationError(_("Enter hours that make whole minutes, such as 4,5."))
        return int(minutes)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begin, last = cleaned.get("effective_from"), cleaned.get("last_day")
        if begin and last and last < begin:
            self.add_error("last_day", _("The last day is not before the first one."))
        post, employer = cleaned.get("post"), cleaned.get("employer")
        if post and employer and employer not in self.allowed.get(post, ()):
            self.add_error(
                "employer",
                _("This employer does not run the workshop of the post. Choose another."),
            )
        return cleaned

    def terms(self) -> dict[str, Any]:
        """The arguments of the services, without the employer and the first day."""
        cleaned = self.cleaned_data
        return {
            "post_id": cleaned["post"],
            "pay_form": cleaned["pay_form"],
            "basis": cleaned["basis"],
            "is_full_time": cleaned["hours"] is None,
            "daily_minutes": cleaned["hours"],
            "effective_to": cleaned["last_day"] + ONE_DAY if cleaned["last_day"] else None,
            "overfill_reason": cleaned["overfill_reason"],
        }


class ChangePlacementForm(PlacementForm):
    """New terms from a day on; the old ones end the day before."""

    submit_label = _("Enter the change")
    # Whoever changes the terms of a place passes nobody by: the field is left out.
    queue_reason = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_from"].label = _("First day of the new terms")


class EndPlacementForm(ActForm):
    last_day = DayField(label=_("Last day of the placement"))
    correction = CorrectionField()
    submit_label = _("End the placement")
    submit_class = "btn-outline-danger"
