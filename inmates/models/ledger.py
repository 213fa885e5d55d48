"""The books of a payer: accounts, entries and their postings. Written once, never changed.

Written by `services.posting` and `services.paying` alone; a balance is a sum, nothing is stored.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inmates.enums import AccountKind, EntryPurpose
from inmates.ledger_triggers import (
    ENTRY_BALANCES,
    ENTRY_OF_THIS_TRANSACTION,
    POSTINGS_OF_THEIR_ENTRY,
)
from inmates.models.pay import WritOfExecution
from inmates.models.payroll import PayrollRun, Payslip
from inmates.models.people import Inmate
from portal.accounts.models import Organisation
from portal.kernel.models import append_only
from portal.kernel.money import MoneyField
from workshops.models import Institution

Kind = AccountKind
OF_PLACE = (Kind.WAGES_EXPENSE, Kind.CONTRIBUTIONS_EXPENSE)
OF_PERSON = (Kind.WAGES_PAYABLE, Kind.CASH_CONTROL)
OF_FUND = (Kind.PENSION_FUND, Kind.HEALTH_FUND, Kind.SOCIAL_FUND, Kind.TAX)
OF_WRIT = (Kind.CREDITOR, Kind.BAILIFF_FEE)
OF_PAYER = (Kind.BANK,)


class CashControlAccount(models.Model):
    """The cash control account of a person (law.md §3.5): the institution's treasury keeps it.

    The portal knows what it credited: the sum of the postings, of all payers.
    """

    inmate = models.OneToOneField(Inmate, on_delete=models.PROTECT, related_name="cash_account")
    opened_at = models.DateTimeField()


class LedgerAccount(models.Model):
    """One account in the books of one payer: of a place, a person, a fund or a writ."""

    payer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=25, choices=AccountKind.choices)
    # The payment, for a fund: pension contributions of worker and employer are transferred apart.
    code = models.CharField(max_length=20, default="", blank=True)
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, null=True, related_name="+"
    )
    inmate = models.ForeignKey(
        Inmate, on_delete=models.PROTECT, null=True, related_name="ledger_accounts"
    )
    writ = models.ForeignKey(
        WritOfExecution, on_delete=models.PROTECT, null=True, related_name="ledger_accounts"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["payer", "kind", "code", "institution", "inmate", "writ"],
                nulls_distinct=False,
                name="ledgeraccount_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=OF_PLACE, institution__isnull=False, inmate=None, writ=None, code=""
                )
                | Q(kind__in=OF_PERSON, institution=None, inmate__isnull=False, writ=None, code="")
                | Q(kind__in=OF_WRIT, institution=None, inmate=None, writ__isnull=False, code="")
                | Q(kind__in=OF_FUND, institution=None, inmate=None, writ=None, code__gt="")
                | Q(kind__in=OF_PAYER, institution=None, inmate=None, writ=None, code=""),
                name="ledgeraccount_one_subject",
            ),
        ]
        triggers = [append_only("ledgeraccount_append_only")]


class JournalEntry(models.Model):
    """What one payslip did to the books, once for each purpose; or what one transfer did.

    A correction is another entry that points at the one it reverses.
    """

    payer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    # Of a transfer there is neither: it pays what many payslips of several runs came to.
    run = models.ForeignKey(PayrollRun, on_delete=models.PROTECT, null=True, related_name="entries")
    payslip = models.ForeignKey(
        Payslip, on_delete=models.PROTECT, null=True, related_name="entries"
    )
    purpose = models.CharField(max_length=10, choices=EntryPurpose.choices)
    # The day it belongs to: the last day of the month of wages, the day of a payment.
    on = models.DateField()
    posted_at = models.DateTimeField()
    document = models.CharField(max_length=80)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversed_by"
    )
    # Set by the database; postings are written in this very transaction or never.
    transaction_id = models.BigIntegerField(db_default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["payslip", "purpose"],
                condition=Q(reverses=None),
                name="journalentry_once",
                violation_error_message=_("This payslip is posted already."),
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=EntryPurpose.values), name="journalentry_purpose_known"
            ),
            models.CheckConstraint(
                condition=Q(purpose=EntryPurpose.TRANSFER, run=None, payslip=None)
                | (~Q(purpose=EntryPurpose.TRANSFER) & Q(run__isnull=False, payslip__isnull=False)),
                name="journalentry_of_slip_or_transfer",
            ),
        ]
        indexes = [models.Index(fields=["payer", "on"], name="journalentry_days")]
        triggers = [
            append_only("journalentry_append_only"),
            ENTRY_OF_THIS_TRANSACTION,
            ENTRY_BALANCES,
        ]


class Posting(models.Model):
    """One side of an entry on one account; `code` says for what (a line's code, or gross)."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="postings")
    code = models.CharField(max_length=30)
    debit = MoneyField(default=0)
    credit = MoneyField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0),
                name="posting_one_side",
            ),
        ]
        triggers = [append_only("posting_append_only"), POSTINGS_OF_THEIR_ENTRY]
