"""What people type about an application for the basic deduction: cleaned and typed, never saved."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmates.forms.closed_month import CorrectionField
from portal.kernel.forms import DayField, page_helper


class ApplicationForm(forms.Form):
    """Whose application, and from when."""

    number = forms.CharField(label=_("Personnel number"), max_length=12)
    on = DayField(
        label=_("In force from"),
        help_text=_("A month is taxed by the applications in force on its last day."),
    )
    correction = CorrectionField()

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(self, _("Enter the application"), cancel_url=cancel_url)

    def clean_number(self) -> str:
        typed: str = self.cleaned_data["number"]
        return typed.strip()


class EndApplicationForm(forms.Form):
    """From when it is in force no more."""

    on = DayField(label=_("Not in force from"))
    correction = CorrectionField()

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(
            self, _("End the application"), cancel_url=cancel_url, submit_class="btn-outline-danger"
        )
