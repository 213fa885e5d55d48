"""The form of one-off earnings: whose, for which month, of which kind, by what document."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmates.selectors.payroll import Place
from inmates.services.extra_pay import NewExtraPay
from portal.kernel.forms import MoneyFormField, page_helper
from portal.kernel.money import TIYN
from portal.kernel.periods import Month
from portal.kernel.text import month_name


class ExtraPayForm(forms.Form):
    """A payment of one person; a wrong one is removed and entered again."""

    place = forms.ChoiceField(label=_("Payer and institution"))
    month = forms.TypedChoiceField(label=_("Month"), coerce=Month.parse)
    number = forms.CharField(label=_("Personnel number"), max_length=12)
    kind = forms.ChoiceField(label=_("Kind of payment"))
    amount = MoneyFormField(
        label=_("Sum, ₸"),
        min_value=TIYN,
        error_messages={"min_value": _("Enter a sum above nought.")},
    )
    basis = forms.CharField(
        label=_("Document"),
        max_length=160,
        help_text=_("The order that grants the payment, with its number and day."),
    )

    def __init__(
        self,
        *args: Any,
        places: Iterable[Place],
        months: Iterable[Month],
        kinds: Iterable[tuple[str, str]],
        cancel_url: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [
            (f"{place.key[0]}-{place.key[1]}", _place_name(place)) for place in places
        ]
        self.fields["month"].choices = [
            (str(month), month_name(month).capitalize()) for month in months
        ]
        self.fields["kind"].choices = list(kinds)
        page_helper(self, _("Add the payment"), cancel_url=cancel_url, is_sent_once=True)

    def new_extra(self) -> NewExtraPay:
        data = self.cleaned_data
        payer_id, _dash, institution_id = data["place"].partition("-")
        amount: Decimal = data["amount"]
        return NewExtraPay(
            payer_id=int(payer_id),
            institution_id=int(institution_id),
            month=data["month"],
            number=data["number"],
            kind=data["kind"],
            amount=amount,
            basis=data["basis"],
        )


def _place_name(place: Place) -> str:
    payer, institution = place.payer.name, place.institution.organisation.name
    return payer if payer == institution else f"{payer}, {institution}"
