"""What people type for certificates, notices to bailiffs and the leaving file: never saved here."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmates.papers.enums import CertificateAsker
from portal.accounts.models import Organisation
from portal.kernel.forms import DayField, page_helper
from portal.kernel.periods import Month


class MonthField(forms.CharField):
    """A month typed as 10.2026; 2026-10 is taken too."""

    default_error_messages = {"month": gettext_lazy("Write the month as 10.2026.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 7)
        kwargs.setdefault(
            "widget", forms.TextInput({"inputmode": "numeric", "placeholder": "10.2026"})
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Month | None:
        typed = super().clean(value)
        if not typed:
            return None
        first, dot, year = typed.partition(".")
        try:
            return Month.parse(f"{year}-{first:0>2}" if dot else typed)
        except ValueError:
            raise forms.ValidationError(self.error_messages["month"], code="month") from None


class CertificateForm(forms.Form):
    """Whose wages of which months, and who asks."""

    payer = forms.TypedChoiceField(label=gettext_lazy("Payer"), coerce=int)
    number = forms.CharField(label=gettext_lazy("Personnel number"), max_length=12)
    first = MonthField(label=gettext_lazy("First month"))
    last = MonthField(label=gettext_lazy("Last month"))
    asked_by = forms.ChoiceField(
        label=gettext_lazy("Who asks"), choices=CertificateAsker.choices, widget=forms.RadioSelect
    )
    authority = forms.CharField(
        label=gettext_lazy("Authority"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("A court, a bailiff, a social office: as in its letter."),
    )
    letter = forms.CharField(
        label=gettext_lazy("Number and date of the letter"), max_length=120, required=False
    )

    def __init__(self, *args: Any, payers: Iterable[Organisation], back: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [(one.pk, one.name) for one in payers]
        payer: Any = self.fields["payer"]
        payer.choices = choices
        if len(choices) == 1:
            self.fields["payer"].widget = forms.HiddenInput()
            self.initial.setdefault("payer", choices[0][0])
        page_helper(self, _("Make the certificate"), cancel_url=back)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", _("The last month is not before the first one."))
        if data.get("asked_by") == CertificateAsker.AUTHORITY:
            for name in ("authority", "letter"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Name the authority and its letter."))
        else:
            data["authority"] = data["letter"] = ""
        return data


class SendNoticeForm(forms.Form):
    """On which day and under which number the bailiff was told."""

    sent_on = DayField(label=gettext_lazy("Sent on"))
    outgoing_number = forms.CharField(label=gettext_lazy("Outgoing number"), max_length=40)

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(self, _("Mark as sent"), action=action)


class CancelNoticeForm(forms.Form):
    """Why no notice is needed."""

    reason = forms.CharField(label=gettext_lazy("Why it is not needed"), max_length=200)

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(self, _("Not needed"), action=action, submit_class="btn-outline-danger")


class StepForm(forms.Form):
    """What was done with a step of the leaving file, in a few words."""

    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Document, number, date; never about health or conduct."),
    )


def year_of(asked: str, on: date) -> int:
    """The year asked for, the present one where it is none."""
    is_year = asked.isdecimal() and len(asked) == 4 and 2000 <= int(asked) <= 2100
    return int(asked) if is_year else on.year


def quarter_asked(asked: str) -> int | None:
    """1 to 4, or the whole year."""
    return int(asked) if asked in {"1", "2", "3", "4"} else None
