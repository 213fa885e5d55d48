"""The forms of the floor: downtime, defects, material, and why an entry is withdrawn.

They clean and type what was entered; the services of `workshops` decide.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kernel.clock import ALMATY
from portal.kernel.forms import DayField, ExactDecimalFormField, WholeNumberField, page_helper
from portal.kernel.text import date_short, number
from workshops.enums import DefectOutcome, FloorReasonGroup, MaterialUnit
from workshops.models import MaterialIssue, WorkOrder, Workshop
from workshops.selectors.floor import floor_reasons, machines_of, parts_of, posts_of

CLOCK = re.compile(r"(\d{1,2})(?:[:.\- ]?(\d{2}))?", re.ASCII)
MOST_PIECES = 100_000
LEAST_MATERIAL, MOST_MATERIAL = Decimal("0.001"), Decimal("999999.999")
FROM_THE_LIST = {"invalid_choice": gettext_lazy("Choose from the list: “%(value)s” is not in it.")}


class ClockField(forms.CharField):
    """A time of the day as people type it: 9, 930, 9:30, 09.30."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 10)
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                {"inputmode": "numeric", "placeholder": "13:30", "autocomplete": "off"}
            ),
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> time | None:
        text = str(super().clean(value)).strip()
        if not text:
            return None
        found = CLOCK.fullmatch(text)
        try:
            if found is None:
                raise ValueError(text)
            return time(int(found[1]), int(found[2] or 0))
        except ValueError:
            raise forms.ValidationError(
                _("There is no such time. Write it as 13:30."), code="invalid"
            ) from None


class FloorForm(forms.Form):
    """Something of the floor on the day of a shift; late, with the words why."""

    # What the list of entries that wait for the line calls it, before the place and the day.
    sheet: Any = ""

    def __init__(self, data: Any = None, *, shift: Any, submit: str) -> None:
        super().__init__(data)
        self.shift = shift
        if shift.on > shift.open_until:
            self.fields["late_why"] = forms.CharField(
                label=_("Why it is entered only now"), max_length=200
            )
        helper = page_helper(self, submit, is_sent_once=True)
        label = f"{self.sheet}, {shift.workshop.name}, {date_short(shift.day)}"
        # Each save is a row of its own: several of one address may wait for the line.
        helper.attrs |= {"data-outbox": label, "data-outbox-add": "yes"}

    def late_why(self) -> str:
        return str(self.cleaned_data.get("late_why", ""))


def _reasons(group: FloorReasonGroup) -> list[tuple[str, str]]:
    return [("", "—")] + [(str(one.pk), one.name) for one in floor_reasons(group)]


class DowntimeForm(FloorForm):
    """What stood still, from when to when, why."""

    sheet = gettext_lazy("Downtime")
    thing = forms.ChoiceField(label=gettext_lazy("What stands still"), error_messages=FROM_THE_LIST)
    began = ClockField(label=gettext_lazy("From what time"))
    ended = ClockField(
        label=gettext_lazy("Until what time"),
        required=False,
        help_text=gettext_lazy(
            "Empty while it goes on. An earlier time than the beginning is of the next day."
        ),
    )
    reason = forms.TypedChoiceField(
        label=gettext_lazy("Reason"), coerce=int, error_messages=FROM_THE_LIST
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, shift: Any) -> None:
        super().__init__(data, shift=shift, submit=_("Enter the downtime"))
        self.fields["thing"].choices = _things(shift.workshop)
        self.fields["reason"].choices = _reasons(FloorReasonGroup.DOWNTIME)

    @property
    def entry(self) -> dict[str, Any]:
        """Ready for `record_downtime`."""
        kind, _dash, pk = self.cleaned_data["thing"].partition("-")
        begin = _moment(self.shift.day, self.cleaned_data["began"])
        end = self.cleaned_data["ended"]
        ended_at = _moment(self.shift.day, end) if end is not None else None
        if ended_at is not None and ended_at <= begin:
            ended_at = _moment(self.shift.day + timedelta(days=1), end)
        return {
            "workshop_id": self.shift.workshop.pk,
            "post_id": int(pk) if kind == "post" else None,
            "equipment_id": int(pk) if kind == "machine" else None,
            "began_at": begin,
            "ended_at": ended_at,
            "reason_id": self.cleaned_data["reason"],
            "note": self.cleaned_data["note"],
            "late_why": self.late_why(),
        }


def _moment(day: date, when: time) -> datetime:
    return datetime.combine(day, when, ALMATY)


def _things(workshop: Workshop) -> list[Any]:
    posts = [(f"post-{one.pk}", one.name) for one in posts_of(workshop)]
    machines = [(f"machine-{one.pk}", one.name) for one in machines_of(workshop)]
    groups = [(_("Posts"), posts), (_("Machines"), machines)]
    return [("workshop", _("The whole workshop")), *(one for one in groups if one[1])]


