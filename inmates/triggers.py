"""Guards that a plain constraint cannot express, as PostgreSQL triggers (django-pgtrigger).

Each raises a check violation that carries a constraint name; its sentence is registered below.
"""

import pgtrigger
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import PRIVATE_KINDS
from portal.kernel.errors import TRIGGER_SENTENCES

TRIGGER_SENTENCES |= {
    "private_placement_needs_consent": _(
        "A private employer needs the person's written consent, in force from the first day. "
        "Enter the consent first or offer another place."
    ),
    # Of a table of the layer below: made by SQL in the migration of this name.
    "employer_kind_needs_consents": _(
        "People work for this organisation without a consent to private work. End their "
        "placements first: with a consent they are placed again."
    ),
    "consent_in_use": _(
        "A placement still rests on this consent. End the placement by that day first."
    ),
    "attendance_outside_placement": _(
        "This person has no such placement on this day. Check the date or the placement."
    ),
    "output_outside_placement": _(
        "Output can be entered only for a day of the placement. Check the date."
    ),
    "reason_is_fixed": _(
        "What a reason means for pay and counting is never changed. Retire it from a day on and "
        "add another one."
    ),
    "attendance_reason_offered": _(
        "This reason is not offered for this day. Choose another one from the list."
    ),
    "attendance_refusal_at_private": _(
        "A private employer's worker may stay away from that work at any time: this reason is not "
        "entered for it. Choose another one, or leave the day to the labour officer."
    ),
    "labour_state_reason": _(
        "This reason cannot stand for a time without work. Choose one from the list."
    ),
    "inmates_inmateidentity_iin_hmac_key": _("A person with this IIN is registered already."),
    "inmates_inmate_personnel_number_key": _("This personnel number is taken already."),
    "output_not_cleared": _(
        "This person lacks a briefing, equipment or the medical admission that the operation "
        "asks for. Enter it first, then the output."
    ),
    "placement_covers_work": _(
        "Work is already entered outside the new dates of the placement. Correct the entries first."
    ),
}


def refuse(name: str) -> str:
    return f"RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';"


_PRIVATE = ", ".join(f"'{kind.value}'" for kind in PRIVATE_KINDS)
_OUTSIDE = "(NEW.effective_from > {day} OR NEW.effective_to <= {day})"

PRIVATE_NEEDS_CONSENT = pgtrigger.Trigger(
    name="private_needs_consent",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert
    | pgtrigger.UpdateOf("inmate_id", "employer_id", "effective_from", "effective_to"),
    func=f"""
    -- Held, so that the employer does not become a private one at this very moment.
    PERFORM 1 FROM accounts_organisation o WHERE o.id = NEW.employer_id FOR SHARE;
    IF EXISTS (SELECT 1 FROM accounts_organisation o
               WHERE o.id = NEW.employer_id AND o.kind IN ({_PRIVATE}))
       AND NOT EXISTS (
         SELECT 1 FROM inmates_consent c
         WHERE c.inmate_id = NEW.inmate_id AND c.employer_id = NEW.employer_id
           AND c.kind = 'private_work' AND c.given_on <= NEW.effective_from
           AND (c.withdrawn_on IS NULL
                OR (NEW.effective_to IS NOT NULL AND NEW.effective_to <= c.withdrawn_on))
         FOR SHARE)
    THEN {refuse("private_placement_needs_consent")} END IF;
    RETURN NEW;
    """,
)

CONSENT_STAYS = pgtrigger.Trigger(
    name="consent_stays",
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete,
    func=f"""
    IF OLD.kind = 'private_work' AND EXISTS (
         SELECT 1 FROM inmates_placement p
         JOIN accounts_organisation o ON o.id = p.employer_id AND o.kind IN ({_PRIVATE})
         WHERE p.inmate_id = OLD.inmate_id AND p.employer_id = OLD.employer_id
           AND p.effective_from >= OLD.given_on
           AND (OLD.withdrawn_on IS NULL OR p.effective_to <= OLD.withdrawn_on)
           AND (TG_OP = 'DELETE' OR NEW.inmate_id <> OLD.inmate_id
                OR NEW.employer_id <> OLD.employer_id OR NEW.kind <> OLD.kind
                OR NEW.given_on > p.effective_from
                OR (NEW.withdrawn_on IS NOT NULL
                    AND (p.effective_to IS NULL OR p.effective_to > NEW.withdrawn_on)))
           AND NOT EXISTS (
             SELECT 1 FROM inmates_consent c
             WHERE c.id <> OLD.id AND c.inmate_id = p.inmate_id
               AND c.employer_id = p.employer_id AND c.kind = 'private_work'
               AND c.given_on <= p.effective_from
               AND (c.withdrawn_on IS NULL
                    OR (p.effective_to IS NOT NULL AND p.effective_to <= c.withdrawn_on))))
    THEN {refuse("consent_in_use")} END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
    """,
)


