"""Triggers: the words by which a product is found (models/search.py), the rows of the floor.

The function that indexes is created by the migration that creates its table.
"""

import pgtrigger
from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import TRIGGER_SENTENCES

WRITTEN = pgtrigger.Insert | pgtrigger.Update

INDEX_PRODUCT = pgtrigger.Trigger(
    name="product_is_found",
    when=pgtrigger.After,
    operation=pgtrigger.Update,
    func="""
    PERFORM workshops_index_versions(
      ARRAY(SELECT v.id FROM workshops_productversion v WHERE v.product_id = NEW.id));
    RETURN NULL;
    """,
)
INDEX_VERSION = pgtrigger.Trigger(
    name="version_is_found",
    when=pgtrigger.After,
    operation=WRITTEN,
    func="PERFORM workshops_index_versions(ARRAY[NEW.id]); RETURN NULL;",
)
INDEX_PART = pgtrigger.Trigger(
    name="part_is_found",
    when=pgtrigger.After,
    operation=WRITTEN,
    func="PERFORM workshops_index_versions(ARRAY[NEW.version_id]); RETURN NULL;",
)
# A version that is removed with its parts must not be written down again.
FORGET_PART = pgtrigger.Trigger(
    name="part_is_forgotten",
    when=pgtrigger.After,
    operation=pgtrigger.Delete,
    func="""
    PERFORM workshops_index_versions(
      ARRAY(SELECT s.version_id FROM workshops_productsearch s
            WHERE s.version_id = OLD.version_id));
    RETURN NULL;
    """,
)


# --- The workshop floor ---------------------------------------------------------------------
def stays(name: str) -> pgtrigger.Protect:
    """Rows that are withdrawn or taken back, never removed."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Delete)


def _refuse(name: str) -> str:
    return f"RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';"


TRIGGER_SENTENCES |= {
    "floor_row_withdrawn": _("This entry has been withdrawn already."),
    "downtime_ended": _("This downtime has been ended already."),
    "issue_taken_back": _("More cannot be taken back than was issued."),
    "cards_within_order": _("The batches would be more than the work order asks for."),
    "batch_output_within": _("More cannot pass an operation than the batch holds."),
}
WITHDRAWN_ONCE = pgtrigger.Trigger(
    name="withdrawn_once",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func=f"""
    IF OLD.withdrawn_at IS NOT NULL THEN {_refuse("floor_row_withdrawn")} END IF;
    RETURN NEW;
    """,
)
DOWNTIME_ENDS_ONCE = pgtrigger.Trigger(
    name="downtime_ends_once",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("ended_at", "ended_by_id"),
    func=f"""
    IF OLD.ended_at IS NOT NULL
       AND (NEW.ended_at, NEW.ended_by_id) IS DISTINCT FROM (OLD.ended_at, OLD.ended_by_id)
    THEN {_refuse("downtime_ended")} END IF;
    RETURN NEW;
    """,
)


def _hold(lock: str, condition: str, name: str) -> str:
    """The row it is held against is locked: two connections cannot both fit in."""
    return f"{lock}; IF NOT ({condition}) THEN {_refuse(name)} END IF; RETURN NEW;"


ISSUE_TAKEN_BACK_ONCE = pgtrigger.Trigger(
    name="issue_taken_back_once",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    condition=pgtrigger.Q(new__returns__isnull=False),
    func=_hold(
        "PERFORM 1 FROM workshops_materialissue i WHERE i.id = NEW.returns_id FOR UPDATE",
        """EXISTS (
          SELECT 1 FROM workshops_materialissue i
          WHERE i.id = NEW.returns_id AND i.returns_id IS NULL
            AND i.work_order_id = NEW.work_order_id AND i.unit = NEW.unit
            AND i.material = NEW.material
            AND i.quantity + NEW.quantity + (
              SELECT coalesce(sum(r.quantity), 0) FROM workshops_materialissue r
              WHERE r.returns_id = i.id) >= 0)""",
        "issue_taken_back",
    ),
)
CARDS_WITHIN_ORDER = pgtrigger.Trigger(
    name="cards_within_order",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=_hold(
        "PERFORM 1 FROM workshops_workorder w WHERE w.id = NEW.work_order_id FOR UPDATE",
        """NEW.quantity + (SELECT coalesce(sum(c.quantity), 0) FROM workshops_batchcard c
                           WHERE c.work_order_id = NEW.work_order_id)
           <= (SELECT w.quantity FROM workshops_workorder w WHERE w.id = NEW.work_order_id)""",
        "cards_within_order",
    ),
)
BATCH_OUTPUT_WITHIN = pgtrigger.Trigger(
    name="batch_output_within",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=_hold(
        "PERFORM 1 FROM workshops_batchcard c WHERE c.id = NEW.card_id FOR UPDATE",
        """EXISTS (
          SELECT 1 FROM workshops_batchcard c
          JOIN workshops_workorderoperation o
            ON o.id = NEW.work_order_operation_id AND o.work_order_id = c.work_order_id
          WHERE c.id = NEW.card_id AND NEW.quantity + (
            SELECT coalesce(sum(b.quantity), 0) FROM workshops_batchoutput b
            WHERE b.card_id = c.id
              AND b.work_order_operation_id = NEW.work_order_operation_id)
            BETWEEN 0 AND c.quantity)""",
        "batch_output_within",
    ),
)
