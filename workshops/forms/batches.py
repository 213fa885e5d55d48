"""How large the batches of a work order are."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import WholeNumberField, page_helper


class BatchSizeForm(forms.Form):
    """Pieces in one batch; the last one holds what is left."""

    size = WholeNumberField(
        label=_("Pieces in a batch"),
        min_value=1,
        max_value=100_000,
        help_text=_("The last batch holds what is left."),
    )

    def __init__(self, data: Any = None, *, action: str) -> None:
        super().__init__(data)
        page_helper(self, _("Make the cards"), action=action, submit_class="btn-outline-primary")
