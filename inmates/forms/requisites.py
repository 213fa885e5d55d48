"""What an administrator types about the recipient of a payment: never saved here."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmates.services.payment_codes import Requisites
from portal.accounts.models import Organisation
from portal.kernel.forms import DayField, page_helper
from portal.kernel.identifiers import check_bin, check_iban, clean_identifier


class IdentifierField(forms.CharField):
    """A BIN or an account, with or without spaces."""

    def __init__(self, *, check: Callable[[str], None], **kwargs: Any) -> None:
        super().__init__(validators=[check], **kwargs)

    def to_python(self, value: Any) -> str:
        return clean_identifier(super().to_python(value) or "").upper()


class RequisitesForm(forms.Form):
    """Of which payer, from which day, and to whom."""

    payer = forms.TypedChoiceField(
        label=gettext_lazy("Payer"), coerce=int, empty_value=None, required=False
    )
    since = DayField(label=gettext_lazy("In force from"))
    recipient = forms.CharField(label=gettext_lazy("Recipient"), max_length=200)
    recipient_bin = IdentifierField(label=gettext_lazy("BIN of the recipient"), check=check_bin)
    recipient_account = IdentifierField(label=gettext_lazy("Account (IBAN)"), check=check_iban)
    recipient_bik = forms.RegexField(
        r"^[A-Z0-9]{8}$",
        label=gettext_lazy("Code of the bank"),
        error_messages={"invalid": gettext_lazy("Eight Latin letters and digits.")},
    )
    recipient_kbe = forms.RegexField(
        r"^[0-9]{2}$",
        label=gettext_lazy("Code of the beneficiary"),
        error_messages={"invalid": gettext_lazy("Two digits.")},
    )
    knp = forms.RegexField(
        r"^[0-9]{3}$",
        label=gettext_lazy("Payment code"),
        required=False,
        error_messages={"invalid": gettext_lazy("Three digits.")},
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=300,
        help_text=gettext_lazy("The paper or page the requisites are taken from."),
    )

    def __init__(
        self, *args: Any, payers: Iterable[Organisation], cancel_url: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("All payers without their own")), *((one.pk, one.name) for one in payers)]
        payer: Any = self.fields["payer"]
        payer.choices = choices
        page_helper(self, _("Enter the requisites"), cancel_url=cancel_url)

    def requisites(self) -> Requisites:
        data = self.cleaned_data
        return Requisites(**{name: data[name] for name in Requisites.__dataclass_fields__})
