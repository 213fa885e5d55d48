"""Writing the books: amounts of a run move from account to account, each as one entry per slip.

What a difference makes less moves back: debit and credit change places, an amount has no sign.

Called by the services of posting and paying inside their transaction. Set-based: so many
statements for one person as for twenty thousand.
"""

from datetime import date, datetime

from django.db import connection

from inmates.enums import AccountKind as Kind
from inmates.enums import EntryPurpose, LineKind, RunKind
from inmates.models import PayrollRun
from inmates.models.ledger import OF_FUND, OF_PERSON, OF_PLACE, OF_WRIT
from portal.kernel.clock import day_of
from portal.kernel.copying import forget_plans
from portal.kernel.periods import Month

# What a run moves stands in a table of the transaction: accounts, entries and postings are made
# from it one after another. An amount goes from the debit of one account to the credit of another.
MOVES = """
CREATE TEMP TABLE book_move (
  payslip_id bigint NOT NULL,
  inmate_id bigint NOT NULL,
  code text NOT NULL,
  amount numeric(14, 2) NOT NULL,
  debit text NOT NULL,
  credit text NOT NULL,
  fund text NOT NULL,
  writ_id bigint
) ON COMMIT DROP
"""
# A payment of the law goes to one fund, under its own code: each is transferred by itself.
FUNDS = {
    "opv": Kind.PENSION_FUND,
    "vosms": Kind.HEALTH_FUND,
    "ipn": Kind.TAX,
    "so": Kind.SOCIAL_FUND,
    "oosms": Kind.HEALTH_FUND,
    "opvr": Kind.PENSION_FUND,
    "social_tax": Kind.TAX,
}
FEE = "bailiff_fee"
# What earned it is told by the slip: here, as to a private payer, wages are one sum.
EARNED = """
INSERT INTO book_move
SELECT s.id, s.inmate_id, 'gross', abs(sum(l.amount)),
  CASE WHEN sum(l.amount) > 0 THEN %(expense)s ELSE %(payable)s END,
  CASE WHEN sum(l.amount) > 0 THEN %(payable)s ELSE %(expense)s END, '', NULL
FROM inmates_payslip s JOIN inmates_payslipline l ON l.payslip_id = s.id
WHERE s.run_id = %(run)s AND l.kind = %(earning)s
GROUP BY s.id HAVING sum(l.amount) <> 0
"""
# A code without a fund finds no account and is refused by its column, never left out.
PAYMENTS = """
INSERT INTO book_move
SELECT s.id, s.inmate_id, l.code, abs(l.amount),
  CASE WHEN l.amount > 0 THEN c.source ELSE f.kind END,
  CASE WHEN l.amount > 0 THEN f.kind ELSE c.source END, l.code, NULL
FROM inmates_payslip s JOIN inmates_payslipline l ON l.payslip_id = s.id
LEFT JOIN unnest(%(codes)s::text[], %(kinds)s::text[]) AS f (code, kind) ON f.code = l.code
CROSS JOIN LATERAL (
  SELECT CASE l.kind WHEN %(employer)s THEN %(contributions)s ELSE %(payable)s END AS source
) c
WHERE s.run_id = %(run)s AND l.kind IN (%(withheld)s, %(employer)s) AND l.amount <> 0
"""
BY_WRIT = """
INSERT INTO book_move
SELECT s.id, s.inmate_id, l.code, abs(l.amount),
  CASE WHEN l.amount > 0 THEN %(payable)s ELSE c.target END,
  CASE WHEN l.amount > 0 THEN c.target ELSE %(payable)s END, '', l.writ_id
FROM inmates_payslip s JOIN inmates_payslipline l ON l.payslip_id = s.id
CROSS JOIN LATERAL (
  SELECT CASE l.code WHEN %(fee)s THEN %(fees)s ELSE %(creditor)s END AS target
) c
WHERE s.run_id = %(run)s AND l.kind = %(writ)s AND l.amount <> 0
"""
# What is settled with an overpayment stays where it is: the debt and the wage meet on the person's
# account. Of a reversal with nothing to pay, or of wages that were never paid, nothing moves.
PAID = """
INSERT INTO book_move
SELECT s.id, s.inmate_id, 'paid', s.to_account + s.settlement, %(payable)s, %(cash)s, '', NULL
FROM inmates_payslip s WHERE s.run_id = %(run)s AND s.to_account + s.settlement > 0
"""
# Both sides of a move with the subject of the account of each.
SIDES = """
SELECT m.payslip_id, m.code, side.is_debit, m.amount, side.kind,
  CASE WHEN side.kind = ANY(%(of_fund)s) THEN m.fund ELSE '' END AS fund,
  CASE WHEN side.kind = ANY(%(of_place)s) THEN %(institution)s END AS institution_id,
  CASE WHEN side.kind = ANY(%(of_person)s) THEN m.inmate_id END AS inmate_id,
  CASE WHEN side.kind = ANY(%(of_writ)s) THEN m.writ_id END AS writ_id
FROM book_move m CROSS JOIN LATERAL (VALUES (true, m.debit), (false, m.credit))
  AS side (is_debit, kind)
"""
# In one order, so that two runs that open the same accounts at once wait and never deadlock.
ACCOUNTS = f"""
INSERT INTO inmates_ledgeraccount (payer_id, kind, code, institution_id, inmate_id, writ_id)
SELECT DISTINCT %(payer)s, kind, fund, institution_id::bigint, inmate_id, writ_id
FROM ({SIDES}) AS s
ORDER BY kind, fund, institution_id, inmate_id, writ_id
ON CONFLICT DO NOTHING
"""  # noqa: S608 - constants of this file
CASH_ACCOUNTS = """
INSERT INTO inmates_cashcontrolaccount (inmate_id, opened_at)
SELECT DISTINCT m.inmate_id, %(at)s::timestamptz FROM book_move m WHERE m.credit = %(cash)s
ORDER BY m.inmate_id
ON CONFLICT DO NOTHING
"""
# What was just written into the books has no statistics: joined as it is, it counts for a row or
# two, and each is compared with each. Its keys stand in tables of the transaction, which have them.
MADE = """
CREATE TEMP TABLE book_entry (id bigint NOT NULL, payslip_id bigint NOT NULL) ON COMMIT DROP
"""
# An entry of a reversal points at the one it mirrors: that of the same person in the other run.
ENTRIES = """
WITH made AS (
  INSERT INTO inmates_journalentry
    (payer_id, run_id, payslip_id, purpose, "on", posted_at, document, reverses_id)
  SELECT %(payer)s, %(run)s, s.id, %(purpose)s, %(on)s, %(at)s, %(document)s, e.id
  FROM inmates_payslip s
  LEFT JOIN inmates_payslip m ON m.run_id = %(mirrored)s AND m.inmate_id = s.inmate_id
  LEFT JOIN inmates_journalentry e ON e.payslip_id = m.id AND e.purpose = %(purpose)s
  WHERE s.run_id = %(run)s AND s.id IN (SELECT m.payslip_id FROM book_move m)
  ORDER BY s.number
  RETURNING id, payslip_id
)
INSERT INTO book_entry SELECT id, payslip_id FROM made
"""
OPEN = """
CREATE TEMP TABLE book_account ON COMMIT DROP AS
SELECT a.id, a.kind, a.code AS fund,
  coalesce(a.institution_id, a.inmate_id, a.writ_id, 0) AS subject_id
FROM inmates_ledgeraccount a WHERE a.payer_id = %(payer)s
"""
# One statement for all postings of an entry: the database looks at the balance of each.
POSTINGS = f"""
INSERT INTO inmates_posting (entry_id, account_id, code, debit, credit)
SELECT e.id, a.id, s.code, CASE WHEN s.is_debit THEN s.amount ELSE 0 END,
  CASE WHEN s.is_debit THEN 0 ELSE s.amount END
FROM ({SIDES}) AS s
JOIN book_entry e ON e.payslip_id = s.payslip_id
LEFT JOIN book_account a ON a.kind = s.kind AND a.fund = s.fund
  AND a.subject_id = coalesce(s.institution_id::bigint, s.inmate_id, s.writ_id, 0)
ORDER BY e.id
"""  # noqa: S608 - constants of this file
DROP = "DROP TABLE book_move, book_entry, book_account"


