"""Guards of a month whose wages are closed: it waits while it is posted, and then marks changes.

On days, output, teams, extra payments, timesheets and placements, as PostgreSQL triggers; the
services refuse first (`selectors.open_days`) and ask for a reason. A statement that writes two
hundred thousand days of a month without any run looks at the runs once. The runs found are held,
so that one that is just being approved is waited for and then seen, and an approval waits for the
edit and checks it.
"""

import pgtrigger
from django.utils.translation import gettext_lazy as _

from inmates.backdated_marks import CLOSED, OPERATIONS, mark, statement
from inmates.enums import OFF_CYCLE_RUNS
from inmates.triggers import refuse
from portal.kernel.errors import TRIGGER_SENTENCES

TRIGGER_SENTENCES |= {
    "month_is_held": _(
        "The wages of this month are being posted just now: its days, output and extra payments "
        "wait until that is done."
    ),
    "held_sheet_stays": _(
        "The wages of this month are being posted just now: its timesheet stays locked until that "
        "is done. A timesheet that wages were approved by is never removed."
    ),
    "held_placement_stays": _(
        "The wages of a month of this placement are approved: its person, payer, post and form of "
        "pay stay. Close it and open another one."
    ),
}
_OFF_CYCLE = ", ".join(f"'{kind.value}'" for kind in OFF_CYCLE_RUNS)

# `{rows}`: (placement_id, worked_on, recorded_by_id) of all rows of the statement that say
# something else of pay than before, old and new ones.
_LOOK = """
    SELECT date_trunc('month', MIN(n.worked_on))::date INTO first_month FROM ({rows}) n;
    IF NOT EXISTS (SELECT FROM inmates_payrollrun r WHERE r.month >= first_month)
    THEN RETURN NULL; END IF;
"""
_RUNS_OF_DAYS = """
    FROM ({rows}) n
    JOIN inmates_placement p ON p.id = n.placement_id
    JOIN workshops_post s ON s.id = p.post_id
    JOIN workshops_workshop w ON w.id = s.workshop_id
    JOIN inmates_payrollrun r ON r.payer_id = p.payer_id AND r.institution_id = w.institution_id
      AND r.month = date_trunc('month', n.worked_on)::date
"""
_RUNS_OF_EXTRA = """
    FROM ({rows}) p
    JOIN inmates_payrollrun r ON r.payer_id = p.payer_id AND r.institution_id = p.institution_id
      AND r.month = p.month
"""
# A run that is being calculated is not held: its people are, and it is checked at its end.
_HOLD = """
    PERFORM 1 FROM inmates_payrollrun r WHERE r.id IN (SELECT r.id {runs})
      AND r.status <> 'calculating' ORDER BY r.id FOR SHARE;
    IF EXISTS (
      SELECT {runs}
      WHERE r.status = 'posting' AND (r.kind NOT IN ({off_cycle}) OR EXISTS (
        SELECT FROM inmates_runperson q WHERE q.run_id = r.id AND q.inmate_id = p.inmate_id)))
    THEN {refusal} END IF;
"""
_CHANGED_DAYS = """
    SELECT p.inmate_id, p.payer_id, w.institution_id, MIN(n.worked_on) AS first_day,
      'infinity'::date AS until, '{subject}:' || MIN(n.worked_on) AS subject,
      MAX(n.recorded_by_id) AS recorded_by
    FROM ({rows}) n
    JOIN inmates_placement p ON p.id = n.placement_id
    JOIN workshops_post s ON s.id = p.post_id
    JOIN workshops_workshop w ON w.id = s.workshop_id
    GROUP BY p.inmate_id, p.payer_id, w.institution_id
"""
_PAYERS_OF_DAYS = """
    SELECT p.payer_id FROM ({rows}) n JOIN inmates_placement p ON p.id = n.placement_id
"""
_PAYERS_OF_EXTRA = "SELECT n.payer_id FROM ({rows}) n"
_CHANGED_EXTRA = """
    SELECT n.inmate_id, n.payer_id, n.institution_id, n.month AS first_day,
      'infinity'::date AS until, 'extra:' || n.kind AS subject,
      MAX(n.recorded_by_id) AS recorded_by
    FROM ({rows}) n
    GROUP BY n.inmate_id, n.payer_id, n.institution_id, n.month, n.kind
"""
# What did not change stands on both sides, twice the same; a join of the two tables would compare
# each with each under a plan that was made for a single row.
_EITHER_SIDE = """
    SELECT {columns}, MAX(recorded_by_id) AS recorded_by_id FROM (
      SELECT id, {columns}, {more}, NULL::bigint AS recorded_by_id FROM old_rows
      UNION ALL
      SELECT id, {columns}, {more}, recorded_by_id FROM new_rows) AS sides
    GROUP BY id, {columns}, {more} HAVING count(*) = 1
"""


