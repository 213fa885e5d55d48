"""Forms of the directory of reasons: adding one, retiring one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmates.enums import AbsencePay, ReasonGroup
from inmates.services.reasons import NewReason
from inmates.shipped_reasons import FLAGS
from portal.kernel.forms import DayField, page_helper

CHOSEN_GROUPS = [(one.value, one.label) for one in ReasonGroup if one != ReasonGroup.MARK]
PAY_KINDS = [("", _("Not paid, or worked")), *AbsencePay.choices]


class AddReasonForm(forms.Form):
    """A new reason: once saved, only its last day is ever written again."""

    group = forms.ChoiceField(label=_("Used for"), choices=CHOSEN_GROUPS)
    letter = forms.CharField(
        label=_("Letter in the timesheet"),
        max_length=3,
        required=False,
        help_text=_("One to three letters. Needed for an absence on a day."),
    )
    name_ru = forms.CharField(label=_("Name in Russian"), max_length=120)
    name_kk = forms.CharField(label=_("Name in Kazakh"), max_length=120)
    name_en = forms.CharField(
        label=_("Name in English"), max_length=120, help_text=_("The code is made of it.")
    )
    is_paid = forms.BooleanField(label=_("Paid"), required=False)
    pay_kind = forms.ChoiceField(
        label=_("How an absence is paid"),
        choices=PAY_KINDS,
        required=False,
        help_text=_("For a paid absence on a day. The wages are calculated by it."),
    )
    is_worked = forms.BooleanField(label=_("Worked: minutes are entered beside it"), required=False)
    counts_as_available = forms.BooleanField(
        label=_("Counts as available for work"), required=False
    )
    needs_text = forms.BooleanField(label=_("A text has to be written beside it"), required=False)
    is_lasting = forms.BooleanField(label=_("Proposed again on the next day"), required=False)
    is_refusal = forms.BooleanField(
        label=_("Absent by the person's own will"),
        required=False,
        help_text=_("Never offered for work at a private employer."),
    )
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("The law, form or order that names it.")
    )
    offered_from = DayField(label=_("Offered from"))

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(self, _("Add the reason"), cancel_url=cancel_url, is_sent_once=True)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("group") == ReasonGroup.ATTENDANCE and not data.get("letter"):
            self.add_error("letter", _("An absence on a day has a letter in the timesheet."))
        if data.get("is_refusal") and (data.get("is_paid") or data.get("is_worked")):
            self.add_error("is_refusal", _("Such a day is neither paid nor worked."))
        is_absence = data.get("group") == ReasonGroup.ATTENDANCE and not data.get("is_worked")
        is_paid_absence = is_absence and bool(data.get("is_paid"))
        if is_paid_absence and not data.get("pay_kind"):
            self.add_error("pay_kind", _("Choose how the absence is paid."))
        if data.get("pay_kind") and not is_paid_absence:
            self.add_error(
                "pay_kind", _("Only a paid absence on a day, without work, is paid in this way.")
            )
        return data

    def new_reason(self) -> NewReason:
        data = self.cleaned_data
        return NewReason(
            group=data["group"],
            letter=data["letter"],
            names={language: data[f"name_{language}"] for language in ("ru", "kk", "en")},
            source=data["source"],
            offered_from=data["offered_from"],
            flags={flag: data[flag] for flag in FLAGS},
            pay_kind=data["pay_kind"],
        )


class RetireReasonForm(forms.Form):
    """From which day on the reason is no longer offered."""

    retired_on = DayField(
        label=_("Not offered from"),
        help_text=_("What was entered with it before stays as it is, for ever."),
    )

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(
            self,
            _("Retire the reason"),
            cancel_url=cancel_url,
            submit_class="btn-outline-danger",
        )