class EndForm(forms.Form):
    """When a downtime that goes on ended."""

    day = DayField(label=gettext_lazy("Day"))
    ended = ClockField(label=gettext_lazy("Time"))

    def __init__(self, data: Any = None, *, back: str, now: datetime) -> None:
        begin = {"day": now.date(), "ended": f"{now:%H:%M}"}
        super().__init__(data, initial=begin)
        page_helper(self, _("It works again"), cancel_url=back, is_sent_once=True)

    @property
    def ended_at(self) -> datetime:
        return _moment(self.cleaned_data["day"], self.cleaned_data["ended"])


class WithdrawForm(forms.Form):
    """Why an entry is withdrawn; of material, how much comes back."""

    why = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("It stays beside the entry."),
    )

    def __init__(self, data: Any = None, *, back: str, issue: MaterialIssue | None = None) -> None:
        super().__init__(data)
        if issue is not None:
            left = issue.quantity + (issue.came_back or 0)  # type: ignore[attr-defined]  # annotated
            self.fields["quantity"] = quantity_field(_("How much comes back"), left)
            self.order_fields(["quantity", "why"])
        submit = _("Return the material") if issue is not None else _("Withdraw the entry")
        page_helper(self, submit, cancel_url=back, is_sent_once=True)


def quantity_field(label: str, most: Decimal) -> ExactDecimalFormField:
    return ExactDecimalFormField(
        label=label,
        max_digits=12,
        decimal_places=3,
        min_value=LEAST_MATERIAL,
        max_value=most,
        error_messages={"max_value": _("At most %(most)s.") % {"most": number(most)}},
    )


class DefectForm(FloorForm):
    """Which operation of which work order, how many failed, what becomes of them, why."""

    sheet = gettext_lazy("Defects")
    operation = forms.TypedChoiceField(
        label=gettext_lazy("Operation"), coerce=int, error_messages=FROM_THE_LIST
    )
    quantity = WholeNumberField(label=gettext_lazy("Quantity"), min_value=1, max_value=MOST_PIECES)
    outcome = forms.TypedChoiceField(
        label=gettext_lazy("What becomes of them"),
        coerce=DefectOutcome,
        choices=DefectOutcome.choices,
        error_messages=FROM_THE_LIST,
    )
    reason = forms.TypedChoiceField(
        label=gettext_lazy("Reason"), coerce=int, error_messages=FROM_THE_LIST
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, shift: Any, orders: Iterable[WorkOrder]) -> None:
        super().__init__(data, shift=shift, submit=_("Enter the defects"))
        self.fields["operation"].choices = [("", "—")] + [
            (
                f"{order.title}, {order.number}",
                [
                    (str(one.pk), f"{one.operation.sequence}. {one.operation.name}")
                    for one in order.operations.all()
                ],
            )
            for order in orders
        ]
        self.fields["reason"].choices = _reasons(FloorReasonGroup.DEFECT)

    @property
    def entry(self) -> dict[str, Any]:
        """Ready for `record_defect`."""
        clean = self.cleaned_data
        return {
            "operation_id": clean["operation"],
            "found_on": self.shift.day,
            "quantity": clean["quantity"],
            "outcome": clean["outcome"],
            "reason_id": clean["reason"],
            "note": clean["note"],
            "late_why": self.late_why(),
        }


class IssueForm(FloorForm):
    """Material for a work order: by its bill of materials, or in free words."""

    sheet = gettext_lazy("Materials")
    part = forms.ChoiceField(
        label=gettext_lazy("By the bill of materials"), required=False, error_messages=FROM_THE_LIST
    )
    material = forms.CharField(
        label=gettext_lazy("Or another material"), max_length=160, required=False
    )
    quantity = ExactDecimalFormField(
        label=gettext_lazy("Quantity"), min_value=LEAST_MATERIAL, max_value=MOST_MATERIAL,
        max_digits=12, decimal_places=3,
    )  # fmt: skip
    unit = forms.TypedChoiceField(
        label=gettext_lazy("Unit"),
        coerce=MaterialUnit,
        choices=MaterialUnit.choices,
        error_messages=FROM_THE_LIST,
    )

    def __init__(self, data: Any = None, *, shift: Any, order: WorkOrder) -> None:
        super().__init__(data, shift=shift, submit=_("Issue the material"))
        self.order = order
        # By name: another one may be the first by the time this is sent.
        self.helper.form_action = f"?order={order.pk}"  # type: ignore[attr-defined]  # page_helper
        self.fields["part"].choices = [("", "—")] + [
            (str(one.pk), ", ".join(filter(None, [one.material, one.name, one.size])))
            for one in parts_of(order)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("part")) == bool(cleaned.get("material")) and not self.errors:
            self.add_error("material", _("Choose a line of the bill of materials or write one."))
        return cleaned

    @property
    def entry(self) -> dict[str, Any]:
        """Ready for `issue_material`."""
        clean = self.cleaned_data
        return {
            "work_order_id": self.order.pk,
            "part_id": int(clean["part"]) if clean["part"] else None,
            "material": clean["material"],
            "quantity": clean["quantity"],
            "unit": clean["unit"],
            "issued_on": self.shift.day,
            "late_why": self.late_why(),
        }