_NEW_SIDE = "SELECT {columns}, recorded_by_id FROM new_rows"
# Whoever signed it is not who took it away: that says the service.
_OLD_SIDE = "SELECT {columns}, NULL::bigint AS recorded_by_id FROM old_rows"
_SIDES = {"added": _NEW_SIDE, "changed": _EITHER_SIDE, "removed": _OLD_SIDE}


def _rows(word: str, columns: str, more: str) -> str:
    return _SIDES[word].format(columns=columns, more=more)


def _hold(runs: str) -> str:
    return _HOLD.format(runs=runs, off_cycle=_OFF_CYCLE, refusal=refuse("month_is_held"))


def _of_days(name: str, cause: str, word: str, rows: str) -> pgtrigger.Trigger:
    func = (
        _LOOK.format(rows=rows)
        + _hold(_RUNS_OF_DAYS.format(rows=rows))
        + mark(
            cause,
            _CHANGED_DAYS.format(rows=rows, subject=cause),
            _PAYERS_OF_DAYS.format(rows=rows),
        )
        + "RETURN NULL;"
    )
    declared = [("first_month", "DATE")]
    return statement(f"held_{name}_{word}", OPERATIONS[word], func, declared)


def _of_extra(word: str) -> pgtrigger.Trigger:
    rows = _rows(word, "inmate_id, payer_id, institution_id, month, kind", "amount")
    func = (
        _hold(_RUNS_OF_EXTRA.format(rows=rows))
        + mark(
            "extra_pay",
            _CHANGED_EXTRA.format(rows=rows),
            _PAYERS_OF_EXTRA.format(rows=rows),
        )
        + "RETURN NULL;"
    )
    return statement(f"held_extra_{word}", OPERATIONS[word], func)


_DAY = "placement_id, worked_on"
_OF_MARK = "minutes, reason_id, night_minutes, overtime_minutes"
HELD_ATTENDANCE = [
    _of_days("days", "attendance", word, _rows(word, _DAY, _OF_MARK)) for word in OPERATIONS
]
HELD_ENTRIES = [
    _of_days("entries", "output", word, _rows(word, _DAY, "work_order_operation_id, quantity"))
    for word in OPERATIONS
]
# An entry of a team concerns all its members: without a share it is nobody's pay yet, or no more.
_CHANGED_ENTRY = """
    SELECT h.placement_id, e.worked_on, e.recorded_by_id FROM (
      SELECT id, worked_on, MAX(recorded_by_id) AS recorded_by_id FROM (
        SELECT id, worked_on, work_order_operation_id, quantity, NULL::bigint AS recorded_by_id
        FROM old_rows
        UNION ALL
        SELECT id, worked_on, work_order_operation_id, quantity, recorded_by_id FROM new_rows
      ) AS sides
      GROUP BY id, worked_on, work_order_operation_id, quantity HAVING count(*) = 1) e
    JOIN inmates_teamshare h ON h.team_entry_id = e.id
"""
HELD_TEAMS = [_of_days("teams", "team", "changed", _CHANGED_ENTRY)]
# Another minute of one of them moves the shares of all: those who stay and whoever is gone.
_OF_TEAM = """
    SELECT m.placement_id, e.worked_on, e.recorded_by_id FROM (
      SELECT team_entry_id, placement_id FROM ({touched}) gone
      UNION
      SELECT h.team_entry_id, h.placement_id FROM inmates_teamshare h
      WHERE h.team_entry_id IN (SELECT team_entry_id FROM ({touched}) of_team)) m
    JOIN inmates_teamentry e ON e.id = m.team_entry_id
"""
_TOUCHED = {
    "added": "SELECT team_entry_id, placement_id FROM new_rows",
    "removed": "SELECT team_entry_id, placement_id FROM old_rows",
    "changed": """
      SELECT team_entry_id, placement_id FROM (
        SELECT id, team_entry_id, placement_id, minutes, coefficient FROM old_rows
        UNION ALL
        SELECT id, team_entry_id, placement_id, minutes, coefficient FROM new_rows) AS sides
      GROUP BY id, team_entry_id, placement_id, minutes, coefficient HAVING count(*) = 1""",
}
HELD_SHARES = [
    _of_days("shares", "team", word, _OF_TEAM.format(touched=_TOUCHED[word])) for word in OPERATIONS
]
HELD_EXTRA = [_of_extra(word) for word in OPERATIONS]

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
           AND r.kind NOT IN ({_OFF_CYCLE})
           AND (r.status = 'posting' OR (TG_OP = 'DELETE' AND r.status IN ({CLOSED})))
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
           AND r.payer_id IN (OLD.payer_id, NEW.payer_id) AND r.status IN ({CLOSED})
           AND r.month + interval '1 month' > least(OLD.effective_from, NEW.effective_from)
           AND (OLD.effective_to IS NULL OR NEW.effective_to IS NULL
                OR greatest(OLD.effective_to, NEW.effective_to) > r.month)
         WHERE s.id IN (OLD.post_id, NEW.post_id))
    THEN {refuse("held_placement_stays")} END IF;
    RETURN NEW;
    """,
)
