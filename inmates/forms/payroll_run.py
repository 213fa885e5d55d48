"""What is typed on the page of a run: the document of its payment, why it is returned."""

import re
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inmates.services.returning import LONGEST_REASON
from portal.kernel.forms import DayField, page_helper

# A thousand people at a time are typed or pasted.
MOST_TYPED = 12_000


class PaymentForm(forms.Form):
    """By which document the wages were paid, and on which day."""

    paid_on = DayField(label=_("Paid on"))
    document = forms.CharField(
        label=_("Payment document"),
        help_text=_("Its number, as the bank or the treasury knows it."),
        max_length=80,
    )

    def __init__(self, data: Any = None, *, run_id: int, today: date) -> None:
        super().__init__(data, initial={"paid_on": today})
        action = reverse("inmates:payroll_pay", args=[run_id])
        page_helper(self, _("Enter the payment"), action=action)


class ReturnRunForm(forms.Form):
    """A reason in words, read by the accountant."""

    reason = forms.CharField(
        label=_("What has to be looked at"),
        help_text=_("The accountant reads it on this page."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, run_id: int) -> None:
        super().__init__(data)
        action = reverse("inmates:payroll_return", args=[run_id])
        page_helper(
            self, _("Return to the accountant"), action=action, submit_class="btn-outline-primary"
        )


class ReverseRunForm(forms.Form):
    """Why approved wages are taken back; it stands on the reversal and its papers."""

    reason = forms.CharField(
        label=_("Why these wages are reversed"),
        help_text=_("The first signature reads it before approving; it stands on the payslips."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, run_id: int) -> None:
        super().__init__(data)
        action = reverse("inmates:payroll_reverse", args=[run_id])
        page_helper(
            self, _("Reverse these wages"), action=action, submit_class="btn-outline-primary"
        )


class OffCycleForm(forms.Form):
    """Of a run outside the month's order: for whom, and why."""

    numbers = forms.CharField(
        label=_("Personnel numbers"),
        help_text=_("With spaces or commas between them. Left empty: everybody listed here."),
        required=False,
        max_length=MOST_TYPED,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("Why this run is made"),
        help_text=_("The first signature reads it before approving; it stands on the payslips."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, action: str, cancel_url: str) -> None:
        super().__init__(data)
        page_helper(self, _("Calculate"), action=action, cancel_url=cancel_url, is_sent_once=True)

    def clean_numbers(self) -> list[str]:
        return re.split(r"[\s,;]+", self.cleaned_data["numbers"].strip())
