"""How a mark is written: what changed in a month whose wages are closed, for whom, since when.

SQL for month_triggers, which puts it behind the guards of days, and for backdated_triggers. All
rows of a statement are looked at at once; it ends at the first look where no closed run is reached.
`changed_by`: whom the service named (`services.backdating`), else whoever signed the row.
"""

import pgtrigger

from inmates.enums import CLOSED_RUNS, OFF_CYCLE_RUNS

CLOSED = ", ".join(f"'{status.value}'" for status in CLOSED_RUNS)
_OFF_CYCLE = ", ".join(f"'{kind.value}'" for kind in OFF_CYCLE_RUNS)
# Of a run outside the month's order only the people it was made for are concerned.
RUN_OF_PERSON = (
    "(r.kind = 'regular' OR (r.kind IN (" + _OFF_CYCLE + ") AND EXISTS ("
    "SELECT FROM inmates_runperson q WHERE q.run_id = r.id AND q.inmate_id = {person})))"
)

# Whoever marks holds the changes of the payer, together with other markers, until the transaction
# ends; a calculation waits for them once, alone, and then knows the last mark that it reads
# (services.change_reading). The lock comes before all looks, which are statements of their own.
CHANGES_LOCK = 1_640_040
HOLD_CHANGES = """
    PERFORM pg_advisory_xact_lock_shared({lock}, h.payer_id::int)
    FROM (SELECT DISTINCT c.payer_id FROM ({payers}) c ORDER BY 1) h;
"""
# `{changes}`: inmate_id, payer_id, institution_id, first_day, until, subject, recorded_by. What
# an open mark says already is not said again, unless a calculation has read it by now and will
# settle it without having seen this change.
MARK = """
    INSERT INTO inmates_backdatedchange
      (inmate_id, payer_id, institution_id, first_day, cause, subject, changed_at, changed_by_id)
    SELECT c.inmate_id, c.payer_id, c.institution_id, c.first_day, '{cause}', left(c.subject, 60),
           clock_timestamp(), who.id
    FROM ({changes}) c
    CROSS JOIN LATERAL (
      SELECT COALESCE(NULLIF(current_setting('portal.actor', true), '')::bigint,
                      c.recorded_by) AS id) AS who
    WHERE EXISTS (
        SELECT FROM inmates_payrollrun r
        WHERE r.payer_id = c.payer_id AND r.institution_id = c.institution_id
          AND r.month >= date_trunc('month', c.first_day)::date AND r.month < c.until
          AND r.status IN ({closed}) AND {of_person})
      AND NOT EXISTS (
        SELECT FROM inmates_backdatedchange b
        WHERE b.settled_by_id IS NULL AND b.payer_id = c.payer_id
          AND b.institution_id = c.institution_id AND b.inmate_id = c.inmate_id
          AND b.cause = '{cause}' AND b.subject = left(c.subject, 60)
          AND b.first_day = c.first_day AND b.changed_by_id IS NOT DISTINCT FROM who.id
          AND NOT EXISTS (
            SELECT FROM inmates_payrollrun r
            WHERE r.payer_id = b.payer_id AND r.institution_id = b.institution_id
              AND (r.status = 'calculating' OR r.changes_read >= b.id)));
"""


def mark(cause: str, changes: str, payers: str = "") -> str:
    """The statements that mark; `changes` is a SELECT of the columns named above.

    `payers`: a cheaper SELECT of the `payer_id` of all of them, where there is one.
    """
    held = HOLD_CHANGES.format(lock=CHANGES_LOCK, payers=payers or changes)
    return held + MARK.format(
        cause=cause,
        changes=changes,
        closed=CLOSED,
        of_person=RUN_OF_PERSON.format(person="c.inmate_id"),
    )


def statement(
    name: str,
    operation: pgtrigger.Operation,
    func: str,
    declare: list[tuple[str, str]] | None = None,
) -> pgtrigger.Trigger:
    """After a statement, with its rows as `old_rows` and `new_rows`."""
    old = "old_rows" if operation in (pgtrigger.Update, pgtrigger.Delete) else None
    new = "new_rows" if operation in (pgtrigger.Update, pgtrigger.Insert) else None
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(old=old, new=new),
        declare=declare,
        func=func,
    )


