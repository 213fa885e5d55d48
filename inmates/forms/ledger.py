"""The period of a statement, typed above the accounts."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import DayField
from portal.kernel.periods import Period


class PeriodForm(forms.Form):
    """From a day until a day, both included; and, where a list is long, one person by number."""

    since = DayField(label=_("From"))
    until = DayField(label=_("Until"))
    number = forms.CharField(label=_("Personnel number"), max_length=12, required=False)

    def __init__(self, data: Any, *, on: date, has_number: bool = False) -> None:
        usual = {"since": f"01.01.{on.year}", "until": f"{on:%d.%m.%Y}"}
        super().__init__(usual | {name: data[name] for name in self.base_fields if name in data})
        if not has_number:
            del self.fields["number"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first one."))
        return data

    def period(self) -> Period:
        """The days as the portal keeps them: the day after the last one is excluded."""
        until: date = self.cleaned_data["until"]
        return Period(self.cleaned_data["since"], until + timedelta(days=1))
