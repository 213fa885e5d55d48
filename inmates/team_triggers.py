"""Guards of the output of a team, as PostgreSQL triggers: the sisters of those of a work entry.

Called by models.teams. An entry is written first, its shares after it, in one transaction; whoever
writes a share holds its entry, so two writers of one team wait for each other.
"""

import pgtrigger
from django.utils.translation import gettext_lazy as _

from inmates.triggers import ADD_OUTPUT, NEW_OUTPUT, OLD_OUTPUT, TOTAL_OUTPUT, refuse
from portal.kernel.errors import TRIGGER_SENTENCES

TRIGGER_SENTENCES |= {
    "team_outside_placement": _(
        "Output can be entered only for a day of the placement of every member of the team. "
        "Check the date and the people."
    ),
    "team_not_cleared": _(
        "A member of the team lacks a briefing, equipment or the medical admission that the "
        "operation asks for. Enter it first, then the output."
    ),
    "team_of_one_payer": _(
        "A team is made up of people of one employer's payroll and one institution, all of them "
        "paid by the piece."
    ),
    "team_has_members": _("A team has two members or more. Enter one person's output as his own."),
    "placement_in_team": _(
        "The output of a team is entered on this placement: its payer, post and form of pay stay. "
        "Close it and open another one."
    ),
}


def _output(name: str, operation: pgtrigger.Operation, change: str) -> pgtrigger.Trigger:
    rows = {
        "new": None if operation == pgtrigger.Delete else "new_rows",
        "old": None if operation == pgtrigger.Insert else "old_rows",
    }
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**{key: value for key, value in rows.items() if value}),
        func=ADD_OUTPUT.format(change=TOTAL_OUTPUT.format(rows=change)),
    )


# The work order counts the pieces of a team once, however many people made them.
TEAM_OUTPUT = [
    _output("team_adds_output", pgtrigger.Insert, NEW_OUTPUT),
    _output("team_removes_output", pgtrigger.Delete, OLD_OUTPUT),
    _output("team_changes_output", pgtrigger.Update, f"{NEW_OUTPUT} UNION ALL {OLD_OUTPUT}"),
]

_HOLD = """
    PERFORM 1 FROM inmates_teamentry e
    WHERE e.id IN (SELECT n.team_entry_id FROM {rows} n) ORDER BY e.id FOR NO KEY UPDATE;
    PERFORM 1 FROM inmates_placement p
    WHERE p.id IN (SELECT s.placement_id FROM inmates_teamshare s
                   WHERE s.team_entry_id IN (SELECT n.team_entry_id FROM {rows} n))
    ORDER BY p.id FOR SHARE;
"""
_SHARES = """
    FROM inmates_teamshare s
    JOIN inmates_teamentry e ON e.id = s.team_entry_id
    JOIN inmates_placement p ON p.id = s.placement_id
    {more}
    WHERE s.team_entry_id IN (SELECT n.team_entry_id FROM {rows} n)
"""
_TRADE = """
    JOIN workshops_workorderoperation w ON w.id = e.work_order_operation_id
    JOIN workshops_operation o ON o.id = w.operation_id
    JOIN inmates_clearancerequirement r
      ON (r.trade_id IS NULL OR r.trade_id = o.trade_id) AND r.effective_from <= e.worked_on
        AND (r.effective_to IS NULL OR e.worked_on < r.effective_to)
"""
_HOST = """
    JOIN workshops_post t ON t.id = p.post_id
    JOIN workshops_workshop h ON h.id = t.workshop_id
"""


def _shares(rows: str, more: str = "") -> str:
    return _SHARES.format(rows=rows, more=more)


def _of_one_team(rows: str) -> str:
    """The whole team is looked at whenever one of its shares, or its day or operation, changes."""
    return f"""
    {_HOLD.format(rows=rows)}
    IF EXISTS (SELECT 1 {_shares(rows)}
               AND (e.worked_on < p.effective_from OR p.effective_to <= e.worked_on))
    THEN {refuse("team_outside_placement")} END IF;
    IF EXISTS (SELECT 1 {_shares(rows)} AND p.pay_form <> 'piece')
       OR EXISTS (SELECT 1 {_shares(rows, _HOST)} GROUP BY s.team_entry_id
                  HAVING count(DISTINCT p.payer_id) > 1 OR count(DISTINCT h.institution_id) > 1)
    THEN {refuse("team_of_one_payer")} END IF;
    RETURN NULL;
    """


