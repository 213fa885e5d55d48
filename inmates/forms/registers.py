"""What is typed on the pages of registers and of the bank: transfers, files, choices of orders."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inmates.transfers.matching import Matched, is_asked
from portal.accounts.models import Organisation
from portal.kernel.forms import DayField, page_helper
from portal.kernel.spreadsheets import MAX_MEGABYTES
from portal.kernel.text import money


class TransferForm(forms.Form):
    """On which day the bank carried the order out, and by which document."""

    transferred_on = DayField(label=_("Transferred on"))
    document = forms.CharField(
        label=_("Payment order №"),
        help_text=_("As on the bank's statement."),
        max_length=40,
    )

    def __init__(self, data: Any = None, *, today: date, cancel_url: str) -> None:
        super().__init__(data, initial={"transferred_on": today})
        page_helper(self, _("Enter the payment of the order"), cancel_url=cancel_url)


class ReasonForm(forms.Form):
    """Why a transfer that was entered is none."""

    reason = forms.CharField(
        label=_("Why"),
        help_text=_("It stands beside the payment order; the books keep both entries."),
        max_length=200,
    )

    def __init__(self, data: Any = None, *, cancel_url: str) -> None:
        super().__init__(data)
        page_helper(
            self,
            _("Take the transfer back"),
            cancel_url=cancel_url,
            submit_class="btn-outline-danger",
        )


class StatementForm(forms.Form):
    """One file of the payer's bank; what is inside is checked by the service."""

    payer = forms.ModelChoiceField(
        label=_("Payer"), queryset=Organisation.objects.none(), empty_label=None
    )
    file = forms.FileField(
        label=_("Statement"),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file first.")},
        widget=forms.FileInput({"accept": ".txt,.xlsx,.ods,.xls,.csv"}),
    )

    def __init__(self, *args: Any, payers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["payer"]
        field.queryset = payers
        limits = _("1C text file, XLSX, ODS or CSV, up to %(most)s MB.") % {"most": MAX_MEGABYTES}
        self.fields["file"].help_text = limits
        if len(payers) == 1:
            self.initial.setdefault("payer", payers[0].pk)
            field.widget = forms.HiddenInput()
        page_helper(self, _("Read and show"))


# The field of a row of the file.
ASKED = re.compile(r"line-\d{1,9}", re.ASCII)


class MatchForm(forms.Form):
    """Which payment order a line means, for lines a person is asked about; left open, none."""

    def __init__(self, plan: Iterable[Matched], *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in plan:
            if not is_asked(one):
                continue
            choices = [("", _("none of them"))]
            choices += [
                (
                    str(order.order_id),
                    _("register № %(number)s, %(sum)s")
                    % {"number": order.register, "sum": money(order.amount)},
                )
                for order in one.near
            ]
            label = _("Row %(row)s, document № %(document)s") % {
                "row": one.line.row,
                "document": one.line.document,
            }
            self.fields[f"line-{one.line.row}"] = forms.ChoiceField(
                label=label, choices=choices, required=False
            )
        page_helper(self, _("Enter the transfers"), action=action)

    def chosen(self) -> dict[int, int | None]:
        """By the row of the file: the order chosen, or None for a row that was left open.

        Also of rows that fitted several when the page was shown and do no longer.
        """
        cleaned = getattr(self, "cleaned_data", {})
        asked = {name for name in (*self.fields, *self.data) if ASKED.fullmatch(name)}
        return {
            int(name.removeprefix("line-")): int(cleaned[name]) if cleaned.get(name) else None
            for name in asked
        }
