"""Triggers of what a payroll run points at: differences at their run, a mirror at what it reverses.

`selectors.book_scopes` proves the same of all that stands; these refuse it as it is written. Each
raises a check violation that carries a constraint name; its sentence is below.
"""

import pgtrigger
from django.utils.translation import gettext_lazy as _

from inmates.enums import CLOSED_RUNS, FINAL_RUNS
from inmates.triggers import refuse
from portal.kernel.errors import TRIGGER_SENTENCES

TRIGGER_SENTENCES |= {
    "run_goes_with_later": _(
        "Differences go with the wages of a later month of the same payer and institution."
    ),
    "run_mirrors_its_scope": _(
        "A reversal is of approved wages of the same payer, institution and month."
    ),
    "run_reversed_by_mirror": _("Wages are reversed by an approved reversal of them alone."),
    "slip_corrects_its_own": _(
        "A difference is of an approved payslip of the same person, payer, institution and month. "
        "Calculate the month again."
    ),
}
_CLOSED = ", ".join(f"'{status.value}'" for status in CLOSED_RUNS)
_FINAL = ", ".join(f"'{status.value}'" for status in FINAL_RUNS)

# A mirror of differences goes with the mirror of the run that they were paid with.
RUN_POINTS_RIGHT = pgtrigger.Trigger(
    name="run_points_right",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert
    | pgtrigger.UpdateOf(
        "settled_with_id", "reverses_id", "is_reversed", "payer_id", "institution_id", "month",
        "kind",
    ),
    func=f"""
    IF NEW.settled_with_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM inmates_payrollrun h
      WHERE h.id = NEW.settled_with_id AND h.month > NEW.month
        AND (h.payer_id, h.institution_id) = (NEW.payer_id, NEW.institution_id)
        AND h.kind = CASE NEW.kind WHEN 'correction' THEN 'regular' ELSE 'reversal' END)
    THEN {refuse("run_goes_with_later")} END IF;
    IF NEW.reverses_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM inmates_payrollrun o
      WHERE o.id = NEW.reverses_id AND o.kind <> 'reversal' AND o.status IN ({_FINAL})
        AND (o.payer_id, o.institution_id, o.month)
          = (NEW.payer_id, NEW.institution_id, NEW.month))
    THEN {refuse("run_mirrors_its_scope")} END IF;
    IF NEW.is_reversed AND NOT EXISTS (
      SELECT FROM inmates_payrollrun m
      WHERE m.reverses_id = NEW.id AND m.status IN ({_FINAL}))
    THEN {refuse("run_reversed_by_mirror")} END IF;
    RETURN NEW;
    """,  # noqa: S608 - words of this file
)  # fmt: skip
# Looked at once, when the run closes: from then on its payslips stay as they are.
SLIPS_POINT_RIGHT = pgtrigger.Trigger(
    name="slips_point_right",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("status"),
    func=f"""
    IF NEW.status NOT IN ({_CLOSED}) THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE' THEN
      IF OLD.status IN ({_CLOSED}) THEN RETURN NEW; END IF;
    END IF;
    IF EXISTS (
      SELECT FROM inmates_payslip s
      JOIN inmates_payslip c ON c.id = s.corrects_id
      JOIN inmates_payrollrun o ON o.id = c.run_id
      WHERE s.run_id = NEW.id AND (c.inmate_id <> s.inmate_id OR o.id = NEW.id
        OR o.status NOT IN ({_FINAL})
        OR (o.payer_id, o.institution_id, o.month)
          <> (NEW.payer_id, NEW.institution_id, NEW.month)
        OR (NEW.kind = 'reversal' AND o.id <> NEW.reverses_id)))
    THEN {refuse("slip_corrects_its_own")} END IF;
    RETURN NEW;
    """,
)
