"""Triggers of the daily facts: what changes later is noted, and a final month stays as it is.

The first four sit on stays, labour states, placements and attendance, statement by statement with
transition tables: a thousand rows of one COPY are noted by one INSERT. The last guard the facts.
"""

import pgtrigger
from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import TRIGGER_SENTENCES

FINAL_STAYS = "facts_of_a_final_month_stay"
TRIGGER_SENTENCES |= {
    FINAL_STAYS: _(
        "The facts of this month are final. Reopen the month with a written reason first."
    ),
}

_NOTE = """
    INSERT INTO inmates_factdirty (inmate_id, from_day, to_day, cause, marked_at)
    {rows};
    RETURN NULL;
"""
# Only the days that changed: an open placement that is ended today says nothing of last year.
# Where anything but the dates changed, every day of both versions may have.
_DATED = """
    SELECT inmate_id, lower(part), upper(part), '{cause}', now() FROM (
      SELECT o.inmate_id,
             CASE WHEN ROW({columns_old}) IS NOT DISTINCT FROM ROW({columns_new})
                  THEN o.days - n.days ELSE o.days END AS days
      FROM ({old}) o LEFT JOIN ({new}) n ON n.id = o.id
      UNION ALL
      SELECT n.inmate_id,
             CASE WHEN ROW({columns_old}) IS NOT DISTINCT FROM ROW({columns_new})
                  THEN n.days - o.days ELSE n.days END
      FROM ({new}) n LEFT JOIN ({old}) o ON o.id = n.id
    ) AS changed CROSS JOIN LATERAL unnest(changed.days) AS part
"""
_DAYS = "SELECT *, datemultirange(daterange(effective_from, effective_to)) AS days FROM {rows}"
_ONE_SIDE = """
    SELECT inmate_id, effective_from, effective_to, '{cause}', now() FROM {rows}
"""
# By person and month, so that one sheet of thirty days is one line of the list.
_ATTENDED = """
    SELECT p.inmate_id, min(a.worked_on), max(a.worked_on) + 1, '{cause}', now()
    FROM ({rows}) a JOIN inmates_placement p ON p.id = a.placement_id
    GROUP BY p.inmate_id, date_trunc('month', a.worked_on)
"""
_EITHER = "SELECT placement_id, worked_on FROM {rows}"
# What did not change stands on both sides: twice the same row. No join of the two tables: a plan is
# kept for a session, and one made for a single row compares each of two thousand with each.
_SHEET_CHANGED = """
    SELECT placement_id, worked_on FROM (
      SELECT id, placement_id, worked_on, minutes, reason_id FROM old_rows
      UNION ALL
      SELECT id, placement_id, worked_on, minutes, reason_id FROM new_rows
    ) AS sides
    GROUP BY id, placement_id, worked_on, minutes, reason_id HAVING count(*) = 1
"""


def _statement(
    name: str,
    operation: pgtrigger.Operation,
    func: str,
    declare: list[tuple[str, str]] | None = None,
) -> pgtrigger.Trigger:
    old = "old_rows" if operation in (pgtrigger.Update, pgtrigger.Delete) else None
    new = "new_rows" if operation in (pgtrigger.Update, pgtrigger.Insert) else None
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(old=old, new=new),
        func=func,
        declare=declare,
    )


def _three(insert: str, update: str, delete: str) -> list[pgtrigger.Trigger]:
    return [
        _statement(f"facts_note_{name}", operation, _NOTE.format(rows=rows))
        for name, operation, rows in (
            ("insert", pgtrigger.Insert, insert),
            ("update", pgtrigger.Update, update),
            ("delete", pgtrigger.Delete, delete),
        )
    ]


def _of_dated_row(cause: str, *columns: str) -> list[pgtrigger.Trigger]:
    update = _DATED.format(
        cause=cause,
        columns_old=", ".join(f"o.{column}" for column in ("inmate_id", *columns)),
        columns_new=", ".join(f"n.{column}" for column in ("inmate_id", *columns)),
        old=_DAYS.format(rows="old_rows"),
        new=_DAYS.format(rows="new_rows"),
    )
    return _three(
        _ONE_SIDE.format(cause=cause, rows="new_rows"),
        update,
        _ONE_SIDE.format(cause=cause, rows="old_rows"),
    )


def _of_attendance(rows: str) -> str:
    return _ATTENDED.format(cause="attendance", rows=rows)


NOTE_STAYS = _of_dated_row("stay", "institution_id")
NOTE_STATES = _of_dated_row("state", "ability", "is_subject_to_labour", "reason_id")
# Of two placements the earlier one tells the employer: its beginning is more than a date.
NOTE_PLACEMENTS = _of_dated_row("placement", "employer_id", "is_full_time", "effective_from")
NOTE_ATTENDANCE = _three(
    _of_attendance(_EITHER.format(rows="new_rows")),
    _of_attendance(_SHEET_CHANGED),
    _of_attendance(_EITHER.format(rows="old_rows")),
)

# FOR SHARE waits for whoever is closing one of these months at this moment, and then sees it
# closed. Rows are compared only where there is a final month at all.
_KEEP_FINAL = """
    SELECT daterange(min(effective_from) - 30, max(effective_from), '[]') INTO months FROM {rows};
    IF lower_inf(months) THEN RETURN NULL; END IF;
    PERFORM 1 FROM inmates_factperiod p WHERE p.first_day <@ months ORDER BY p.id FOR SHARE;
    IF EXISTS (SELECT 1 FROM inmates_factperiod p
               WHERE p.first_day <@ months AND p.status = 'final')
       AND EXISTS (
         SELECT 1 FROM inmates_factperiod p
         WHERE p.status = 'final' AND (p.institution_id, p.first_day) IN (
           SELECT institution_id, date_trunc('month', effective_from)::date FROM {rows}))
    THEN
      RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
    END IF;
    RETURN NULL;
"""
# What a month said when it was closed is what a published figure is told again from.
KEEP_CLOSING = pgtrigger.Trigger(
    name="factperiod_final_stays",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf(
        "institution_id", "first_day", "rows_hash", "definition", "person_days", "unknown_days",
        "closed_by_id", "closed_at",
    ),
    condition=pgtrigger.Q(old__status="final"),
    func=f"""
    RAISE EXCEPTION '{FINAL_STAYS}' USING ERRCODE = 'check_violation', CONSTRAINT = '{FINAL_STAYS}';
    """,
)  # fmt: skip
_BOTH = (
    "(SELECT institution_id, effective_from FROM old_rows"
    " UNION ALL SELECT institution_id, effective_from FROM new_rows) AS both_rows"
)
KEEP_FINAL = [
    _statement(
        f"facts_final_{name}",
        operation,
        _KEEP_FINAL.format(rows=rows, name=FINAL_STAYS),
        declare=[("months", "daterange")],
    )
    for name, operation, rows in (
        ("insert", pgtrigger.Insert, "new_rows"),
        ("update", pgtrigger.Update, _BOTH),
        ("delete", pgtrigger.Delete, "old_rows"),
    )
]
