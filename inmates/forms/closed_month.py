"""The field that asks why an approved month is changed, in the forms of inputs of wages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmates.closed_refusals import ReasonOfClosedMonth
from portal.kernel.errors import PortalError
from portal.kernel.forms import page_helper

LONGEST = 300


class CorrectionField(forms.CharField):
    """Empty, as long as the day lies in a month that is open: the service asks for it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Why an approved month is changed"),
            required=False,
            max_length=LONGEST,
            help_text=_(
                "Only where wages of these days are approved: the payslips stay, and the "
                "difference is paid with the next wages."
            ),
            **kwargs,
        )


def field_of(refusal: PortalError) -> str | None:
    """Where a refusal is told: at this field, or above the form."""
    return "correction" if isinstance(refusal, ReasonOfClosedMonth) else None


class TakeBackForm(forms.Form):
    """Why a payment of an approved month is taken back."""

    correction = CorrectionField()

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(
            self, _("Take the payment back"), cancel_url=cancel_url,
            submit_class="btn-outline-danger",
        )  # fmt: skip
