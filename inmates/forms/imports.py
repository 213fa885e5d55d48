"""The spreadsheet of people as it is chosen: which institution, which file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import page_helper
from portal.kernel.spreadsheets import MAX_MEGABYTES
from workshops.models import Institution


class ImportForm(forms.Form):
    """One file; what is inside is checked by the service."""

    institution = forms.ModelChoiceField(
        label=_("Institution"), queryset=Institution.objects.none(), empty_label=None
    )
    file = forms.FileField(
        label=_("Spreadsheet"),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file first.")},
        widget=forms.FileInput({"accept": ".xlsx,.ods,.xls,.csv"}),
    )

    def __init__(self, *args: Any, institutions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["institution"]
        field.queryset = institutions
        field.label_from_instance = lambda one: one.organisation.name
        limits = _("XLSX, ODS, XLS or CSV, up to %(most)s MB.") % {"most": MAX_MEGABYTES}
        self.fields["file"].help_text = limits
        if len(institutions) == 1:
            self.initial.setdefault("institution", institutions[0].pk)
            field.widget = forms.HiddenInput()
        page_helper(self, _("Read and show"))


class ApplyForm(forms.Form):
    """The decision to write; the reason is asked for where others would be passed by."""

    reason = forms.CharField(
        label=_("Why the order of the queue is not kept"),
        help_text=_(
            "Only if people of the file get a place before others who stand before them. "
            "It is kept with each place, and the department reads it."
        ),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, action: str, asks_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_reason:
            del self.fields["reason"]
        page_helper(self, _("Write everything"), action=action)
