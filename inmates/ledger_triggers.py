"""Triggers of the ledger: an entry balances, is written once and only in its own transaction.

Postings are looked at statement by statement: the wages of a run are one statement of two hundred
thousand. An entry is looked at once more at the end of its transaction.
"""

import pgtrigger
from django.utils.translation import gettext_lazy as _

from inmates.triggers import refuse
from portal.kernel.errors import TRIGGER_SENTENCES

TRIGGER_SENTENCES |= {
    "entry_balances": _("An entry of the books does not balance; nothing was posted."),
    "posting_of_its_entry": _(
        "An entry of the books that is written already is never added to; make a new entry."
    ),
    "posting_of_one_payer": _("An entry and its accounts belong to the books of one payer."),
}


# The number of the transaction is the database's own and never given by whoever inserts.
ENTRY_OF_THIS_TRANSACTION = pgtrigger.Trigger(
    name="entry_of_this_transaction",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="NEW.transaction_id := pg_current_xact_id()::text::bigint; RETURN NEW;",
)
# At the commit, entry by entry: it has postings and their two sides are equal.
ENTRY_BALANCES = pgtrigger.Trigger(
    name="entry_balances",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    func=f"""
    IF (SELECT coalesce(sum(p.debit) <> sum(p.credit), true) FROM inmates_posting p
        WHERE p.entry_id = NEW.id)
    THEN {refuse("entry_balances")} END IF;
    RETURN NULL;
    """,
)
# One statement writes all postings of an entry. So an entry whose balance was looked at before the
# end (SET CONSTRAINTS … IMMEDIATE) cannot be put out of balance afterwards.
POSTINGS_OF_THEIR_ENTRY = pgtrigger.Trigger(
    name="postings_of_their_entry",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="new_rows"),
    func=f"""
    IF EXISTS (
      SELECT 1 FROM inmates_journalentry e
      WHERE e.id IN (SELECT n.entry_id FROM new_rows n)
        AND e.transaction_id <> pg_current_xact_id()::text::bigint)
    THEN {refuse("posting_of_its_entry")} END IF;
    IF EXISTS (SELECT 1 FROM new_rows n GROUP BY n.entry_id HAVING sum(n.debit) <> sum(n.credit))
    THEN {refuse("entry_balances")} END IF;
    IF EXISTS (
      SELECT 1 FROM (SELECT DISTINCT n.entry_id, a.payer_id FROM new_rows n
                     JOIN inmates_ledgeraccount a ON a.id = n.account_id) AS used
      JOIN inmates_journalentry e ON e.id = used.entry_id
      WHERE e.payer_id <> used.payer_id)
    THEN {refuse("posting_of_one_payer")} END IF;
    RETURN NULL;
    """,
)
