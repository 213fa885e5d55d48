"""Forms of the public pages without a domain."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.documents.codes import clean_code, clean_number
from portal.kernel.forms import page_helper

MONOSPACED = {"autocomplete": "off", "spellcheck": "false"}


class VerifyForm(forms.Form):
    """The number and the check code of a paper, as somebody types them from it."""

    number = forms.CharField(
        label=_("Number of the document"),
        max_length=100,
        help_text=_("Such as 2026-00017; it stands beside the QR code."),
        widget=forms.TextInput({**MONOSPACED, "inputmode": "text"}),
    )
    code = forms.CharField(
        label=_("Check code"),
        max_length=100,
        help_text=_("Twelve characters below the number; dashes and capitals do not matter."),
        widget=forms.TextInput({**MONOSPACED, "autocapitalize": "characters"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(self, _("Check the document"), action=reverse("front:verify"))

    def clean_number(self) -> str:
        number = clean_number(self.cleaned_data["number"])
        if not number:
            raise forms.ValidationError(
                _("A number has a year and a count: 2026-00017. Look beside the QR code.")
            )
        return number

    def clean_code(self) -> str:
        code = clean_code(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(
                _("A check code has twelve characters in three groups. Compare it with the paper.")
            )
        return code
