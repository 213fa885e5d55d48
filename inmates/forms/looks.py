"""The filters of the log of looks."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import DayField

MOST_DAYS = 92


class LooksForm(forms.Form):
    """Some days, at most a quarter, and perhaps one person by number."""

    since = DayField(label=_("From"))
    until = DayField(label=_("Until"))
    person = forms.CharField(label=_("Personnel number"), max_length=12, required=False)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until:
            if until < since:
                self.add_error("until", _("The last day is before the first one."))
            elif (until - since).days >= MOST_DAYS:
                self.add_error(
                    "since",
                    _("At most %(days)s days are shown at once.") % {"days": MOST_DAYS},
                )
        return data
