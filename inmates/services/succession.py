"""Change by succession of rows with dates: the old one is closed, the new one begins.

Called by the services of the desk, under the lock of the person whose rows they are.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.db.models import ProtectedError

from inmates.refusals import WorkEntered
from portal.kernel.models import DatedRow
from portal.kernel.periods import period_q

Row = TypeVar("Row", bound=DatedRow)


def end_by(rows: Iterable[Row], on: date) -> None:
    """From `on` none of the rows is in force; what would begin then or later is taken back.

    Refused as a whole (`WorkEntered`) where something rests on what would be taken back.
    """
    for row in rows:
        if row.effective_to is not None and row.effective_to <= on:
            continue
        if row.effective_from >= on:
            try:
                row.delete()
            except ProtectedError as error:
                raise WorkEntered from error
            continue
        row.effective_to = on
        row.save(update_fields=["effective_to"])


def begin_anew(model: type[Row], inmate_id: int, on: date, /, **values: Any) -> tuple[Row, bool]:
    """A row of the person with `values` is in force from `on`; the one before it ends there.

    Whoever calls has made sure that nothing begins later. A row that began on this very day is
    written over: it was never in force for a whole day. The same values again change nothing;
    the second answer says whether anything was written.
    """
    rows = model._base_manager.filter(inmate_id=inmate_id)
    present = rows.filter(period_q(on)).first()
    if present is not None and all(getattr(present, k) == v for k, v in values.items()):
        return present, False
    if present is not None and present.effective_from == on:
        for name, value in values.items():
            setattr(present, name, value)
        present.save(update_fields=list(values))
        return present, True
    if present is not None:
        present.effective_to = on
        present.save(update_fields=["effective_to"])
    return model._base_manager.create(inmate_id=inmate_id, effective_from=on, **values), True
