"""The form in which somebody says no: a reason that the other side reads."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import page_helper


class ReasonForm(forms.Form):
    """A sentence for somebody; what is refused and who reads it say the classes below."""

    act: str | Promise = ""
    read_by: str | Promise = ""

    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = self.read_by
        page_helper(self, self.act, action=action, submit_class="btn-outline-danger")


class DeclineOrderForm(ReasonForm):
    """Why the seller will not make it."""

    act = _("Decline the order")
    read_by = _("The buyer reads this sentence.")


class WithdrawRequestForm(ReasonForm):
    """Why the customer takes a published request back."""

    act = _("Withdraw the request")
    read_by = _("The invited workshops read this sentence.")


class DeclineVisitForm(ReasonForm):
    """Why there will be no visit."""

    act = _("Decline the application")
    read_by = _("The applicant reads this sentence.")
