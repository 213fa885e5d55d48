"""The forms of the labour officer's desk: movements, ability, grades. They clean, never save."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmates.desk_refusals import BirthDateDiffers
from inmates.enums import Ability, PaperLanguage
from inmates.forms.closed_month import CorrectionField
from inmates.models.custody import HIGHEST_GRADE
from inmates.presenters.person import ability_words
from portal.kernel.forms import DayField, IinField, WholeNumberField, page_helper
from portal.kernel.identifiers import birth_date_of
from portal.kernel.text import date_short
from portal.kernel.workdays import ONE_DAY

FROM_THE_LIST = {"invalid_choice": _("Choose from the list: “%(value)s” is not in it.")}
Choices = list[tuple[Any, Any]]


class FindForm(forms.Form):
    """A person by IIN: the IIN stands in no address and no log."""

    iin = IinField(label=_("IIN"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        page_helper(self, _("Find"), submit_class="btn-outline-primary")


class NamesForm(forms.Form):
    """What the names are needed for: kept in the journal of who looked."""

    PURPOSES = (
        ("placing", _("placing people at work")),
        ("papers", _("papers of a movement or a placement")),
        ("meeting", _("a talk with the person")),
        ("checking", _("checking the records")),
    )
    purpose = forms.ChoiceField(
        label=_("What the names are needed for"), choices=PURPOSES, error_messages=FROM_THE_LIST
    )


class ArrivalForm(forms.Form):
    """Somebody arrives: the IIN and the date of birth have to agree."""

    institution = forms.TypedChoiceField(
        label=_("Institution"), coerce=int, error_messages=FROM_THE_LIST
    )
    on = DayField(label=_("Arrived on"))
    iin = IinField(
        label=_("IIN"),
        required=False,
        help_text=_("Leave empty for a person who has none, a foreigner for example."),
    )
    born_on = DayField(label=_("Date of birth"))
    full_name = forms.CharField(label=_("Surname, name, father's name"), max_length=200)
    personnel_number = forms.CharField(
        label=_("Personnel number"),
        max_length=12,
        help_text=_("The number under which the person stands on lists instead of the name."),
    )
    # Hidden until somebody known is found under the same name and date of birth.
    is_another = forms.BooleanField(
        label=_("This is another person"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, data: Any = None, *, institutions: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["institution"].choices = institutions
        if len(institutions) == 1:
            self.fields["institution"].widget = forms.HiddenInput()
            self.fields["institution"].initial = institutions[0][0]
        if self.is_bound and self.data.get("is_another") == "on":
            self.ask_if_another()
        page_helper(self, _("Enter the arrival"), cancel_url="../..")

    def ask_if_another(self) -> None:
        """Show the tick that lets an arrival pass beside somebody of the same name."""
        self.fields["is_another"].widget = forms.CheckboxInput()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        iin, born_on = cleaned.get("iin"), cleaned.get("born_on")
        told = birth_date_of(iin) if iin else None
        if told is not None and born_on is not None and told != born_on:
            self.add_error("born_on", str(BirthDateDiffers(day=date_short(told))))
        return cleaned


class KnownArrivalForm(forms.Form):
    """Somebody known arrives again, or is taken over: by the IIN, or by name as it was found."""

    iin = IinField(widget=forms.HiddenInput(), required=False)
    # The signed id of a namesake: nobody writes an id of their own in it.
    namesake = forms.CharField(widget=forms.HiddenInput(), required=False)
    institution = forms.TypedChoiceField(
        coerce=int, widget=forms.HiddenInput(), error_messages=FROM_THE_LIST
    )
    on = DayField(widget=forms.HiddenInput())

    def __init__(self, data: Any = None, *, institutions: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["institution"].choices = institutions


class ActForm(forms.Form):
    """A form about one person; its buttons lead back to the person's page."""

    submit_label: Any = _("Save")
    submit_class = "btn-primary"

    def __init__(self, data: Any = None, *, back: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        page_helper(self, self.submit_label, cancel_url=back, submit_class=self.submit_class)


class TransferForm(ActForm):
    institution = forms.TypedChoiceField(
        label=_("To which institution"), coerce=int, error_messages=FROM_THE_LIST
    )
    on = DayField(
        label=_("Day of the transfer"),
        help_text=_("The first day in the other institution. Placements here end by it."),
    )
    correction = CorrectionField()
    submit_label = _("Enter the transfer")

    def __init__(self, data: Any = None, *, institutions: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["institution"].choices = institutions


class ReleaseForm(ActForm):
    reason = forms.TypedChoiceField(
        label=_("Why the person left custody"), coerce=int, error_messages=FROM_THE_LIST
    )
    on = DayField(
        label=_("Day of release"),
        help_text=_(
            "The first day that is no longer counted; work is entered up to the day before."
        ),
    )
    correction = CorrectionField()
    submit_label = _("Enter the release")

    def __init__(self, data: Any = None, *, reasons: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["reason"].choices = reasons


class ExpectedReleaseForm(ActForm):
    release_on = DayField(label=_("Expected release"))
    basis = forms.CharField(
        label=_("Document"),
        max_length=120,
        help_text=_("The sentence or the decision of the court, with its date."),
    )


class AbilityForm(ActForm):
    """A category and its dates; there is no place for a word about health."""

    ability = forms.ChoiceField(
        label=_("Ability to work"),
        widget=forms.RadioSelect,
        error_messages=FROM_THE_LIST,
    )
    category = forms.TypedChoiceField(
        label=_("Category, for whoever is not able-bodied"),
        coerce=int,
        required=False,
        empty_value=None,
        error_messages=FROM_THE_LIST,
    )
    reason = forms.TypedChoiceField(
        label=_("Why without work, for whoever is able-bodied"),
        coerce=int,
        required=False,
        empty_value=None,
        help_text=_("An answer to a private employer's offer is never a reason."),
        error_messages=FROM_THE_LIST,
    )
    is_subject_to_labour = forms.BooleanField(label=_("Obliged to work by law"), required=False)
    effective_from = DayField(label=_("From"))
    last_day = DayField(
        label=_("Last day"),
        required=False,
        help_text=_("Leave empty while no end is known. After this day the portal asks again."),
    )

    def __init__(
        self, data: Any = None, *, categories: Choices, reasons: Choices, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["ability"].choices = list(ability_words().items())
        self.fields["category"].choices = [("", _("choose")), *categories]
        self.fields["reason"].choices = [("", _("none")), *reasons]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        ability = cleaned.get("ability")
        if ability == Ability.UNABLE and not cleaned.get("category"):
            self.add_error("category", _("Choose the category from the list."))
        begin, last = cleaned.get("effective_from"), cleaned.get("last_day")
        if begin and last and last < begin:
            self.add_error("last_day", _("The last day is not before the first one."))
        chosen = {Ability.UNABLE: "category", Ability.ABLE: "reason"}.get(ability or "")
        cleaned["reason_id"] = cleaned.get(chosen) if chosen else None
        cleaned["effective_to"] = last + ONE_DAY if last else None
        return cleaned


class LanguageForm(ActForm):
    language = forms.ChoiceField(
        label=_("Language of papers"),
        choices=PaperLanguage.choices,
        widget=forms.RadioSelect,
        error_messages=FROM_THE_LIST,
    )


class GradeForm(ActForm):
    trade = forms.TypedChoiceField(label=_("Trade"), coerce=int, error_messages=FROM_THE_LIST)
    grade = WholeNumberField(label=_("Grade"), min_value=1, max_value=HIGHEST_GRADE)
    document = forms.CharField(
        label=_("Document"),
        max_length=120,
        help_text=_("Certificate or record of the commission, with its number."),
    )
    awarded_on = DayField(label=_("Awarded on"))

    def __init__(self, data: Any = None, *, trades: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["trade"].choices = trades
