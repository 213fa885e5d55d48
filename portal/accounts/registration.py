"""The form by which a customer registers its organisation (pages of views.py)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import CUSTOMER_KINDS, OrganisationKind
from portal.kernel.forms import IinBinField, PhoneField, page_helper
from portal.kernel.identifiers import looks_like_bin

KINDS = [(kind.value, kind.label) for kind in CUSTOMER_KINDS]


class RegistrationForm(forms.Form):
    """Who orders: the kind, the BIN (or the IIN of an individual entrepreneur), the names."""

    kind = forms.ChoiceField(label=_("Kind of organisation"), choices=KINDS)
    identifier = IinBinField(
        label=_("BIN or IIN"),
        help_text=_("12 digits. An individual entrepreneur enters the IIN, all others the BIN."),
        max_length=30,
    )
    name_ru = forms.CharField(
        label=_("Name in Russian"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    name_kk = forms.CharField(label=_("Name in Kazakh"), max_length=200, required=False)
    address = forms.CharField(
        label=_("Address"),
        max_length=300,
        widget=forms.TextInput({"autocomplete": "street-address"}),
    )
    phone = PhoneField(label=_("Phone"))
    next = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(self, _("Register"))

    def clean_identifier(self) -> str:
        """The number must be of the kind the organisation goes by."""
        number: str = self.cleaned_data["identifier"]
        is_person = self.cleaned_data.get("kind") == OrganisationKind.ENTREPRENEUR
        if is_person and looks_like_bin(number):
            raise forms.ValidationError(
                _("This is a BIN. An individual entrepreneur registers by the IIN.")
            )
        if not is_person and not looks_like_bin(number):
            raise forms.ValidationError(
                _("This is an IIN of a person. Only an individual entrepreneur registers by it.")
            )
        return number

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "next"}
