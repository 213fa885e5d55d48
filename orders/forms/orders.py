"""What people type about baskets and orders, cleaned and typed. Forms never save."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.selectors.baskets import BasketView
from orders.services.sending import Contact, Seen
from portal.accounts.models import Organisation
from portal.kernel.forms import DayField, PhoneField, WholeNumberField, page_helper

QUANTITY_ERRORS = {
    "required": _("Enter a quantity."),
    "invalid": _("Enter a whole number, in digits."),
}
SEEN_LINE = re.compile(r"(\d{1,18})x(\d{1,9})@(\d{1,12}\.\d{2})", re.ASCII)


class QuantityForm(forms.Form):
    """A quantity; the service knows the least and the most."""

    quantity = WholeNumberField(label=_("Quantity"), error_messages=QUANTITY_ERRORS)


class AddToBasketForm(QuantityForm):
    """A quantity of an offer."""

    offer = forms.IntegerField(error_messages={"required": _("Choose the workshop.")})

    def sentences(self) -> list[str]:
        """All errors in words."""
        return [str(error) for errors in self.errors.values() for error in errors]


def written(basket: BasketView) -> str:
    """What the buyer sees, as one hidden field: 12x3@185000.00;13x1@96500.00"""
    return ";".join(
        f"{row.offer_id}x{row.quantity}@{row.shown.offer.price:.2f}" for row in basket.rows
    )


class CheckoutForm(forms.Form):
    """In whose name, whom to call, where to deliver."""

    buyer = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), empty_label=None
    )
    contact_name = forms.CharField(
        label=_("Contact person"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    contact_phone = PhoneField(label=_("Phone"))
    delivery_address = forms.CharField(
        label=_("Delivery address"),
        help_text=_("Town, street, house; floor if the goods must be carried up."),
        max_length=300,
        widget=forms.TextInput({"autocomplete": "street-address"}),
    )
    comment = forms.CharField(
        label=_("Comment for the workshop"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, buyers: Any, basket: BasketView, **kwargs: Any) -> None:
        self._basket = basket
        super().__init__(*args, **kwargs)
        self.fields["buyer"].queryset = buyers  # type: ignore[attr-defined]  # a ModelChoiceField
        self.initial.setdefault("submission", uuid4())
        self.initial.setdefault("seen", written(basket))
        page_helper(self, _("Send the order"))

    def clean_seen(self) -> Mapping[int, Seen]:
        """What was on the page that is sent; something else was never shown by us."""
        lines = str(self.cleaned_data["seen"]).split(";")
        found = [match for line in lines if (match := SEEN_LINE.fullmatch(line))]
        return {int(m[1]): Seen(int(m[2]), Decimal(m[3])) for m in found}

    def contact(self) -> Contact:
        data = self.cleaned_data
        return Contact(
            name=data["contact_name"],
            phone=data["contact_phone"],
            address=data["delivery_address"],
            comment=data["comment"],
        )

    def show_again(self) -> None:
        """After a refusal: what was typed stays, what is seen is what the page shows now.

        What is sent then is another order than the one refused, if that was ever sent.
        """
        self.data = self.data.copy()
        self.data["submission"] = str(uuid4())
        self.data["seen"] = written(self._basket)


class ConfirmForm(forms.Form):
    """By which day the seller plans to have the order made."""

    due_on = DayField(
        label=_("Planned to be ready by"),
        help_text=_("The workshop gets this day as the due date of its work orders."),
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(self, _("Confirm the order"), action=action)
