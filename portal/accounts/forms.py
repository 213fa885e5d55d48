"""The sign-in library's forms in our layout: no placeholders, one helper, one main act each.

Named by ACCOUNT_FORMS and MFA_FORMS in the settings; the library's views make and save them.
"""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes import forms as recovery
from allauth.mfa.totp import forms as totp
from crispy_forms.layout import Layout
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.kernel.forms import fields_part, page_helper

Text = str | Promise


class OwnLayout:
    """Mixed into a form of the library: labels and hints in our words, drawn by our helper."""

    submit_label: Text = _("Save")
    labels: ClassVar[dict[str, Text]] = {}
    hints: ClassVar[dict[str, Text]] = {}
    # The library tells the buttons of one page apart by their names.
    action_name = ""
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            # A label stands above the field; a second one inside it would vanish when typing.
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
        layout = Layout(*self.fields)
        if self.action_name:
            layout.append(fields_part(f'<input type="hidden" name="{self.action_name}" value="1">'))
        page_helper(self, self.submit_label, layout=layout)  # type: ignore[arg-type]  # a mixin


PASSWORD_HINT = _("At least 10 characters; not only digits and not a common word.")
EMAIL: Text = _("E-mail")


class LoginForm(OwnLayout, account.LoginForm):
    """Sign in by e-mail and password."""

    submit_label = _("Sign in")
    labels = {"login": EMAIL, "password": _("Password")}


class SignupForm(OwnLayout, account.SignupForm):
    """An account of one's own; the organisation is registered with the first order."""

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    field_order = ("full_name", "email", "password1", "password2")
    submit_label = _("Create account")
    labels = {"email": EMAIL, "password1": _("Password"), "password2": _("Password once more")}
    hints = {"password1": PASSWORD_HINT}

    def signup(self, request: Any, user: User) -> None:
        """Called by the library once the user has an e-mail: the name joins it."""
        user.full_name = self.cleaned_data["full_name"]
        user.save(update_fields=["full_name"])


class AddEmailForm(OwnLayout, account.AddEmailForm):
    submit_label = _("Add e-mail")
    action_name = "action_add"
    labels = {"email": EMAIL}


class ChangePasswordForm(OwnLayout, account.ChangePasswordForm):
    submit_label = _("Change password")
    labels = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password once more"),
    }
    hints = {"password1": PASSWORD_HINT}


class SetPasswordForm(OwnLayout, account.SetPasswordForm):
    submit_label = _("Set password")
    labels = {"password1": _("New password"), "password2": _("New password once more")}
    hints = {"password1": PASSWORD_HINT}


class ResetPasswordForm(OwnLayout, account.ResetPasswordForm):
    submit_label = _("Send the link")
    labels = {"email": EMAIL}


class ResetPasswordKeyForm(OwnLayout, account.ResetPasswordKeyForm):
    submit_label = _("Change password")
    labels = {"password1": _("New password"), "password2": _("New password once more")}
    hints = {"password1": PASSWORD_HINT}


class ReauthenticateForm(OwnLayout, account.ReauthenticateForm):
    submit_label = _("Confirm")
    labels = {"password": _("Password")}


CODE_LABELS: dict[str, Text] = {"code": _("Code from the application")}


class SecondFactorForm(OwnLayout, mfa.AuthenticateForm):
    submit_label = _("Sign in")
    labels = CODE_LABELS
    hints = {"code": _("Six digits, or one of your recovery codes.")}


class SecondFactorAgainForm(OwnLayout, mfa.ReauthenticateForm):
    submit_label = _("Confirm")
    labels = CODE_LABELS
    hints = {"code": _("Six digits, or one of your recovery codes.")}


class ActivateTotpForm(OwnLayout, totp.ActivateTOTPForm):
    submit_label = _("Turn on")
    labels = CODE_LABELS


class DeactivateTotpForm(OwnLayout, totp.DeactivateTOTPForm):
    submit_label = _("Turn off")


class GenerateRecoveryCodesForm(OwnLayout, recovery.GenerateRecoveryCodesForm):
    submit_label = _("Make new codes")
