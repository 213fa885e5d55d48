"""The directory of reasons: the shipped rows, and what an administrator adds and retires.

Called by the command `load_reasons`, by the seed and by the page of the directory. A row is never
edited: it is retired from a day on, and another one is added.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from inmates.models import Attendance, Reason
from inmates.refusals import LetterOfMark, LetterUnknown, ReasonRetired, ReasonStillUsed
from inmates.rules import can_change_reasons
from inmates.shifts import is_letter_code
from inmates.shipped_reasons import FLAGS, read_shipped_reasons
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row
from portal.kernel.text import date_short


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many shipped reasons were entered, and the codes left out because of their letter."""

    entered: int
    left_out: tuple[str, ...] = ()


def load_reasons() -> Loaded:
    """Every shipped reason is in the table, unless its letter stands for another one there.

    What is in the table stays as it is, retired rows included: an administrator's decision is
    never overwritten. Twice is harmless.
    """
    with readable_refusals(), transaction.atomic():
        known = set(Reason.objects.values_list("code", flat=True))
        taken = set(
            Reason.objects.filter(retired_on=None).exclude(letter="").values_list("group", "letter")
        )
        fresh = [row for row in read_shipped_reasons() if row["code"] not in known]
        left_out = [row["code"] for row in fresh if (row["group"], row["letter"]) in taken]
        rows = [Reason(**row) for row in fresh if row["code"] not in left_out]
        Reason.objects.bulk_create(rows)
    return Loaded(len(rows), tuple(left_out))


@dataclass(frozen=True, slots=True)
class NewReason:
    """What an administrator says of a reason: the group, the letter, names, flags, the source.

    `pay_kind` (enums.AbsencePay) is given for a paid absence on a day and for nothing else.
    """

    group: str
    letter: str
    names: dict[str, str]  # by language
    source: str
    offered_from: date
    flags: dict[str, bool] = field(default_factory=dict)
    pay_kind: str = ""


def add_reason(*, actor: Any, reason: NewReason, at: datetime) -> Reason:
    """The reason is in the directory and offered from its day on; audited.

    Refused: for whoever is no administrator, a letter that stands for another reason of the group
    at that time, a letter of the timesheet's own marks, letters of another alphabet, a paid
    absence that does not say how it is paid. Twice: the second is refused by its letter; without
    one it makes two, so the page takes a form once.
    """
    can_change_reasons(actor, day_of(at)).require()
    letter = reason.letter.upper()
    if letter and not is_letter_code(letter):
        raise LetterUnknown(letter=letter)
    if letter and Reason.objects.filter(group="mark", letter=letter).exists():
        raise LetterOfMark(letter=letter)
    with readable_refusals(), transaction.atomic():
        last = Reason.objects.filter(group=reason.group).order_by("-sort_order").first()
        made = Reason.objects.create(
            code=_free_code(reason.names["en"]),
            group=reason.group,
            letter=letter,
            pay_kind=reason.pay_kind,
            source=reason.source,
            offered_from=reason.offered_from,
            sort_order=last.sort_order + 1 if last else 0,
            **{f"name_{language}": name for language, name in reason.names.items()},
            **{flag: reason.flags.get(flag, False) for flag in FLAGS},
        )
        audit.record(
            actor=actor, action="reason_added", at=at, subject=made, code=made.code, letter=letter
        )
    return made


def _free_code(name: str) -> str:
    """The name in Latin letters, with a number where it is taken; a code is never given twice."""
    stem = slugify(name)[:25].strip("-") or "reason"
    known = set(Reason.objects.filter(code__startswith=stem).values_list("code", flat=True))
    if stem not in known:
        return stem
    return next(code for number in range(2, 1000) if (code := f"{stem}-{number}") not in known)


def retire_reason(*, actor: Any, reason_id: int, on: date, at: datetime) -> Reason:
    """From the day `on` the reason is no longer offered; what was entered with it stays. Audited.

    Refused: for whoever is no administrator, a reason that is retired already, a mark of the
    timesheet, a day on which or after which it is entered already. Twice: the second is refused.
    """
    can_change_reasons(actor, day_of(at)).require()
    with readable_refusals(), transaction.atomic():
        reason = lock_row(Reason, reason_id)
        if reason.retired_on is not None:
            raise ReasonRetired(day=date_short(reason.retired_on))
        if reason.group == "mark":
            raise LetterOfMark(letter=reason.letter)
        # Whoever enters a day with it holds the row shared: nobody is between look and commit.
        used = Attendance.objects.filter(reason=reason, worked_on__gte=on)
        last = used.order_by("-worked_on").values_list("worked_on", flat=True).first()
        if last is not None:
            raise ReasonStillUsed(day=date_short(last))
        reason.retired_on = on
        reason.save(update_fields=["retired_on"])
        audit.record(
            actor=actor, action="reason_retired", at=at, subject=reason, code=reason.code,
            on=on.isoformat(),
        )  # fmt: skip
    return reason
