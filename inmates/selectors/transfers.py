"""Transfers as payslips tell of them, and as the proof of the books holds them to their orders."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Sum

from inmates.enums import FINAL_RUNS, RegisterCode
from inmates.models import Payslip, RegisterRow
from portal.kernel.periods import Month

# What the Labour Code 113 asks a payslip to tell of: contributions, not taxes and not the wages.
CONTRIBUTIONS = (
    RegisterCode.OPV,
    RegisterCode.OPVR,
    RegisterCode.VOSMS,
    RegisterCode.OOSMS,
    RegisterCode.SO,
)


@dataclass(frozen=True, slots=True)
class Transferred:
    """Contributions of one person and month that the bank has carried out."""

    code: str
    amount: Decimal
    on: date
    document: str


def transfers_of_people(
    payer_id: int, people: Collection[int], month: Month
) -> dict[int, list[Transferred]]:
    """Contributions for a month of wages, by person, in the order of a payslip; two queries.

    Who has wages of that month and no transfer yet has an empty list; who has none is left out.
    """
    earned = Payslip.objects.filter(
        run__payer=payer_id, run__month=month.first_day, run__status__in=FINAL_RUNS,
        inmate__in=people,
    )  # fmt: skip
    found: dict[int, list[Transferred]] = {
        inmate_id: [] for inmate_id in earned.order_by().values_list("inmate_id", flat=True)
    }
    rows = (
        RegisterRow.objects.filter(
            register__payer=payer_id,
            register__code__in=CONTRIBUTIONS,
            inmate__in=people,
            period=month.first_day,
            payable__gt=0,
            order__transfers__isnull=False,
            order__transfers__reversal=None,
        )
        .order_by()
        .values_list(
            "inmate_id", "register__code", "order__transfers__transferred_on",
            "order__transfers__document",
        )
        .annotate(amount=Sum("payable"))
    )  # fmt: skip
    place = {code.value: at for at, code in enumerate(CONTRIBUTIONS)}
    for inmate_id, code, on, document, amount in sorted(
        rows, key=lambda row: (row[0], place[row[1]], row[2], row[3])
    ):
        found.setdefault(inmate_id, []).append(Transferred(code, amount, on, document))
    return found


def transfers_before(slip: Payslip) -> list[Transferred] | None:
    """What of the month before was transferred: the payslip of a month tells of it.

    None where the person had no wages then.
    """
    month = Month.of(slip.run.month).previous()
    return transfers_of_people(slip.run.payer_id, [slip.inmate_id], month).get(slip.inmate_id)


# Each transfer as its order and rows say it: so much from each account, all of it from the bank;
# what was taken back, with the sides exchanged.
_TOLD = """(
  SELECT entry_id, order_id, 1 AS sign FROM inmates_transfer
  UNION ALL
  SELECT v.entry_id, m.order_id, -1
  FROM inmates_transferreversal v JOIN inmates_transfer m ON m.id = v.transfer_id) AS t"""
_EXPECTED = f"""
SELECT t.entry_id, CASE g.code WHEN 'writs' THEN 'creditor' WHEN 'bailiff_fee' THEN 'bailiff_fee'
    ELSE (SELECT min(f.kind) FROM inmates_ledgeraccount f
          WHERE f.payer_id = g.payer_id AND f.code = g.code) END AS kind,
  CASE WHEN g.code IN ('writs', 'bailiff_fee') THEN '' ELSE g.code END AS fund,
  coalesce(w.writ_id, 0) AS writ_id, coalesce(sum(w.payable) FILTER (WHERE t.sign > 0), 0) AS debit,
  coalesce(sum(w.payable) FILTER (WHERE t.sign < 0), 0) AS credit
FROM {_TOLD}
JOIN inmates_paymentorder o ON o.id = t.order_id
JOIN inmates_paymentregister g ON g.id = o.register_id
JOIN inmates_registerrow w ON w.order_id = o.id
WHERE g.payer_id = %(payer)s AND g.code <> 'accounts'
GROUP BY t.entry_id, g.code, g.payer_id, coalesce(w.writ_id, 0)
UNION ALL
SELECT t.entry_id, 'bank', '', 0, CASE WHEN t.sign < 0 THEN o.amount ELSE 0 END,
  CASE WHEN t.sign > 0 THEN o.amount ELSE 0 END
FROM {_TOLD}
JOIN inmates_paymentorder o ON o.id = t.order_id
JOIN inmates_paymentregister g ON g.id = o.register_id
WHERE g.payer_id = %(payer)s AND g.code <> 'accounts'
"""  # noqa: S608 - constants of this file
_POSTED = """
SELECT e.id AS entry_id, a.kind, a.code AS fund, coalesce(a.writ_id, 0) AS writ_id,
  sum(p.debit) AS debit, sum(p.credit) AS credit
FROM inmates_journalentry e
JOIN inmates_posting p ON p.entry_id = e.id
JOIN inmates_ledgeraccount a ON a.id = p.account_id
WHERE e.payer_id = %(payer)s AND e.purpose = 'transfer'
GROUP BY e.id, a.kind, a.code, coalesce(a.writ_id, 0)
"""
DIFFERENCES = f"""
SELECT coalesce(x.entry_id, b.entry_id), concat_ws(' ', coalesce(x.kind, b.kind),
    nullif(coalesce(x.fund, b.fund), '')),
  coalesce(x.debit, 0) - coalesce(x.credit, 0), coalesce(b.debit, 0) - coalesce(b.credit, 0)
FROM ({_EXPECTED}) AS x
FULL JOIN ({_POSTED}) AS b USING (entry_id, kind, fund, writ_id)
WHERE coalesce(x.debit, 0) <> coalesce(b.debit, 0)
  OR coalesce(x.credit, 0) <> coalesce(b.credit, 0)
"""  # noqa: S608 - constants of this file
BALANCES = f"""
SELECT kind, fund, writ_id, sum(credit - debit) FROM ({_EXPECTED}) AS x
GROUP BY kind, fund, writ_id
"""  # noqa: S608 - constants of this file


def transfer_differences(payer_id: int) -> list[tuple[str, Decimal, Decimal]]:
    """What differs between the transfers of a payer and their entries: what, should be, is."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCES, {"payer": payer_id})
        rows = cursor.fetchall()
    return [(f"transfer {entry}: {what}", should, found) for entry, what, should, found in rows]


def transfer_balances(payer_id: int) -> dict[tuple[str, str, int], Decimal]:
    """What the transfers of a payer did to its accounts: credits less debits by account."""
    with connection.cursor() as cursor:
        cursor.execute(BALANCES, {"payer": payer_id})
        return {(kind, fund, writ): amount for kind, fund, writ, amount in cursor.fetchall()}
