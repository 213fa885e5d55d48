"""The form that starts a payroll run."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmates.selectors.payroll import Place
from portal.kernel.forms import page_helper
from portal.kernel.periods import Month
from portal.kernel.text import month_name

FROM_THE_LIST = {"invalid_choice": _("Choose from the list: “%(value)s” is not in it.")}


class StartRunForm(forms.Form):
    """Whose wages, where, for which month."""

    payer = forms.TypedChoiceField(label=_("Payer"), coerce=int, error_messages=FROM_THE_LIST)
    institution = forms.TypedChoiceField(
        label=_("Institution"), coerce=int, error_messages=FROM_THE_LIST
    )
    month = forms.TypedChoiceField(
        label=_("Month"),
        coerce=Month.parse,
        error_messages={
            "invalid_choice": _(
                "Wages are calculated for a month of the list, not for “%(value)s”."
            )
        },
        help_text=_("Hours and output of this month are paid at the rates of each day."),
    )

    def __init__(
        self, data: Any = None, *, places: list[Place], months: list[Month], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.pairs = {place.key for place in places}
        payers = {place.payer.pk: place.payer.name for place in places}
        institutions = {
            place.institution.pk: place.institution.organisation.name for place in places
        }
        self.fields["payer"].choices = list(payers.items())
        self.fields["institution"].choices = list(institutions.items())
        self.fields["month"].choices = [
            (str(month), month_name(month).capitalize()) for month in months
        ]
        page_helper(self, _("Start the run"), cancel_url="..", cancel_label=_("Back to payroll"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        pair = cleaned.get("payer"), cleaned.get("institution")
        if None not in pair and pair not in self.pairs:
            self.add_error(
                "institution", _("This payer has nobody in this institution. Choose another.")
            )
        return cleaned