# A sheet of a month is two thousand rows: the guards look at all rows of a statement at once, those
# of an UPDATE where a guarded column changed. They lock what they look at first, so that a
# placement is not shortened, nor a reason retired, between the look and the commit.
def _of_rows(name: str, columns: str, func: str) -> list[pgtrigger.Trigger]:
    changed = f"(SELECT id, {columns} FROM new_rows EXCEPT SELECT id, {columns} FROM old_rows)"
    return [
        pgtrigger.Trigger(
            name=name,
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="new_rows"),
            func=func.format(rows="new_rows"),
        ),
        pgtrigger.Trigger(
            name=f"moved_{name}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            referencing=pgtrigger.Referencing(old="old_rows", new="new_rows"),
            func=func.format(rows=changed),
        ),
    ]


def _in_placement(name: str, constraint: str) -> list[pgtrigger.Trigger]:
    return _of_rows(
        name,
        "placement_id, worked_on",
        f"""
        PERFORM 1 FROM inmates_placement p
        WHERE p.id IN (SELECT n.placement_id FROM {{rows}} n) ORDER BY p.id FOR SHARE;
        IF EXISTS (
          SELECT 1 FROM {{rows}} n JOIN inmates_placement p ON p.id = n.placement_id
          WHERE n.worked_on < p.effective_from OR p.effective_to <= n.worked_on)
        THEN {refuse(constraint)} END IF;
        RETURN NULL;
        """,
    )


ATTENDANCE_IN_PLACEMENT = _in_placement("attendance_in_placement", "attendance_outside_placement")
ENTRY_IN_PLACEMENT = _in_placement("entry_in_placement", "output_outside_placement")

ATTENDANCE_REASON = _of_rows(
    "attendance_reason",
    "placement_id, worked_on, reason_id",
    f"""
    PERFORM 1 FROM inmates_reason r
    WHERE r.id IN (SELECT n.reason_id FROM {{rows}} n) ORDER BY r.id FOR SHARE;
    IF EXISTS (
      SELECT 1 FROM {{rows}} n JOIN inmates_reason r ON r.id = n.reason_id
      WHERE n.worked_on < r.offered_from OR r.retired_on <= n.worked_on)
    THEN {refuse("attendance_reason_offered")} END IF;
    IF EXISTS (
      SELECT 1 FROM {{rows}} n
      JOIN inmates_reason r ON r.id = n.reason_id AND r.is_refusal
      JOIN inmates_placement p ON p.id = n.placement_id
      JOIN accounts_organisation o ON o.id = p.employer_id AND o.kind IN ({_PRIVATE}))
    THEN {refuse("attendance_refusal_at_private")} END IF;
    RETURN NULL;
    """,
)

# Whether a row is used already is not asked: it may be in the next moment. What was entered
# wrongly and never used is deleted; a used row cannot be.
_FIXED = (
    "code", "group", "letter", "is_paid", "is_worked", "counts_as_available", "needs_text",
    "is_lasting", "is_refusal", "offered_from", "pay_kind",
)  # fmt: skip
REASON_IS_FIXED = pgtrigger.Trigger(
    name="reason_is_fixed",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf(*_FIXED),
    func=f"""
    IF {" OR ".join(f'NEW."{column}" IS DISTINCT FROM OLD."{column}"' for column in _FIXED)}
    THEN {refuse("reason_is_fixed")} END IF;
    RETURN NEW;
    """,
)

# A time without work is told by the directory of such times. A refusal is not among them: of
# private work it is nobody's business, of other work it is a matter of discipline, kept elsewhere.
LABOUR_STATE_REASON = pgtrigger.Trigger(
    name="labour_state_reason",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("reason_id"),
    condition=pgtrigger.Q(new__reason__isnull=False),
    func=f"""
    IF EXISTS (SELECT 1 FROM inmates_reason r WHERE r.id = NEW.reason_id
               AND (r.is_refusal OR r."group" NOT IN ('not_working', 'unable')))
    THEN {refuse("labour_state_reason")} END IF;
    RETURN NEW;
    """,
)

