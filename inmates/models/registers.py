"""Registers of payments: what of posted wages goes to whom, row by row, and their payment orders.

Written by `services.registers` alone, once; the database holds a register against the ledger.
"""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inmates.enums import RegisterCode
from inmates.models.pay import WritOfExecution
from inmates.models.payroll import PayrollRun
from inmates.models.people import Inmate
from inmates.register_triggers import (
    ORDERS_OF_THEIR_REGISTER,
    REGISTER_IS_THE_LEDGER,
    REGISTER_OF_THIS_TRANSACTION,
    ROWS_OF_THEIR_REGISTER,
    RUNS_OF_THEIR_REGISTER,
)
from portal.accounts.models import Organisation
from portal.kernel.models import DatedRow, append_only
from portal.kernel.money import MoneyField
from portal.kernel.periods import no_overlap, ordered_period
from workshops.models import Institution

ZERO = Decimal("0.00")


class PaymentCode(DatedRow):
    """How one payment is transferred: its codes, to whom, and what its list has to hold.

    Shipped as data (data/payment_codes.json) with source and confidence; what is entered stays.
    A row of one payer goes before that of all: its tax office is that of its district.
    """

    payer = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=20, choices=RegisterCode.choices)
    name = models.CharField(_("name"), max_length=120)
    # The code of the purpose of payment (КНП), that of its penalty, and the budget's (КБК).
    knp = models.CharField(max_length=3, blank=True)
    penalty_knp = models.CharField(max_length=3, blank=True)
    kbk = models.CharField(max_length=6, blank=True)
    recipient = models.CharField(_("recipient"), max_length=200, blank=True)
    recipient_bin = models.CharField(max_length=12, blank=True)
    recipient_account = models.CharField(max_length=20, blank=True)
    recipient_bik = models.CharField(max_length=8, blank=True)
    recipient_kbe = models.CharField(max_length=2, blank=True)
    # Nothing is transferred for a person without an IIN: their row waits for one.
    needs_iin = models.BooleanField(default=False)
    # The payer's own debt to the budget: what was paid too much for one is less for all.
    is_set_off_in_total = models.BooleanField(default=False)
    sort_order = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(_("source"), max_length=300)
    confidence = models.CharField(_("confidence"), max_length=80)

    class Meta:
        constraints = [
            ordered_period("paymentcode_period"),
            no_overlap("paymentcode_no_overlap", "code", condition=Q(payer=None)),
            no_overlap(
                "paymentcode_no_overlap_of_payer",
                "payer",
                "code",
                condition=Q(payer__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(code__in=RegisterCode.values), name="paymentcode_known"
            ),
        ]


class PaymentRegister(models.Model):
    """One payment of the posted wages of a payer in an institution, up to a month.

    Every run is in one register of a code. What cannot be transferred yet, or was transferred too
    much, is carried over into the next one.
    """

    payer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(help_text="the first day of the last month of wages in it")
    code = models.CharField(max_length=20, choices=RegisterCode.choices)
    payment_code = models.ForeignKey(PaymentCode, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    previous = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="following"
    )
    # What the ledger posted for its runs, and what is transferred of it.
    total = MoneyField()
    payable = MoneyField()
    people = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    # Set by the database; runs, orders and rows are written in this very transaction or never.
    transaction_id = models.BigIntegerField(db_default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payer", "number"], name="paymentregister_number"),
            models.UniqueConstraint(
                fields=["payer", "institution", "code"],
                condition=Q(previous=None),
                name="paymentregister_one_first",
                violation_error_message=_("Somebody else has just issued this register."),
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="paymentregister_month_first_day"
            ),
            models.CheckConstraint(
                condition=Q(code__in=RegisterCode.values), name="paymentregister_code_known"
            ),
            models.CheckConstraint(
                condition=Q(payable__gte=0), name="paymentregister_payable_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["payer", "institution", "-month"], name="paymentregister_places")
        ]
        triggers = [
            append_only("paymentregister_append_only"),
            REGISTER_OF_THIS_TRANSACTION,
            REGISTER_IS_THE_LEDGER,
        ]


class RegisterRun(models.Model):
    """A run whose payments of one code are in a register: in one, and in no other."""

    register = models.ForeignKey(PaymentRegister, on_delete=models.PROTECT, related_name="runs")
    run = models.ForeignKey(PayrollRun, on_delete=models.PROTECT, related_name="registers")
    code = models.CharField(max_length=20, choices=RegisterCode.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "code"],
                name="registerrun_once",
                violation_error_message=_("Somebody else has just issued this register."),
            ),
            models.CheckConstraint(
                condition=Q(code__in=RegisterCode.values), name="registerrun_code_known"
            ),
        ]
        triggers = [append_only("registerrun_append_only"), RUNS_OF_THEIR_REGISTER]


class PaymentOrder(models.Model):
    """What one payee gets by a register: one line of the bank's statement."""

    register = models.ForeignKey(PaymentRegister, on_delete=models.PROTECT, related_name="orders")
    sequence = models.PositiveIntegerField()
    payee = models.CharField(max_length=200)
    payee_bin = models.CharField(max_length=12, blank=True)
    payee_account = models.CharField(max_length=20, blank=True)
    knp = models.CharField(max_length=3, blank=True)
    kbk = models.CharField(max_length=6, blank=True)
    purpose = models.CharField(max_length=300)
    amount = MoneyField()
    people = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "sequence"], name="paymentorder_sequence"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="paymentorder_positive"),
        ]
        triggers = [append_only("paymentorder_append_only"), ORDERS_OF_THEIR_REGISTER]


class RegisterRow(models.Model):
    """One person and month (and writ) of a register.

    `posted` is the ledger's; `brought` was carried over by the register before. `set_off` moves
    what was paid too much between the months of one person; `carried` goes to the next register:
    below nought what is still paid too much, above it what waits for an IIN. The rest is paid.
    """

    register = models.ForeignKey(PaymentRegister, on_delete=models.PROTECT, related_name="rows")
    order = models.ForeignKey(
        PaymentOrder, on_delete=models.PROTECT, null=True, related_name="rows"
    )
    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="+")
    writ = models.ForeignKey(WritOfExecution, on_delete=models.PROTECT, null=True, related_name="+")
    period = models.DateField(help_text="the first day of the month the wages are for")
    # Whether the person had an IIN when the register was issued.
    has_iin = models.BooleanField()
    posted = MoneyField()
    brought = MoneyField(default=ZERO)
    set_off = MoneyField(default=ZERO)
    carried = MoneyField(default=ZERO)
    payable = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["register", "inmate", "period", "writ"],
                nulls_distinct=False,
                name="registerrow_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    payable=F("posted") + F("brought") + F("set_off") - F("carried"),
                ),
                name="registerrow_adds_up",
            ),
        ]
        indexes = [models.Index(fields=["inmate", "period"], name="registerrow_person")]
        triggers = [append_only("registerrow_append_only"), ROWS_OF_THEIR_REGISTER]