def _cleared(rows: str) -> str:
    return f"""
    IF EXISTS (SELECT 1 FROM inmates_clearancerequirement) AND EXISTS (
         SELECT 1 {_shares(rows, _TRADE)}
         AND NOT EXISTS (
           SELECT 1 FROM inmates_clearance c
           WHERE c.inmate_id = p.inmate_id AND c.kind = r.kind
             AND (c.trade_id IS NULL OR c.trade_id = o.trade_id)
             AND c.effective_from <= e.worked_on
             AND (c.effective_to IS NULL OR e.worked_on < c.effective_to)))
    THEN {refuse("team_not_cleared")} END IF;
    RETURN NULL;
    """


_FRESH = "(SELECT team_entry_id FROM new_rows)"
# Minutes and coefficients alone change nobody's right to be in the team.
_SWAPPED = """(SELECT team_entry_id FROM
    (SELECT id, team_entry_id, placement_id FROM new_rows
     EXCEPT SELECT id, team_entry_id, placement_id FROM old_rows) m)"""
_MOVED = """(SELECT id AS team_entry_id FROM
    (SELECT id, worked_on, work_order_operation_id FROM new_rows
     EXCEPT SELECT id, worked_on, work_order_operation_id FROM old_rows) m)"""


def _after(name: str, rows: str, func: str) -> pgtrigger.Trigger:
    is_insert = rows == _FRESH
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert if is_insert else pgtrigger.Update,
        referencing=(
            pgtrigger.Referencing(new="new_rows")
            if is_insert
            else pgtrigger.Referencing(old="old_rows", new="new_rows")
        ),
        func=func,
    )


SHARE_GUARDS = [
    _after("share_of_one_team", _FRESH, _of_one_team(_FRESH)),
    _after("swapped_share_of_one_team", _SWAPPED, _of_one_team(_SWAPPED)),
    _after("share_needs_clearance", _FRESH, _cleared(_FRESH)),
    _after("swapped_share_needs_clearance", _SWAPPED, _cleared(_SWAPPED)),
]
ENTRY_GUARDS = [
    _after("moved_team_of_one_payer", _MOVED, _of_one_team(_MOVED)),
    _after("moved_team_needs_clearance", _MOVED, _cleared(_MOVED)),
]


def _members(name: str, operation: pgtrigger.Operation, entry: str) -> pgtrigger.Trigger:
    """Asked at the commit, when both the entry and its shares are written."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Row,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        operation=operation,
        func=f"""
        IF EXISTS (SELECT 1 FROM inmates_teamentry e WHERE e.id = {entry})
           AND (SELECT count(*) FROM inmates_teamshare s WHERE s.team_entry_id = {entry}) < 2
        THEN {refuse("team_has_members")} END IF;
        RETURN NULL;
        """,
    )


ENTRY_HAS_MEMBERS = _members("team_has_members", pgtrigger.Insert, "NEW.id")
SHARE_LEAVES_MEMBERS = _members(
    "share_leaves_members",
    pgtrigger.Delete | pgtrigger.UpdateOf("team_entry_id"),
    "OLD.team_entry_id",
)

# A share says who pays and how: the placement beneath it is not turned into another one.
PLACEMENT_IN_TEAM = pgtrigger.Trigger(
    name="placement_in_team",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("payer_id", "post_id", "pay_form"),
    func=f"""
    IF (NEW.payer_id, NEW.post_id, NEW.pay_form) IS DISTINCT FROM
         (OLD.payer_id, OLD.post_id, OLD.pay_form)
       AND EXISTS (SELECT 1 FROM inmates_teamshare s WHERE s.placement_id = NEW.id)
    THEN {refuse("placement_in_team")} END IF;
    RETURN NEW;
    """,
)