PLACEMENT_COVERS_WORK = pgtrigger.Trigger(
    name="placement_covers_work",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("effective_from", "effective_to"),
    func=f"""
    IF EXISTS (SELECT 1 FROM inmates_attendance a
               WHERE a.placement_id = NEW.id AND {_OUTSIDE.format(day="a.worked_on")})
       OR EXISTS (SELECT 1 FROM inmates_workentry w
                  WHERE w.placement_id = NEW.id AND {_OUTSIDE.format(day="w.worked_on")})
       OR EXISTS (SELECT 1 FROM inmates_teamshare s
                  JOIN inmates_teamentry e ON e.id = s.team_entry_id
                  WHERE s.placement_id = NEW.id AND {_OUTSIDE.format(day="e.worked_on")})
    THEN {refuse("placement_covers_work")} END IF;
    RETURN NEW;
    """,
)

# Statement-level with transition tables: a thousand entries of one insert lock and change each
# operation of a work order once, in the order of its key.
ADD_OUTPUT = """
    WITH change AS ({change}),
         held AS (SELECT id FROM workshops_workorderoperation
                  WHERE id IN (SELECT operation_id FROM change) ORDER BY id FOR UPDATE)
    UPDATE workshops_workorderoperation o SET done = o.done + change.quantity
    FROM change JOIN held ON held.id = change.operation_id
    WHERE o.id = change.operation_id AND change.quantity <> 0;
    RETURN NULL;
"""
_SUM = "SELECT work_order_operation_id AS operation_id, {sign} quantity AS quantity FROM {rows}"
TOTAL_OUTPUT = "SELECT operation_id, sum(quantity)::int AS quantity FROM ({rows}) r GROUP BY 1"
NEW_OUTPUT = _SUM.format(sign="", rows="new_rows")
OLD_OUTPUT = _SUM.format(sign="-", rows="old_rows")

ENTRY_ADDS_OUTPUT = pgtrigger.Trigger(
    name="entry_adds_output",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="new_rows"),
    func=ADD_OUTPUT.format(change=TOTAL_OUTPUT.format(rows=NEW_OUTPUT)),
)
ENTRY_REMOVES_OUTPUT = pgtrigger.Trigger(
    name="entry_removes_output",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Delete,
    referencing=pgtrigger.Referencing(old="old_rows"),
    func=ADD_OUTPUT.format(change=TOTAL_OUTPUT.format(rows=OLD_OUTPUT)),
)
ENTRY_CHANGES_OUTPUT = pgtrigger.Trigger(
    name="entry_changes_output",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Update,
    referencing=pgtrigger.Referencing(old="old_rows", new="new_rows"),
    func=ADD_OUTPUT.format(change=TOTAL_OUTPUT.format(rows=f"{NEW_OUTPUT} UNION ALL {OLD_OUTPUT}")),
)


# Who lacks on the day what the trade of the operation asks for. The requirements are a dozen rows;
# without one the statement ends at the first look.
_NOT_CLEARED = f"""
    IF EXISTS (SELECT 1 FROM inmates_clearancerequirement) AND EXISTS (
         SELECT 1 FROM {{rows}} n
         JOIN inmates_placement p ON p.id = n.placement_id
         JOIN workshops_workorderoperation w ON w.id = n.work_order_operation_id
         JOIN workshops_operation o ON o.id = w.operation_id
         JOIN inmates_clearancerequirement r
           ON (r.trade_id IS NULL OR r.trade_id = o.trade_id) AND r.effective_from <= n.worked_on
             AND (r.effective_to IS NULL OR n.worked_on < r.effective_to)
         WHERE NOT EXISTS (
           SELECT 1 FROM inmates_clearance c
           WHERE c.inmate_id = p.inmate_id AND c.kind = r.kind
             AND (c.trade_id IS NULL OR c.trade_id = o.trade_id)
             AND c.effective_from <= n.worked_on
             AND (c.effective_to IS NULL OR n.worked_on < c.effective_to)))
    THEN {refuse("output_not_cleared")} END IF;
    RETURN NULL;
"""

# No service moves an entry to another person, operation or day; raw SQL meets the same guard.
ENTRY_NEEDS_CLEARANCE = pgtrigger.Trigger(
    name="entry_needs_clearance",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="new_rows"),
    func=_NOT_CLEARED.format(rows="new_rows"),
)
MOVED_ENTRY_NEEDS_CLEARANCE = pgtrigger.Trigger(
    name="moved_entry_needs_clearance",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("placement_id", "work_order_operation_id", "worked_on"),
    func=_NOT_CLEARED.format(rows="(SELECT NEW.*)"),
)
