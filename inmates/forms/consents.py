"""What the labour officer types about consents and places, cleaned and typed."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmates.enums import PayForm
from portal.accounts.models import Organisation
from portal.kernel.forms import DayField, page_helper
from portal.kernel.uploads import MAX_FILE_MEGABYTES
from workshops.models import Post

LANGUAGES = (("ru", _("Russian")), ("kk", _("Kazakh")))


class _Organisations(forms.ModelChoiceField):
    def label_from_instance(self, organisation: Any) -> str:
        return str(organisation.name)


class _Posts(forms.ModelChoiceField):
    def label_from_instance(self, post: Any) -> str:
        return f"{post.workshop.name}, {post.name}"


def _scan_field(*, required: bool) -> forms.FileField:
    """A scan; an empty file has a sentence of its own, the service's."""
    return forms.FileField(
        label=_("Scan of the signed paper"),
        help_text=_("PDF, PNG, JPEG or WebP, up to %(most)s MB.") % {"most": MAX_FILE_MEGABYTES},
        required=required,
        allow_empty_file=True,
        error_messages={"required": _("Choose a file first.")},
        widget=forms.FileInput({"accept": ".pdf,.png,.jpg,.jpeg,.webp"}),
    )


class _SignedForm(forms.Form):
    """What every signed consent has: number, day, language of the paper, perhaps its scan."""

    document_number = forms.CharField(label=_("Number of the document"), max_length=40)
    given_on = DayField(label=_("Signed on"))
    language = forms.ChoiceField(label=_("Language of the signed paper"), choices=LANGUAGES)
    scan = _scan_field(required=False)

    def __init__(self, *args: Any, on: date, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["given_on"].initial = on
        page_helper(self, _("Enter the consent"), cancel_url=cancel_url)

    def clean_given_on(self) -> date:
        day: date = self.cleaned_data["given_on"]
        if day > self.on:
            raise forms.ValidationError(_("This day has not come yet."))
        return day


class PrivateWorkForm(_SignedForm):
    """A consent to work for one private employer."""

    employer = _Organisations(
        label=_("Private employer"), queryset=Organisation.objects.none(), empty_label=None
    )
    field_order = ("employer", "document_number", "given_on", "language", "scan")

    def __init__(self, *args: Any, employers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].queryset = employers  # type: ignore[attr-defined]  # a choice field


class PersonalDataForm(_SignedForm):
    """A consent to data processing with the elements the law asks for."""

    operator = _Organisations(
        label=_("Operator of the data"),
        help_text=_("Its name and BIN are kept as they stand today."),
        queryset=Organisation.objects.none(),
        empty_label=None,
    )
    valid_until = DayField(label=_("Valid until"))
    data_list = forms.CharField(
        label=_("List of data"), max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    third_parties = forms.CharField(
        label=_("Passed on to third parties"),
        help_text=_("To whom. Leave it empty if the data is passed on to nobody."),
        max_length=500,
        required=False,
    )
    cross_border = forms.CharField(
        label=_("Passed on across the border"),
        help_text=_("To which country. Leave it empty if the data stays in Kazakhstan."),
        max_length=500,
        required=False,
    )
    published_in = forms.CharField(
        label=_("Published in open sources"),
        help_text=_("Where. Leave it empty if nothing is published."),
        max_length=500,
        required=False,
    )
    other = forms.CharField(
        label=_("Other details"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    field_order = (
        "document_number", "given_on", "language", "operator", "valid_until", "data_list",
        "third_parties", "cross_border", "published_in", "other", "scan",
    )  # fmt: skip

    def __init__(self, *args: Any, operators: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operator"].queryset = operators  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        given, until = data.get("given_on"), data.get("valid_until")
        if given and until and until < given:
            self.add_error("valid_until", _("The consent ends before the day it is signed."))
        return data


class WithdrawForm(forms.Form):
    """The day from which the consent does not hold; nothing is asked about why."""

    withdrawn_on = DayField(
        label=_("Withdrawn from"), help_text=_("The first day on which it does not hold.")
    )

    def __init__(self, *args: Any, on: date, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["withdrawn_on"].initial = on
        page_helper(self, _("Enter the withdrawal"), cancel_url=cancel_url)


class ScanForm(forms.Form):
    """One file; its content is checked by the service."""

    scan = _scan_field(required=True)

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(self, _("Add the scan"), cancel_url=cancel_url)


class OfferForm(forms.Form):
    """Which place is offered."""

    post = _Posts(label=_("Place"), queryset=Post.objects.none(), empty_label=None)

    def __init__(self, *args: Any, posts: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = posts  # type: ignore[attr-defined]  # a choice field
        page_helper(self, _("Offer the place"), cancel_url=cancel_url)


class PlaceForm(forms.Form):
    """Terms of the place; the reason is asked for when the order of the queue is not kept."""

    employer = _Organisations(
        label=_("Employer"), queryset=Organisation.objects.none(), empty_label=None
    )
    pay_form = forms.ChoiceField(label=_("Pay"), choices=PayForm.choices)
    effective_from = DayField(label=_("From"))
    basis = forms.CharField(label=_("Contract or order"), max_length=120)
    reason = forms.CharField(
        label=_("Why the order of the queue is not kept"),
        help_text=_("It is kept for good and the department reads it."),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(
        self, *args: Any, on: date, employers: Any, is_first: bool, cancel_url: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].queryset = employers  # type: ignore[attr-defined]  # a choice field
        self.fields["effective_from"].initial = on + timedelta(days=1)
        if is_first:
            del self.fields["reason"]
        page_helper(self, _("Give the place"), cancel_url=cancel_url)
