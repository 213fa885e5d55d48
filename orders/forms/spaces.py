"""What people type about a visit: the application, the answers, the handing over."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.services.spaces import Wanted
from portal.accounts.models import Organisation
from portal.kernel.forms import (
    DayField,
    IinBinField,
    PhoneField,
    WholeNumberField,
    fields_part,
    page_helper,
)
from workshops.selectors.spaces import Official

MOST_JOBS = 5000
CONSENT = _("Your phone and e-mail are seen by the institution alone, and used to answer you.")


class SpaceApplicationForm(forms.Form):
    """Who asks, what for, how many jobs. A signed-in buyer chooses the organisation instead."""

    applicant = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), empty_label=None
    )
    company = forms.CharField(
        label=_("Company or individual entrepreneur"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    bin = IinBinField(label=_("BIN or IIN"), required=False, max_length=30)
    contact_name = forms.CharField(
        label=_("Contact person"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    contact_phone = PhoneField(label=_("Phone"))
    contact_email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("The link to your application comes here."),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    activity = forms.CharField(
        label=_("What you want to do there"),
        help_text=_("For example: sewing of working clothes, two lines."),
        max_length=300,
    )
    jobs = WholeNumberField(
        label=_("How many jobs"),
        min_value=1,
        max_value=MOST_JOBS,
        error_messages={
            "invalid": _("Enter a whole number, in digits."),
            "min_value": _("How many jobs? At least one."),
        },
    )
    message = forms.CharField(
        label=_("What else the institution should know"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )
    # People do not see this field; what fills it is a machine.
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if organisations:
            self.fields["applicant"].queryset = organisations  # type: ignore[attr-defined]  # a ModelChoiceField
            del self.fields["company"], self.fields["bin"]
        else:
            del self.fields["applicant"]
        self.initial.setdefault("submission", uuid4())
        seen = [name for name in self.fields if name != "website"]
        page_helper(
            self,
            _("Ask for a visit"),
            layout=[
                *seen,
                fields_part('<div class="trap" aria-hidden="true">'),
                "website",
                fields_part("</div>"),
                fields_part(f'<p class="second">{CONSENT}</p>'),
            ],
        )

    def clean_website(self) -> str:
        """Said in words too: a helpful browser may have filled it for a person."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("This field must stay empty. Clear it and send again."))
        return ""

    def wanted(self) -> Wanted:
        data = self.cleaned_data
        applicant = data.get("applicant")
        return Wanted(
            contact_name=data["contact_name"],
            contact_phone=data["contact_phone"],
            contact_email=data["contact_email"],
            activity=data["activity"],
            jobs=data["jobs"],
            message=data["message"],
            company=data.get("company", ""),
            bin=data.get("bin", ""),
            applicant_id=applicant.pk if applicant else None,
        )


class AgreeVisitForm(forms.Form):
    """On which day the applicant comes, and how."""

    visit_on = DayField(label=_("Day of the visit"))
    note = forms.CharField(
        label=_("How to come"),
        help_text=_("The hour, the documents to bring, whom to ask for. The applicant reads it."),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(self, _("Agree the visit"), action=action)


class HandOverForm(forms.Form):
    """Who answers from now on."""

    to = forms.TypedChoiceField(label=_("Who answers from now on"), coerce=int)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The department reads it, the applicant does not."),
        required=False,
        max_length=300,
    )

    def __init__(
        self, *args: Any, colleagues: Iterable[Official], action: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [  # type: ignore[attr-defined]  # a choice field
            (one.user.pk, f"{one.user.get_full_name()}, {str(one.role.label).lower()}")
            for one in colleagues
        ]
        page_helper(self, _("Hand over"), action=action, submit_class="btn-outline-primary")