# --- rows with dates: the days on which they say something else than before -------------------
OPERATIONS = {
    "added": pgtrigger.Insert,
    "changed": pgtrigger.Update,
    "removed": pgtrigger.Delete,
}
_DAYS = "datemultirange(daterange({side}.effective_from, {side}.effective_to))"
_ONE_SIDE = """
    SELECT v.*, datemultirange(daterange(v.effective_from, v.effective_to)) AS days FROM {rows} v
"""
# Where nothing but the dates moved, only the days between them; else all days of both versions.
_BOTH_SIDES = """
    SELECT o.*, CASE WHEN {same} THEN {old} - {new} ELSE {old} END AS days
    FROM old_rows o LEFT JOIN new_rows n ON n.id = o.id
    UNION ALL
    SELECT n.*, CASE WHEN {same} THEN {new} - {old} ELSE {new} END
    FROM new_rows n LEFT JOIN old_rows o ON o.id = n.id
"""
_PARTS = """
    SELECT x.*, lower(part) AS first_day, COALESCE(upper(part), 'infinity') AS until
    FROM ({sides}) x CROSS JOIN LATERAL unnest(x.days) AS part
"""
# The first look: is there a closed run at all in the months that are reached. Then those that are
# being approved are held, and waited for; one that is being calculated is checked at its end.
_LOOK = """
    SELECT date_trunc('month', MIN(d.first_day) - 1)::date INTO first_month FROM ({parts}) d;
    IF NOT EXISTS (SELECT FROM inmates_payrollrun r WHERE r.month >= first_month)
    THEN RETURN NULL; END IF;
    PERFORM 1 FROM inmates_payrollrun r
    WHERE r.month >= first_month AND r.status IN ('calculated', 'posting') {payers}
    ORDER BY r.id FOR SHARE;
"""
_PAYERS = "SELECT x.payer_id FROM ({parts}) x"
_OF_PAYERS = "AND r.payer_id IN (SELECT d.payer_id FROM ({parts}) d)"
_FIRST_MONTH = [("first_month", "DATE")]
# A month whose last day is the last one of the work pays what is due then: the day before counts,
# where an end was moved, or where other work ended on the day. And a month looks at the first day
# of the next one, whether the work goes on.
_DAY_BEFORE = (
    "(EXTRACT(day FROM x.first_day) = 1"
    " OR EXISTS (SELECT FROM inmates_placement e WHERE e.inmate_id = x.inmate_id"
    " AND e.effective_to = x.first_day))::int"
)


def _parts(word: str, columns: tuple[str, ...]) -> str:
    if word != "changed":
        rows = "new_rows" if word == "added" else "old_rows"
        return _PARTS.format(sides=_ONE_SIDE.format(rows=rows))
    of_old = ", ".join(f"o.{column}" for column in columns)
    of_new = ", ".join(f"n.{column}" for column in columns)
    sides = _BOTH_SIDES.format(
        same=f"ROW({of_old}) IS NOT DISTINCT FROM ROW({of_new})",
        old=_DAYS.format(side="o"),
        new=_DAYS.format(side="n"),
    )
    return _PARTS.format(sides=sides)


def marks_of_dated(
    name: str,
    cause: str,
    columns: tuple[str, ...],
    changes: str,
    *,
    of_payer: bool = False,
    payers: str = "",
    words: tuple[str, ...] = tuple(OPERATIONS),
) -> list[pgtrigger.Trigger]:
    """`columns`: what decides of pay beside the dates; `changes` reads the rows `({parts}) x`.

    `{before}` in it is a day where the month before is concerned, too. `payers`: see `mark`; rows
    `of_payer` name theirs.
    """
    triggers = []
    for word in words:
        parts = _parts(word, columns)
        held = _OF_PAYERS.format(parts=parts) if of_payer else ""
        of_rows = _PAYERS.format(parts=parts) if of_payer else payers
        rows = changes.format(parts=parts, before="1" if word == "changed" else _DAY_BEFORE)
        look = _LOOK.format(parts=parts, payers=held)
        func = look + mark(cause, rows, of_rows) + "RETURN NULL;"
        triggers.append(statement(f"mark_{name}_{word}", OPERATIONS[word], func, _FIRST_MONTH))
    return triggers
