"""What is typed about a question: at the terminal, on the public page, at an officer's desk."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from inmates.enums import PaperLanguage
from inmates.questions.answers import LONGEST_ANSWER
from inmates.questions.enums import AnswerWay, WageTopic
from inmates.questions.services import LONGEST_TEXT, Wanted
from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.kernel.forms import fields_part, page_helper

TEXT_HELP = _("In your own words, in either language. You may leave it empty.")
CODE_HELP = _("Twelve letters and digits at the foot of the payslip, such as 7KQF-92MT-XW4C.")


class _QuestionForm(forms.Form):
    """What every way of asking has: the topic, the words, how the answer comes."""

    topic = forms.ChoiceField(
        label=_("What is it about?"), choices=WageTopic.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("What happened?"),
        help_text=TEXT_HELP,
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 5, "autocomplete": "off"}),
    )
    answer_way = forms.ChoiceField(
        label=_("How should the answer come?"),
        choices=AnswerWay.choices,
        initial=AnswerWay.TERMINAL,
        widget=forms.RadioSelect,
        help_text=_(
            "A letter goes to the institution by the personnel number; the name stands on it only "
            "if it was given to the office."
        ),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("submission", uuid4())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("topic") == WageTopic.OTHER and not data.get("text"):
            self.add_error("text", _("Say in your own words what it is about."))
        return data

    def wanted(self, **fields: Any) -> Wanted:
        """What the service is asked for; `fields` are what this way of asking adds."""
        data = self.cleaned_data
        words = {name: data[name] for name in ("topic", "text", "answer_way")}
        return Wanted(**(words | fields))


class TerminalQuestionForm(_QuestionForm):
    """A person asks about a payslip, one line of it, or about their pay in general."""

    slip = forms.TypedChoiceField(
        label=_("About which month?"), coerce=int, empty_value=None, required=False
    )
    line = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    addressee = forms.TypedChoiceField(
        label=_("Who should answer?"),
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_("Nobody in the institution and nobody who pays you sees your question."),
    )
    is_named = forms.BooleanField(
        label=_("The office may see my name"),
        required=False,
        help_text=_("Without it the office sees the payslip, and not whose it is."),
    )

    def __init__(
        self,
        *args: Any,
        slips: Iterable[tuple[int, str]],
        offices: Iterable[Organisation],
        is_about_line: bool,
        cancel_url: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        slip, addressee = self.fields["slip"], self.fields["addressee"]
        slip.choices = [("", _("No particular month")), *slips]  # type: ignore[attr-defined]  # a choice field
        addressee.choices = [(one.pk, one.name) for one in offices]  # type: ignore[attr-defined]  # a choice field
        if is_about_line:
            # The line belongs to one payslip: its month is told above the form.
            slip.widget = forms.HiddenInput()
        order = ["topic", "slip", "line", "text", "addressee", "is_named", "answer_way"]
        page_helper(
            self, _("Send the question"), layout=[*order, "submission"], cancel_url=cancel_url
        )

    def asked(self, language: str) -> Wanted:
        data = self.cleaned_data
        return self.wanted(
            addressee_id=data["addressee"],
            slip_id=data["slip"],
            line_sequence=data["line"] if data["slip"] else None,
            is_named=data["is_named"],
            language=language,
        )


class CodeQuestionForm(_QuestionForm):
    """Whoever has the code of a payslip asks; nobody is named."""

    code = forms.CharField(
        label=_("Code of the payslip"),
        help_text=CODE_HELP,
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )
    addressee = forms.ChoiceField(label=_("Who should answer?"), widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=_("Language of the answer"), choices=PaperLanguage.choices, widget=forms.RadioSelect
    )
    # People do not see this field; what fills it is a machine.
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, kinds: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kind, OrganisationKind(kind).label) for kind in kinds]
        self.fields["addressee"].choices = choices  # type: ignore[attr-defined]  # a choice field
        seen = ["code", "topic", "text", "addressee", "answer_way", "language", "submission"]
        page_helper(
            self,
            _("Send the question"),
            layout=[
                *seen,
                fields_part('<div class="trap" aria-hidden="true">'),
                "website",
                fields_part("</div>"),
            ],
        )

    def clean_website(self) -> str:
        """Said in words too: a helpful browser may have filled it for a person."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("This field must stay empty. Clear it and send again."))
        return ""

    def asked(self) -> Wanted:
        data = self.cleaned_data
        return self.wanted(addressee_kind=data["addressee"], language=data["language"])


class LetterForm(_QuestionForm):
    """An officer enters a paper letter that came with a code."""

    code = forms.CharField(
        label=_("Code of the payslip"),
        help_text=CODE_HELP,
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    office = forms.TypedChoiceField(label=_("To which office"), coerce=int)
    language = forms.ChoiceField(
        label=_("Language of the answer"), choices=PaperLanguage.choices, widget=forms.RadioSelect
    )

    def __init__(
        self, *args: Any, offices: Iterable[Organisation], cancel_url: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = _("What the letter says, as it says it.")
        # What the letter asks for, and no guess: one way leaves the terminal, the other the paper.
        self.fields["answer_way"].initial = None
        self.fields["office"].choices = [(one.pk, one.name) for one in offices]  # type: ignore[attr-defined]  # a choice field
        order = ["office", "code", "topic", "text", "answer_way", "language", "submission"]
        page_helper(self, _("Enter the letter"), layout=order, cancel_url=cancel_url)

    def asked(self) -> Wanted:
        data = self.cleaned_data
        return self.wanted(addressee_id=data["office"], language=data["language"])


class AskNameForm(forms.Form):
    """Why the office cannot answer without knowing who asks."""

    reason = forms.CharField(
        label=_("Why the name is needed"),
        help_text=_("The person reads it at the terminal and decides. It is asked once."),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(self, _("Ask for the name"), action=action, submit_class="btn-outline-primary")


class AnswerForm(forms.Form):
    """The answer, which stands as it is written."""

    answer = forms.CharField(
        label=_("Answer"),
        help_text=_("The person reads it as it stands; it cannot be changed afterwards."),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea({"rows": 9}),
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page_helper(self, _("Send the answer"), action=action)