def wages_day(run: PayrollRun, at: datetime) -> date:
    """The day its entries of wages belong to: of a month's run its last day, of corrections that of
    the month they are settled with; of all others the day of posting. What a statement said of an
    earlier month stays so.
    """
    if run.kind == RunKind.REGULAR:
        return Month.of(run.month).last_day
    if run.kind == RunKind.CORRECTION and run.settled_with is not None:
        return Month.of(run.settled_with.month).last_day
    return day_of(at)


def wages_of_run(run: PayrollRun) -> None:
    """What the lines of the run's slips move: wages, what is withheld, what the employer pays."""
    values = {
        "run": run.pk,
        "expense": Kind.WAGES_EXPENSE,
        "contributions": Kind.CONTRIBUTIONS_EXPENSE,
        "payable": Kind.WAGES_PAYABLE,
        "creditor": Kind.CREDITOR,
        "fees": Kind.BAILIFF_FEE,
        "fee": FEE,
        "codes": list(FUNDS),
        "kinds": list(map(str, FUNDS.values())),
        "earning": LineKind.EARNING,
        "withheld": LineKind.WITHHELD,
        "writ": LineKind.WRIT,
        "employer": LineKind.EMPLOYER,
    }
    _run(MOVES, EARNED, PAYMENTS, BY_WRIT, values=values)


def payment_of_run(run: PayrollRun) -> None:
    """What the payment of the run moves: to each person's cash control account what is paid."""
    values = {"run": run.pk, "payable": Kind.WAGES_PAYABLE, "cash": Kind.CASH_CONTROL}
    _run(MOVES, PAID, values=values)


def write_entries(run: PayrollRun, purpose: str, *, on: date, document: str, at: datetime) -> None:
    """The moves stand in the books of the payer, as one entry for each payslip."""
    values = {
        "payer": run.payer_id,
        "institution": run.institution_id,
        "run": run.pk,
        "purpose": purpose,
        "on": on,
        "at": at,
        "document": document,
        "cash": Kind.CASH_CONTROL,
        # A payment is not mirrored: it was made. What is paid out too much is owed.
        "mirrored": run.reverses_id if purpose == EntryPurpose.WAGES else None,
        "of_place": list(map(str, OF_PLACE)),
        "of_person": list(map(str, OF_PERSON)),
        "of_writ": list(map(str, OF_WRIT)),
        "of_fund": list(map(str, OF_FUND)),
    }
    forget_plans()
    _run(
        "ANALYZE book_move",
        ACCOUNTS,
        CASH_ACCOUNTS,
        OPEN,
        "ANALYZE book_account",
        MADE,
        ENTRIES,
        "ANALYZE book_entry",
        POSTINGS,
        DROP,
        values=values,
    )


def _run(*statements: str, values: dict[str, object]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)
