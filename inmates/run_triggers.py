"""Triggers of a payroll run: what was approved stays as it was, down to the last line.

Slips and lines are guarded statement by statement with transition tables: a run writes two hundred
thousand lines. Each raises a check violation that carries a constraint name; its sentence is below.
"""

import pgtrigger
from django.utils.translation import gettext_lazy as _

from inmates.enums import CLOSED_RUNS
from inmates.triggers import refuse
from portal.kernel.errors import TRIGGER_SENTENCES

TRIGGER_SENTENCES |= {
    "closed_run_stays": _(
        "These wages are approved: nothing of them is changed. A mistake is put right by a "
        "correction in the month that is open."
    ),
    "run_closes_clean": _(
        "These wages cannot be approved: somebody has no payslip, or the second calculation "
        "differs or was not made. Calculate the month again."
    ),
    "nobody_pays_back": _(
        "These wages cannot be approved: somebody would be paid less than nothing. What was paid "
        "too much is carried over. Calculate the month again."
    ),
}
_CLOSED = ", ".join(f"'{status.value}'" for status in CLOSED_RUNS)


RUN_CLOSES_CLEAN = pgtrigger.Trigger(
    name="run_closes_clean",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("status"),
    func=f"""
    IF TG_OP = 'UPDATE' THEN
      IF OLD.status IN ({_CLOSED}) THEN RETURN NEW; END IF;
    END IF;
    IF NEW.status IN ({_CLOSED})
       AND (NEW.difference_count IS DISTINCT FROM 0
            OR EXISTS (SELECT 1 FROM inmates_payrollproblem p WHERE p.run_id = NEW.id)
            OR NOT EXISTS (SELECT 1 FROM inmates_payslip s WHERE s.run_id = NEW.id))
    THEN {refuse("run_closes_clean")} END IF;
    IF NEW.status IN ({_CLOSED}) AND NEW.kind <> 'reversal'
       AND EXISTS (SELECT 1 FROM inmates_payslip s
                   WHERE s.run_id = NEW.id AND s.to_account + s.settlement < 0)
    THEN {refuse("nobody_pays_back")} END IF;
    RETURN NEW;
    """,
)


def _changed(*columns: str) -> str:
    return " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)


# Whose wages and of what month, who made them and who approved them; once posted the number too.
# The way back from posting leads to "calculated" alone, and from there on nothing is kept.
CLOSED_RUN_STAYS = pgtrigger.Trigger(
    name="closed_run_stays",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func=f"""
    IF OLD.status NOT IN ({_CLOSED}) THEN RETURN NEW; END IF;
    IF {
        _changed(
            "id",
            "payer_id",
            "institution_id",
            "month",
            "kind",
            "sequence",
            "reason",
            "settled_with_id",
            "reverses_id",
            "started_by_id",
            "calculated_at",
            "last_edited_by_id",
            "approved_by_id",
            "approved_at",
        )
    }
       OR (OLD.status = 'posting' AND NEW.status NOT IN ('posting', 'approved', 'calculated'))
       OR (OLD.status <> 'posting' AND ({
        _changed("number", "posted_at", "checked_at", "difference_count")
    }))
       OR (OLD.status = 'approved' AND NEW.status NOT IN ('approved', 'paid'))
       OR (OLD.is_reversed AND NOT NEW.is_reversed)
       OR (OLD.status <> 'paid' AND NEW.status = 'paid' AND NEW.is_reversed)
       OR (OLD.status = 'paid' AND ({_changed("status", "paid_on", "paid_document")}))
    THEN {refuse("closed_run_stays")} END IF;
    RETURN NEW;
    """,
)
CLOSED_RUN_IS_KEPT = pgtrigger.Trigger(
    name="closed_run_is_kept",
    when=pgtrigger.Before,
    operation=pgtrigger.Delete,
    func=f"""
    IF OLD.status IN ({_CLOSED}) THEN {refuse("closed_run_stays")} END IF;
    RETURN OLD;
    """,
)

# The runs are held while they are looked at: one that is being approved at this very moment is
# waited for and then seen as approved.
_HOLD = """
    PERFORM 1 FROM inmates_payrollrun r WHERE r.id IN ({runs}) ORDER BY r.id FOR SHARE;
"""
_ANY = "EXISTS (SELECT 1 FROM inmates_payrollrun r WHERE r.id IN ({runs}) AND r.status IN ({of}))"


def _statement(
    name: str, operation: pgtrigger.Operation, runs: str, func: str
) -> pgtrigger.Trigger:
    old = "old_rows" if operation in (pgtrigger.Update, pgtrigger.Delete) else None
    new = "new_rows" if operation in (pgtrigger.Update, pgtrigger.Insert) else None
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(old=old, new=new),
        func=_HOLD.format(runs=runs) + func + "RETURN NULL;",
    )


def _three(name: str, runs: str, update: str | None = None) -> list[pgtrigger.Trigger]:
    """Nothing is added, changed or taken away; `runs` names the runs of the rows in `{rows}`."""
    triggers = []
    for operation, word, rows in (
        (pgtrigger.Insert, "added", ("new_rows",)),
        (pgtrigger.Update, "changed", ("old_rows", "new_rows")),
        (pgtrigger.Delete, "removed", ("old_rows",)),
    ):
        of_rows = " UNION ".join(runs.format(rows=side) for side in rows)
        found = _ANY.format(runs=of_rows, of=_CLOSED)
        func = f"IF {found} THEN {refuse('closed_run_stays')} END IF;"
        if update and word == "changed":
            func = update.format(runs=of_rows)
        triggers.append(_statement(f"closed_{name}_{word}", operation, of_rows, func))
    return triggers


# A run that is being posted numbers its slips, and nothing else of them changes. What did not
# change stands on both sides, twice the same; a join of the two tables would compare each with
# each under a plan that was made for a single row.
_ONLY_NUMBERED = (
    """
    IF """
    + _ANY.format(runs="{runs}", of=_CLOSED)
    + """ AND (
         """
    + _ANY.format(runs="{runs}", of="'approved', 'paid'")
    + """
         OR EXISTS (SELECT 1 FROM old_rows o WHERE o.number <> '')
         OR EXISTS (
           SELECT 1 FROM (
             SELECT o.id, to_jsonb(o) - 'number' AS kept FROM old_rows o
             UNION ALL
             SELECT n.id, to_jsonb(n) - 'number' FROM new_rows n) AS sides
           GROUP BY id, kept HAVING count(*) = 1))
    THEN """
    + refuse("closed_run_stays")
    + """ END IF;
    """
)
CLOSED_SLIPS_STAY = _three("slips", "SELECT run_id FROM {rows}", _ONLY_NUMBERED)
CLOSED_LINES_STAY = _three(
    "lines",
    "SELECT p.run_id FROM {rows} x JOIN inmates_payslip p ON p.id = x.payslip_id",
)
CLOSED_PROBLEMS_STAY = _three("problems", "SELECT run_id FROM {rows}")
