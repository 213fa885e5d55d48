"""The forms of the terminals: signing in, choosing a PIN, a code; they clean, never save."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inmates.enums import PaperLanguage
from inmates.terminal.limits import PIN_LENGTH
from inmates.terminal.secrets import CODE_LENGTH
from portal.kernel.forms import page_helper

SIX_DIGITS = RegexValidator(rf"\A[0-9]{{{PIN_LENGTH}}}\Z", _("A PIN has six digits."))


def pin_field(label: Any, name: str, autocomplete: str) -> forms.CharField:
    """Typed unseen, on the keys of the screen or of a keyboard.

    `autocomplete` as browsers read it: "off" is passed over for passwords, and one that offered
    to keep a PIN would offer it to whoever comes next.
    """
    attrs = {
        "inputmode": "numeric",
        "autocomplete": autocomplete,
        "maxlength": PIN_LENGTH,
        "data-pad": name,
    }
    return forms.CharField(label=label, widget=forms.PasswordInput(attrs), validators=[SIX_DIGITS])


class SignInForm(forms.Form):
    """Personnel number and PIN, and the language the screen speaks."""

    number = forms.CharField(
        label=_("Personnel number"),
        max_length=12,
        widget=forms.TextInput(
            {"inputmode": "numeric", "autocomplete": "off", "data-pad": "number"}
        ),
    )
    pin = pin_field(_("PIN, six digits"), "pin", "one-time-code")
    language = forms.ChoiceField(
        choices=PaperLanguage.choices, required=False, widget=forms.HiddenInput
    )


class ChoosePinForm(forms.Form):
    """A PIN of one's own, twice."""

    pin = pin_field(_("Your new PIN, six digits"), "pin", "new-password")
    again = pin_field(_("The same once more"), "again", "new-password")

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or {}
        if {"pin", "again"} <= clean.keys() and clean["pin"] != clean["again"]:
            self.add_error("again", _("The two PINs differ. Type both again."))
        return clean


class ActivateForm(forms.Form):
    """The code that an officer reads off the portal."""

    code = forms.CharField(
        label=_("Code of ten digits"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "data-pad": "code"}),
    )

    def clean_code(self) -> str:
        """Without the spaces between its parts."""
        code = "".join(str(self.cleaned_data["code"]).split())
        if len(code) != CODE_LENGTH or not (code.isascii() and code.isdecimal()):
            raise forms.ValidationError(_("The code has ten digits."), code="invalid")
        return code


class TerminalForm(forms.Form):
    """Where a new terminal stands."""

    institution = forms.ChoiceField(label=_("Institution"))
    place = forms.CharField(
        label=_("Where it stands"), max_length=80, help_text=_("For example: unit 3, corridor")
    )

    def __init__(self, data: Any = None, *, institutions: list[tuple[int, str]]) -> None:
        super().__init__(data)
        field = self.fields["institution"]
        field.choices = institutions  # type: ignore[attr-defined]  # a ChoiceField
        if len(institutions) == 1:
            field.widget = forms.HiddenInput()
            field.initial = institutions[0][0]
        page_helper(
            self, _("Enter the terminal"), action=reverse("inmates:terminals"),
            submit_class="btn-outline-primary",
        )  # fmt: skip
