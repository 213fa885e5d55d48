"""What is typed on the page of a run: the document of its payment, why it is returned."""

from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inmates.services.returning import LONGEST_REASON
from portal.kernel.forms import DayField, page_helper


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
