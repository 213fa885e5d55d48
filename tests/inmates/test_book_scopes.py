"""The books of months of several runs: differences, debts, reversals; faults planted in them."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from inmates.enums import AccountKind, RunStatus
from inmates.models import JournalEntry, LedgerAccount, PayrollRun, Payslip, PayslipLine
from inmates.selectors.ledger import account_sums
from inmates.services.books import wages_day
from inmates.services.reversing import reverse_payroll_run
from portal.kernel import clock
from tests.inmates.books import approved, check_books, worked_off
from tests.inmates.corrected import (
    LAST_OF_OCTOBER,
    OCTOBER,
    Corrected,
    changed,
    october,
    owed,
    paid_september,
    pay_today,
)
from tests.people import Cast


@pytest.fixture
def story(pay: Cast) -> Corrected:
    return paid_september(pay)


def balance(kind: str, **subject: object) -> Decimal:
    """Credits less debits of an account."""
    account = account_sums(LedgerAccount.objects.filter(kind=kind, **subject)).get()
    return account.credits - account.debits


def slip(run: PayrollRun, inmate: object) -> Payslip:
    return Payslip.objects.get(run=run, inmate=inmate)


def correction_of(run: PayrollRun) -> PayrollRun:
    return PayrollRun.objects.get(settled_with=run)


def reversed_(story: Corrected, run: PayrollRun) -> PayrollRun:
    mirror = reverse_payroll_run(
        actor=story.cast.accountant, run_id=run.pk, reason="не тот месяц", at=clock.now()
    )
    return worked_off(approved(story.cast, mirror))


def test_differences_move_back_what_they_make_less(story: Corrected) -> None:
    changed(story)
    run = october(story)
    assert run.status == RunStatus.APPROVED
    less, more = (slip(correction_of(run), one) for one in (story.over, story.under))
    assert less.gross < 0 < more.gross
    assert not Payslip.objects.filter(run=correction_of(run), inmate=story.other).exists()
    assert check_books() == []
    entry = JournalEntry.objects.get(payslip=less)
    sides = {
        (one.account.kind, one.code): one.debit - one.credit
        for one in entry.postings.select_related("account")
    }
    assert sides[(AccountKind.WAGES_PAYABLE, "gross")] == -less.gross
    assert sides[(AccountKind.WAGES_EXPENSE, "gross")] == less.gross
    assert sides[(AccountKind.PENSION_FUND, "opv")] == -less.opv > 0
    assert sides[(AccountKind.CREDITOR, "alimony")] == -less.withheld_by_writs > 0
    # The books of September say what they said: what changed stands in the month it is settled in.
    assert entry.on == wages_day(correction_of(run), clock.now()) == LAST_OF_OCTOBER


def test_what_is_owed_stands_on_the_account_until_it_is_withheld(story: Corrected) -> None:
    changed(story)
    run = october(story)
    own, less = slip(run, story.over), slip(correction_of(run), story.over)
    assert less.settlement == -less.to_account > 0
    assert own.settlement < 0
    pay_today(story, run)
    assert check_books() == []
    left = less.settlement + own.settlement
    assert owed(story.over) == left > 0
    assert balance(AccountKind.WAGES_PAYABLE, inmate=story.over) == -left
    assert balance(AccountKind.WAGES_PAYABLE, inmate=story.under) == 0
    credited = slip(story.september, story.over).to_account + own.to_account + own.settlement
    assert balance(AccountKind.CASH_CONTROL, inmate=story.over) == credited


def test_nothing_is_posted_as_paid_for_a_payslip_below_nought(story: Corrected) -> None:
    changed(story)
    run = pay_today(story, october(story))
    less, more = (slip(correction_of(run), one) for one in (story.over, story.under))
    paid = JournalEntry.objects.filter(purpose="payment")
    assert not paid.filter(payslip=less).exists()
    assert paid.get(payslip=more).postings.get(debit__gt=0).debit == more.to_account


def test_a_reversal_of_what_was_paid_is_owed(story: Corrected) -> None:
    changed(story)
    run = pay_today(story, october(story))
    mirror = reversed_(story, run)
    assert (mirror.status, check_books()) == (RunStatus.APPROVED, [])
    for entry in JournalEntry.objects.filter(run=mirror):
        assert entry.reverses is not None
        assert entry.reverses.run_id == run.pk
        assert entry.on == clock.today()
    assert owed(story.other) == slip(run, story.other).to_account
    assert balance(AccountKind.WAGES_PAYABLE, inmate=story.other) == -owed(story.other)
    entries = JournalEntry.objects.filter(purpose="wages", payslip__inmate=story.other)
    assert entries.filter(reverses=None).count() == 2


def test_a_reversal_of_what_was_never_paid_leaves_nothing(story: Corrected) -> None:
    changed(story)
    run = october(story)
    mirror = reversed_(story, run)
    assert (mirror.status, check_books()) == (RunStatus.APPROVED, [])
    for one in (story.over, story.under, story.other):
        assert owed(one) == 0
        assert balance(AccountKind.WAGES_PAYABLE, inmate=one) == 0


def test_a_month_calculated_again_after_its_reversal_agrees(story: Corrected) -> None:
    changed(story)
    reversed_(story, pay_today(story, october(story)))
    run = october(story)
    assert run.kind == "regular"
    assert slip(run, story.other).is_difference
    assert check_books() == []
    pay_today(story, run)
    assert check_books() == []


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = origin")


DIFFERENCE = """(SELECT s.id FROM inmates_payslip s JOIN inmates_payrollrun r ON r.id = s.run_id
  WHERE r.kind = 'correction' AND s.gross < 0 ORDER BY s.id LIMIT 1)"""
MIRROR = """(SELECT s.id FROM inmates_payslip s JOIN inmates_payrollrun r ON r.id = s.run_id
  WHERE r.kind = 'reversal' AND r.settled_with_id IS NULL ORDER BY s.id LIMIT 1)"""
ANY_SLIP = "(SELECT max(id) FROM inmates_payslip)"
OF_MIRROR = """entry_id IN (SELECT e.id FROM inmates_journalentry e
  JOIN inmates_payrollrun r ON r.id = e.run_id WHERE r.kind = 'reversal')"""

FAULTS = {
    "a difference of somebody else's payslip": (
        "UPDATE inmates_payslip SET corrects_id = {any_slip} WHERE id = {difference}",
        "difference that points at no payslip of its month",
    ),
    "a difference of nothing": (
        "UPDATE inmates_payslip SET corrects_id = NULL WHERE id = {difference}",
        "difference that points at no payslip of its month",
    ),
    "a difference that calls itself a first payslip": (
        """UPDATE inmates_payslip SET is_difference = false, corrects_id = NULL
          WHERE is_difference AND gross > 0""",
        "payslips of a month that are no difference: 1 expected, 2 found",
    ),
    "a line of another code": (
        """UPDATE inmates_payslipline l SET corrects_id = (
          SELECT o.id FROM inmates_payslipline c
          JOIN inmates_payslipline o ON o.payslip_id = c.payslip_id AND o.code = 'ipn'
          WHERE c.id = l.corrects_id) WHERE l.payslip_id = {difference} AND l.code = 'opv'""",
        "line opv points at another line than its own",
    ),
    "a line that forgets what it changes": (
        """UPDATE inmates_payslipline SET corrects_id = NULL
          WHERE payslip_id = {difference} AND code = 'opv'""",
        "line opv points at nothing, though the month has one",
    ),
    "more taken back than there was": (
        """UPDATE inmates_payslip SET opv = opv - 90000, net = net + 90000,
          to_account = to_account + 90000 WHERE id = {difference}""",
        "sum of the month below nought: opv",
    ),
    "a line below nought": (
        """UPDATE inmates_payslipline SET amount = -90000
          WHERE payslip_id = {difference} AND code = 'opv'""",
        "sum of the month below nought: line opv",
    ),
    "more withheld than was owed": (
        "UPDATE inmates_payslip SET settlement = -to_account WHERE NOT is_difference",
        "more settled than was owed",
    ),
    "a debt that nobody has": (
        "UPDATE inmates_payslip SET settlement = 0 WHERE settlement > 0",
        "owed after all payments",
    ),
    "a mirror that owes less than was paid": (
        "UPDATE inmates_payslip SET settlement = settlement - 0.01 WHERE id = {mirror}",
        "reversal: settlement",
    ),
    "a mirror by one tiyn": (
        "UPDATE inmates_payslip SET taxable = taxable + 0.01 WHERE id = {mirror}",
        "reversal: taxable",
    ),
    "a line of a mirror": (
        """UPDATE inmates_payslipline SET amount = amount - 1
          WHERE payslip_id = {mirror} AND code = 'oosms'""",
        "reversal: line oosms",
    ),
    "a mirror of another run": (
        "UPDATE inmates_payslip SET corrects_id = {difference} WHERE id = {mirror}",
        "mirror of another run than its own",
    ),
    "an entry that mirrors nothing": (
        "UPDATE inmates_journalentry SET reverses_id = NULL WHERE reverses_id IS NOT NULL",
        "entry that mirrors another than its own",
    ),
    "an entry that mirrors a payment": (
        """UPDATE inmates_journalentry e SET reverses_id = (
          SELECT p.id FROM inmates_journalentry o JOIN inmates_journalentry p
            ON p.payslip_id = o.payslip_id AND p.purpose = 'payment'
          WHERE o.id = e.reverses_id) WHERE e.reverses_id IS NOT NULL""",
        "entry that mirrors another than its own",
    ),
    "a mirror of an entry on one side": (
        "UPDATE inmates_posting SET credit = credit + 5 WHERE {of_mirror} AND credit > 0",
        "reversal: postings under the code gross",
    ),
    "a run that is reversed by nothing": (
        "UPDATE inmates_payrollrun SET is_reversed = true WHERE month = '2026-09-01'",
        "reversed without a reversal",
    ),
    "a reversal that reversed nothing": (
        "UPDATE inmates_payrollrun SET is_reversed = false",
        "reversal of a run that is not reversed",
    ),
    "a payment after the reversal": (
        """UPDATE inmates_journalentry SET posted_at = posted_at + interval '1 day'
          WHERE purpose = 'payment'""",
        "paid after it was reversed",
    ),
    "differences left behind": (
        "UPDATE inmates_payrollrun SET status = 'approved' WHERE kind = 'correction'",
        "differences approved or paid without the run they go with",
    ),
    "differences on the day of their month": (
        """UPDATE inmates_journalentry SET "on" = '2026-09-30' WHERE run_id IN (
          SELECT id FROM inmates_payrollrun WHERE kind = 'correction')""",
        "entry on another day than its run",
    ),
    "differences of the month itself": (
        "UPDATE inmates_payrollrun SET month = '2026-10-01' WHERE kind = 'correction'",
        "differences that go with a run of no later month",
    ),
    "a payment of what was settled": (
        """UPDATE inmates_posting SET debit = debit * 2, credit = credit * 2 WHERE entry_id IN (
          SELECT id FROM inmates_journalentry WHERE purpose = 'payment')""",
        "payment: cash_control, credit",
    ),
}


def test_every_planted_fault_is_named(story: Corrected) -> None:
    changed(story)
    reversed_(story, pay_today(story, october(story)))
    assert check_books() == []
    missed = {}
    for name, (sql, words) in FAULTS.items():
        with transaction.atomic():
            execute(
                sql.format(
                    any_slip=ANY_SLIP, difference=DIFFERENCE, mirror=MIRROR, of_mirror=OF_MIRROR
                )
            )
            found = check_books()
            transaction.set_rollback(True)
        if not any(words in line for line in found):
            missed[name] = found
    assert missed == {}
    assert check_books() == []


def test_the_day_of_an_entry_is_that_of_the_month_or_of_the_posting(story: Corrected) -> None:
    at = clock.now()
    off_cycle = PayrollRun(kind="release", month=OCTOBER.first_day)
    assert wages_day(story.september, at) == story.september.month + timedelta(days=29)
    assert wages_day(off_cycle, at) == clock.today()


def test_lines_of_a_difference_say_what_was_and_point_at_it(story: Corrected) -> None:
    changed(story)
    run = october(story)
    lines = PayslipLine.objects.filter(payslip__run=correction_of(run))
    assert lines.count() > 5
    for line in lines:
        past = line.corrects
        assert past is not None
        assert past.payslip.run_id == story.september.pk
        assert (past.kind, past.code, past.subject) == (line.kind, line.code, line.subject)


@pytest.mark.parametrize("act", [october, lambda story: pay_today(story, october(story))])
def test_a_month_without_changes_has_no_differences(
    story: Corrected, act: Callable[[Corrected], PayrollRun]
) -> None:
    run = act(story)
    assert not PayrollRun.objects.filter(settled_with=run).exists()
    assert not Payslip.objects.filter(is_difference=True).exists()
    assert check_books() == []
