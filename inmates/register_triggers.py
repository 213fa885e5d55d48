"""Triggers of payment registers and transfers: a register is the ledger to the tiyn, or is not.

A register is written in one transaction with its runs, orders and rows, and looked at as a whole
at its end. Each refusal carries a constraint name; its sentence is below.
"""

import pgtrigger
from django.utils.translation import gettext_lazy as _

from inmates.triggers import refuse
from portal.kernel.errors import TRIGGER_SENTENCES

TRIGGER_SENTENCES |= {
    "register_of_its_runs": _(
        "A register holds posted wages of one payer in one institution, and none of a later month."
    ),
    "register_is_the_ledger": _(
        "The register does not agree with the books of wages; nothing was issued."
    ),
    "register_brings_what_was_carried": _(
        "The register does not begin with what the one before it carried over."
    ),
    "register_is_its_orders": _("The payment orders do not add up to the register."),
    "register_written_once": _("A register that is issued is never added to; issue the next one."),
    "transfer_is_posted": _("A transfer stands in the books with the sum of its payment order."),
    "transfer_once": _("The transfer of this payment order is entered already."),
    "reversal_is_mirrored": _("What takes a transfer back mirrors its entry in the books."),
}

# The number of the transaction is the database's own and never given by whoever inserts.
REGISTER_OF_THIS_TRANSACTION = pgtrigger.Trigger(
    name="register_of_this_transaction",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="NEW.transaction_id := pg_current_xact_id()::text::bigint; RETURN NEW;",
)


def _written_once(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_rows"),
        func=f"""
        IF EXISTS (
          SELECT 1 FROM inmates_paymentregister g
          WHERE g.id IN (SELECT n.register_id FROM new_rows n)
            AND g.transaction_id <> pg_current_xact_id()::text::bigint)
        THEN {refuse("register_written_once")} END IF;
        RETURN NULL;
        """,  # noqa: S608 - constants of this file
    )


RUNS_OF_THEIR_REGISTER = _written_once("runs_of_their_register")
ORDERS_OF_THEIR_REGISTER = _written_once("orders_of_their_register")
ROWS_OF_THEIR_REGISTER = _written_once("rows_of_their_register")

