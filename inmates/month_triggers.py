"""Guards of a month whose wages are approved: nothing they were computed from changes any more.

On days, output, teams, extra payments, timesheets and placements, as PostgreSQL triggers; the
services refuse first (`selectors.open_days`). A statement that writes two hundred thousand days of
a month without any run looks at the runs once. The runs found are held, so that one that is just
being approved is waited for and then seen as approved, and an approval waits for the edit and
checks it.
"""

import pgtrigger
from django.utils.translation import gettext_lazy as _

from inmates.enums import CLOSED_RUNS
from inmates.triggers import refuse
from portal.kernel.errors import TRIGGER_SENTENCES

TRIGGER_SENTENCES |= {
    "month_is_held": _(
        "The wages of this month are approved: its days, output and extra payments are changed no "
        "more. A correction belongs to the month that is open."
    ),
    "held_sheet_stays": _(
        "The wages of this month are approved: its timesheet stays locked. A correction belongs to "
        "the month that is open."
    ),
    "held_placement_stays": _(
        "The wages of a month of this placement are approved: its person, payer, post and form of "
        "pay stay. Close it and open another one."
    ),
}
_CLOSED = ", ".join(f"'{status.value}'" for status in CLOSED_RUNS)

# `{rows}`: (placement_id, worked_on) of all rows of the statement, old and new ones.
_DAYS = """
    SELECT date_trunc('month', MIN(n.worked_on))::date, MAX(n.worked_on)
    INTO first_month, last_day FROM ({rows}) n;
    IF NOT EXISTS (SELECT FROM inmates_payrollrun r
                   WHERE r.month BETWEEN first_month AND last_day)
    THEN RETURN NULL; END IF;
"""
_RUNS_OF_DAYS = """
    SELECT r.id FROM ({rows}) n
    JOIN inmates_placement p ON p.id = n.placement_id
    JOIN workshops_post s ON s.id = p.post_id
    JOIN workshops_workshop w ON w.id = s.workshop_id
    JOIN inmates_payrollrun r ON r.payer_id = p.payer_id AND r.institution_id = w.institution_id
      AND r.month = date_trunc('month', n.worked_on)::date
"""
_RUNS_OF_EXTRA = """
    SELECT r.id FROM ({rows}) n
    JOIN inmates_payrollrun r ON r.payer_id = n.payer_id AND r.institution_id = n.institution_id
      AND r.month = n.month
"""
_REFUSE = f"""
    PERFORM 1 FROM inmates_payrollrun r WHERE r.id IN ({{runs}}) ORDER BY r.id FOR SHARE;
    IF EXISTS (SELECT FROM inmates_payrollrun r
               WHERE r.id IN ({{runs}}) AND r.status IN ({_CLOSED}))
    THEN {refuse("month_is_held")} END IF;
    RETURN NULL;
"""
_OPERATIONS = (
    (pgtrigger.Insert, "added", ("new_rows",)),
    (pgtrigger.Update, "changed", ("old_rows", "new_rows")),
    (pgtrigger.Delete, "removed", ("old_rows",)),
)


def _guards(name: str, columns: str, runs: str, *, before: str = "") -> list[pgtrigger.Trigger]:
    """A guard for each way of writing; `columns` selects what `runs` joins."""
    triggers = []
    for operation, word, sides in _OPERATIONS:
        rows = " UNION ".join(columns.format(side=side) for side in sides)
        triggers.append(
            pgtrigger.Trigger(
                name=f"held_{name}_{word}",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=operation,
                referencing=pgtrigger.Referencing(
                    old="old_rows" if "old_rows" in sides else None,
                    new="new_rows" if "new_rows" in sides else None,
                ),
                declare=[("first_month", "DATE"), ("last_day", "DATE")] if before else None,
                func=before.format(rows=rows) + _REFUSE.format(runs=runs.format(rows=rows)),
            )
        )
    return triggers


HELD_ATTENDANCE = _guards(
    "days", "SELECT placement_id, worked_on FROM {side}", _RUNS_OF_DAYS, before=_DAYS
)
HELD_ENTRIES = _guards(
    "entries", "SELECT placement_id, worked_on FROM {side}", _RUNS_OF_DAYS, before=_DAYS
)
# An entry of a team concerns its members: without a share it is nobody's pay yet, or no more.
HELD_TEAMS = [
    guard
    for guard in _guards(
        "teams",
        "SELECT h.placement_id, e.worked_on FROM {side} e "
        "JOIN inmates_teamshare h ON h.team_entry_id = e.id",
        _RUNS_OF_DAYS,
    )
    if guard.name == "held_teams_changed"
]
HELD_SHARES = _guards(
    "shares",
    "SELECT h.placement_id, e.worked_on FROM {side} h "
    "JOIN inmates_teamentry e ON e.id = h.team_entry_id",
    _RUNS_OF_DAYS,
)
HELD_EXTRA = _guards("extra", "SELECT payer_id, institution_id, month FROM {side}", _RUNS_OF_EXTRA)

HELD_SHEET_STAYS = pgtrigger.Trigger(
    name="held_sheet_stays",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("status", "workshop_id", "month") | pgtrigger.Delete,
    func=f"""
    IF OLD.status = 'locked'
       AND (TG_OP = 'DELETE' OR (NEW.status, NEW.workshop_id, NEW.month)
                                IS DISTINCT FROM (OLD.status, OLD.workshop_id, OLD.month))
       AND EXISTS (
         SELECT FROM inmates_placement p
         JOIN workshops_post s ON s.id = p.post_id AND s.workshop_id = OLD.workshop_id
         JOIN workshops_workshop w ON w.id = s.workshop_id
         JOIN inmates_payrollrun r ON r.payer_id = p.payer_id
           AND r.institution_id = w.institution_id AND r.month = OLD.month
           AND r.status IN ({_CLOSED})
         WHERE p.effective_from < OLD.month + interval '1 month'
           AND (p.effective_to IS NULL OR p.effective_to > OLD.month))
    THEN {refuse("held_sheet_stays")} END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
    """,
)

# Turned to another payer for a moment, a placement would take its days out of the held month.
HELD_PLACEMENT_STAYS = pgtrigger.Trigger(
    name="held_placement_stays",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("inmate_id", "payer_id", "post_id", "pay_form"),
    func=f"""
    IF (NEW.inmate_id, NEW.payer_id, NEW.post_id, NEW.pay_form) IS DISTINCT FROM
         (OLD.inmate_id, OLD.payer_id, OLD.post_id, OLD.pay_form)
       AND EXISTS (
         SELECT FROM workshops_post s
         JOIN workshops_workshop w ON w.id = s.workshop_id
         JOIN inmates_payrollrun r ON r.institution_id = w.institution_id
           AND r.payer_id IN (OLD.payer_id, NEW.payer_id) AND r.status IN ({_CLOSED})
           AND r.month + interval '1 month' > least(OLD.effective_from, NEW.effective_from)
           AND (OLD.effective_to IS NULL OR NEW.effective_to IS NULL
                OR greatest(OLD.effective_to, NEW.effective_to) > r.month)
         WHERE s.id IN (OLD.post_id, NEW.post_id))
    THEN {refuse("held_placement_stays")} END IF;
    RETURN NEW;
    """,
)
