"""What the head types of a deputy: cleaned and typed, never saved (pages of views.py)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.deputies import ONE_DAY
from portal.accounts.models import User
from portal.kernel.forms import DayField, page_helper


class DeputyForm(forms.Form):
    """Who signs first instead of the head, in which days, by which order."""

    holder = forms.ChoiceField(label=_("Deputy"), help_text=_("Somebody of the organisation."))
    first_day = DayField(label=_("First day"))
    last_day = DayField(label=_("Last day"), help_text=_("The head signs again on the next day."))
    basis = forms.CharField(
        label=_("Order"), help_text=_("Its number and date, as in “order № 9”."), max_length=200
    )

    def __init__(self, data: Any = None, *, people: Iterable[User], today: date) -> None:
        super().__init__(data, initial={"first_day": today})
        names = [(str(one.pk), one.get_full_name()) for one in people]
        field = self.fields["holder"]
        field.choices = [("", _("Choose a person")), *names]  # type: ignore[attr-defined]  # its own
        page_helper(self, _("Hand over the first signature"))

    def facts(self) -> dict[str, Any]:
        """What the service takes: the day after the last one ends the period."""
        typed = self.cleaned_data
        return {
            "holder_id": int(typed["holder"]),
            "effective_from": typed["first_day"],
            "effective_to": typed["last_day"] + ONE_DAY,
            "basis": typed["basis"],
        }


class EndDeputyForm(forms.Form):
    """From which day the head signs again."""

    on = DayField(
        label=_("The head signs again from"),
        help_text=_("On the first day of the order: as if it had never been given."),
    )

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(
            self, _("Take the signature back"), cancel_url=cancel_url,
            submit_class="btn-outline-danger",
        )  # fmt: skip
