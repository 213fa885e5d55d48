"""The one thing an accountant writes on a timesheet: why it goes back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from inmates.services.timesheets import LONGEST_REASON
from portal.kernel.forms import page_helper


class GiveBackForm(forms.Form):
    """A reason in words, read by the master."""

    reason = forms.CharField(
        label=_("What has to be corrected"),
        help_text=_("The master reads it on the page of the month, beside the cells."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: object, act: str, action: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they come
        page_helper(self, act, action=action, submit_class="btn-outline-primary")