# What stands on both sides is added up with opposite signs: a join of tables just written would be
# planned for a row or two and compare each with each.
_BOOKED = """
  SELECT s.inmate_id, a.writ_id, r.month AS period, p.credit - p.debit AS amount
  FROM inmates_registerrun x
  JOIN inmates_payrollrun r ON r.id = x.run_id
  JOIN inmates_journalentry e ON e.run_id = x.run_id
  JOIN inmates_payslip s ON s.id = e.payslip_id
  JOIN inmates_posting p ON p.entry_id = e.id
  JOIN inmates_ledgeraccount a ON a.id = p.account_id
  WHERE x.register_id = NEW.id AND CASE NEW.code
    WHEN 'writs' THEN a.kind = 'creditor'
    WHEN 'bailiff_fee' THEN a.kind = 'bailiff_fee'
    WHEN 'accounts' THEN a.kind = 'cash_control'
    ELSE a.code = NEW.code END
"""
REGISTER_IS_THE_LEDGER = pgtrigger.Trigger(
    name="register_is_the_ledger",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    func=f"""
    IF NOT EXISTS (SELECT 1 FROM inmates_registerrun x WHERE x.register_id = NEW.id)
       AND NEW.previous_id IS NULL
       OR EXISTS (
      SELECT 1 FROM inmates_registerrun x JOIN inmates_payrollrun r ON r.id = x.run_id
      WHERE x.register_id = NEW.id AND (
        x.code <> NEW.code OR r.payer_id <> NEW.payer_id
        OR r.institution_id <> NEW.institution_id OR r.month > NEW.month
        OR r.status NOT IN ('approved', 'paid')))
    THEN {refuse("register_of_its_runs")} END IF;
    IF NEW.total <> (SELECT coalesce(sum(w.posted), 0) FROM inmates_registerrow w
                     WHERE w.register_id = NEW.id)
       OR EXISTS (
      SELECT 1 FROM ({_BOOKED} UNION ALL
        SELECT w.inmate_id, w.writ_id, w.period, -w.posted FROM inmates_registerrow w
        WHERE w.register_id = NEW.id) AS sides
      GROUP BY inmate_id, writ_id, period HAVING sum(amount) <> 0)
    THEN {refuse("register_is_the_ledger")} END IF;
    IF EXISTS (
      SELECT 1 FROM (
        SELECT w.inmate_id, w.writ_id, w.period, w.brought AS amount FROM inmates_registerrow w
        WHERE w.register_id = NEW.id
        UNION ALL
        SELECT w.inmate_id, w.writ_id, w.period, -w.carried FROM inmates_registerrow w
        WHERE w.register_id = NEW.previous_id) AS sides
      GROUP BY inmate_id, writ_id, period HAVING sum(amount) <> 0)
    THEN {refuse("register_brings_what_was_carried")} END IF;
    IF NEW.payable <> (SELECT coalesce(sum(o.amount), 0) FROM inmates_paymentorder o
                       WHERE o.register_id = NEW.id)
       OR EXISTS (
      SELECT 1 FROM (
        SELECT o.id AS order_id, o.amount FROM inmates_paymentorder o
        WHERE o.register_id = NEW.id
        UNION ALL
        SELECT w.order_id, -w.payable FROM inmates_registerrow w
        WHERE w.register_id = NEW.id) AS sides
      GROUP BY order_id HAVING sum(amount) <> 0)
    THEN {refuse("register_is_its_orders")} END IF;
    RETURN NULL;
    """,  # noqa: S608 - constants of this file
)
# The wages themselves are posted with their payment, so that a transfer of them posts nothing.
TRANSFER_IS_POSTED = pgtrigger.Trigger(
    name="transfer_is_posted",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    func=f"""
    IF NOT EXISTS (
      SELECT 1 FROM inmates_paymentorder o
      JOIN inmates_paymentregister g ON g.id = o.register_id
      WHERE o.id = NEW.order_id AND CASE
        WHEN g.code = 'accounts' THEN NEW.entry_id IS NULL
        ELSE o.amount = (
          SELECT sum(p.credit) FROM inmates_journalentry e
          JOIN inmates_posting p ON p.entry_id = e.id
          JOIN inmates_ledgeraccount a ON a.id = p.account_id
          WHERE e.id = NEW.entry_id AND e.purpose = 'transfer' AND e.payer_id = g.payer_id
            AND e."on" = NEW.transferred_on AND a.kind = 'bank') END)
    THEN {refuse("transfer_is_posted")} END IF;
    IF NEW.sequence <> 1 AND NOT EXISTS (
      SELECT 1 FROM inmates_transfer t JOIN inmates_transferreversal v ON v.transfer_id = t.id
      WHERE t.order_id = NEW.order_id AND t.sequence = NEW.sequence - 1)
    THEN {refuse("transfer_once")} END IF;
    RETURN NULL;
    """,  # noqa: S608 - constants of this file
)
# Account by account with the sides exchanged; where the transfer posted nothing, nothing is.
REVERSAL_IS_MIRRORED = pgtrigger.Trigger(
    name="reversal_is_mirrored",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    func=f"""
    IF NOT EXISTS (
      SELECT 1 FROM inmates_transfer t
      LEFT JOIN inmates_journalentry e ON e.id = NEW.entry_id
      WHERE t.id = NEW.transfer_id AND CASE
        WHEN t.entry_id IS NULL THEN NEW.entry_id IS NULL
        ELSE e.purpose = 'transfer' AND e.reverses_id = t.entry_id AND NOT EXISTS (
          SELECT 1 FROM (
            SELECT p.account_id, p.debit - p.credit AS amount FROM inmates_posting p
            WHERE p.entry_id IN (t.entry_id, e.id)) AS sides
          GROUP BY account_id HAVING sum(amount) <> 0) END)
    THEN {refuse("reversal_is_mirrored")} END IF;
    RETURN NULL;
    """,  # noqa: S608 - constants of this file
)
