"""People and placements from a spreadsheet: read, looked at, then written as a whole or dropped.

Called by the pages of the import; the nightly task forgets what nobody decided about.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from inmates.enums import Ability, ImportStatus
from inmates.identity import hmac_of_iin
from inmates.models import (
    CustodyStay,
    Inmate,
    InmateIdentity,
    LabourState,
    PeopleImport,
)
from inmates.people_plan import Plan, plan_of
from inmates.people_sheet import Cell, Person, read_sheet
from inmates.rules import can_place_inmate
from inmates.selectors.imports import known_for
from inmates.services.import_jobs import write_jobs
from inmates.states import PEOPLE_IMPORT
from portal.kernel import audit, states
from portal.kernel.clock import day_of
from portal.kernel.errors import PortalError, readable_refusals
from portal.kernel.identifiers import check_iin
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.spreadsheets import (
    MAX_MEGABYTES,
    PROTECTED,
    TOO_LONG,
    TOO_WIDE,
    TableUnreadable,
    read_table,
)
from portal.kernel.uploads import MEGABYTE, clean_name
from workshops.models import Institution, Post

MOST_ROWS = 2000
# How long the cells of a file nobody decided about are kept.
KEPT_FOR = timedelta(days=3)


class SheetUnreadable(PortalError):
    """A file without a table inside; the sentence says what to send instead."""

    status = 422
    message = _(
        "“%(name)s” is not a table that can be read. "
        "Save it as XLSX, ODS or CSV and choose it again."
    )


class SheetTooLarge(SheetUnreadable):
    message = _("“%(name)s” is larger than %(most)s MB. Leave out pictures or split it into parts.")


class SheetTooLong(SheetUnreadable):
    message = _("“%(name)s” has more than %(most)s rows. Split it into parts.")


class SheetTooWide(SheetUnreadable):
    message = _("“%(name)s” has cells far to the right. Leave only the columns of the template.")


class SheetProtected(SheetUnreadable):
    message = _("“%(name)s” is protected by a password. Save it without one.")


class ImportHasProblems(PortalError):
    message = _(
        "Nothing was written: %(count)s problems are left. Mend the file and send it again."
    )


class ImportDecided(PortalError):
    message = _("This file was decided about already. Send it again to read it anew.")


REFUSALS = {PROTECTED: SheetProtected, TOO_LONG: SheetTooLong, TOO_WIDE: SheetTooWide}


def receive_people_sheet(
    *, actor: Any, institution_id: int, file_name: str, content: bytes, at: datetime
) -> PeopleImport:
    """The cells of the file are kept, encrypted, to be looked at; nothing else is written.

    Refused: for whoever is not a labour officer of the institution; what is no table, too large,
    too long, protected. Twice makes two: each is decided about by itself.
    """
    institution = Institution.objects.get(pk=institution_id)
    can_place_inmate(actor, institution.organisation_id, day_of(at)).require()
    name = clean_name(file_name)
    if len(content) > MAX_MEGABYTES * MEGABYTE:
        raise SheetTooLarge(name=name, most=MAX_MEGABYTES)
    try:
        table = read_table(content, most_rows=MOST_ROWS)
    except TableUnreadable as error:
        refusal = REFUSALS.get(error.reason, SheetUnreadable)
        raise refusal(name=name, most=MOST_ROWS) from error
    cells = [[number, [_packed(cell) for cell in row]] for number, row in table.rows]
    with transaction.atomic():
        row = PeopleImport.objects.create(
            institution=institution,
            file_name=name,
            content=json.dumps(cells, ensure_ascii=False),
            rows=max(len(table.rows) - 1, 0),
            uploaded_by=actor,
            uploaded_at=at,
        )
        states.begin(row, "upload", machine=PEOPLE_IMPORT, actor=actor, at=at)
        audit.record(actor=actor, action="people_sheet_received", at=at, subject=row)
    return row


def plan_of_import(row: PeopleImport, on: date) -> Plan:
    """What the file would make true today, with its problems; empty once it is decided about."""
    if row.content is None:
        return Plan()
    sheet = read_sheet(_rows(row.content), check_iin=_problem_of_iin)
    return plan_of(sheet, known_for(row.institution, sheet, on))


def apply_people_import(
    *, actor: Any, import_id: int, at: datetime, reason: str = ""
) -> PeopleImport:
    """Everybody of the file is registered and placed, or nobody is; its cells are forgotten.

    `reason` says why the order of the queue is not kept, where a place of the file passes somebody
    by who waits; it is kept with each such place, and the department sees it. Refused: for whoever
    is not a labour officer of the institution, with any problem left (it is compared anew under
    the locks of whoever places and moves people), without that reason, when it is decided already.
    Twice: the second is refused.
    """
    on = day_of(at)
    with readable_refusals(), transaction.atomic():
        row = _locked(actor, import_id, at)
        _lock_what_it_touches(row)
        plan = plan_of_import(row, on)
        if plan.problems:
            raise ImportHasProblems(count=len(plan.problems))
        ids = _write_people(plan.people, row.institution)
        write_jobs(plan.jobs, ids, actor=actor, reason=reason, at=at, on=on)
        _decide(row, "apply", actor, at, people=len(plan.people), placements=len(plan.jobs))
        audit.record(
            actor=actor, action="people_imported", at=at, subject=row, inmates=sorted(ids.values())
        )
    return row


def _lock_what_it_touches(row: PeopleImport) -> None:
    """In the order of `place_from_queue`: the institution, its posts, the people of the file."""
    lock_row(Institution, row.institution_id)
    lock_rows(Post.objects.filter(workshop__institution=row.institution_id))
    sheet = read_sheet(_rows(row.content or "[]"), check_iin=_problem_of_iin)
    numbers = {one.number for one in sheet.jobs}
    lock_rows(Inmate.objects.filter(personnel_number__in=numbers))


def drop_people_import(*, actor: Any, import_id: int, at: datetime) -> PeopleImport:
    """The file is dropped and its cells are forgotten; refused when it is decided already."""
    with transaction.atomic():
        row = _locked(actor, import_id, at)
        _decide(row, "drop", actor, at)
    return row


def forget_people_imports(*, at: datetime) -> int:
    """Files nobody decided about in time are dropped: names wait nowhere for ever. How many.

    Twice is harmless.
    """
    with transaction.atomic():
        late = PeopleImport.objects.filter(
            status=ImportStatus.CHECKED, uploaded_at__lt=at - KEPT_FOR
        )
        rows = lock_rows(late)
        for row in rows:
            _decide(row, "drop", None, at)
    return len(rows)


def _locked(actor: Any, import_id: int, at: datetime) -> PeopleImport:
    row = lock_row(PeopleImport, import_id)
    can_place_inmate(actor, row.institution.organisation_id, day_of(at)).require()
    if row.status != ImportStatus.CHECKED:
        raise ImportDecided
    return row


def _decide(row: PeopleImport, action: str, actor: Any, at: datetime, **counts: int) -> None:
    """Forget the cells, then move: a decided file holds none, says the database."""
    row.content = None
    for name, count in counts.items():
        setattr(row, name, count)
    row.save(update_fields=["content", *counts])
    states.move(row, action, machine=PEOPLE_IMPORT, actor=actor, at=at)


def _write_people(people: Sequence[Person], institution: Institution) -> dict[str, int]:
    """The working record, the identity apart from it, the stay and the state of each; ids."""
    inmates = Inmate.objects.bulk_create(
        Inmate(personnel_number=one.number, born_on=one.born_on) for one in people
    )
    pairs = list(zip(people, inmates, strict=True))
    InmateIdentity.objects.bulk_create(
        InmateIdentity(
            inmate=inmate,
            full_name=one.full_name,
            iin=one.iin,
            iin_hmac=hmac_of_iin(one.iin) if one.iin else None,
        )
        for one, inmate in pairs
    )
    CustodyStay.objects.bulk_create(
        CustodyStay(inmate=inmate, institution=institution, effective_from=one.arrived_on)
        for one, inmate in pairs
    )
    LabourState.objects.bulk_create(
        LabourState(
            inmate=inmate,
            ability=one.ability,
            is_subject_to_labour=one.ability == Ability.ABLE,
            effective_from=one.arrived_on,
        )
        for one, inmate in pairs
        # What the sheet does not say stays unknown, which is what no row means.
        if one.ability != Ability.UNKNOWN
    )
    return {inmate.personnel_number: inmate.pk for inmate in inmates}


# --- Cells as they are kept ---
def _packed(cell: Cell) -> list[str] | None:
    if cell is None:
        return None
    if isinstance(cell, date):
        return ["day", cell.isoformat()]
    return ["text", cell] if isinstance(cell, str) else ["number", str(cell)]


def _rows(content: str) -> list[tuple[int, list[Cell]]]:
    return [(number, [_unpacked(cell) for cell in cells]) for number, cells in json.loads(content)]


def _unpacked(cell: list[str] | None) -> Cell:
    if cell is None:
        return None
    kind, text = cell
    if kind == "day":
        return date.fromisoformat(text)
    return text if kind == "text" else Decimal(text)


def _problem_of_iin(iin: str) -> str:
    """What is wrong with an IIN, in words; nothing if it is right."""
    try:
        check_iin(iin)
    except ValidationError as error:
        return str(error.messages[0])
    return ""
