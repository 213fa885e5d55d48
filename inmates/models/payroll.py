"""Payroll runs, payslips and their lines."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inmates.enums import CLOSED_RUNS, OFF_CYCLE_RUNS, LineKind, RunKind, RunStatus
from inmates.models.people import Inmate
from inmates.run_relations import RUN_POINTS_RIGHT, SLIPS_POINT_RIGHT
from inmates.run_triggers import (
    CLOSED_LINES_STAY,
    CLOSED_PROBLEMS_STAY,
    CLOSED_RUN_IS_KEPT,
    CLOSED_RUN_STAYS,
    CLOSED_SLIPS_STAY,
    RUN_CLOSES_CLEAN,
)
from portal.accounts.models import Organisation
from portal.kernel.models import TaskRun
from portal.kernel.money import MoneyField
from workshops.models import Institution


class PayrollRun(models.Model):
    """The pay of one payer's people in one institution for one month."""

    payer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(help_text="the first day of the month")
    kind = models.CharField(max_length=10, choices=RunKind.choices, default=RunKind.REGULAR)
    sequence = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=15, choices=RunStatus.choices, default=RunStatus.DRAFT)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    calculated_at = models.DateTimeField(null=True)
    # The last mark of a changed past that the calculation has read: posting settles none after it.
    changes_read = models.BigIntegerField(null=True)
    # Its place among the runs that share people: when all of it was calculated. One person anew
    # does not move it, or it would count runs that have counted it.
    ordered_at = models.DateTimeField(null=True)
    # People with a placement in the month and nothing earned: no payslip, yet not forgotten.
    without_earnings = models.PositiveIntegerField(default=0)
    task_run = models.ForeignKey(TaskRun, on_delete=models.SET_NULL, null=True, related_name="+")
    # Whoever last edited an input of the month, as it was at the calculation.
    last_edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # The second calculation: when, and in how many lines it differs; null: not made yet.
    checked_at = models.DateTimeField(null=True)
    difference_count = models.PositiveIntegerField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    posted_at = models.DateTimeField(null=True)
    number = models.CharField(max_length=20, default="", blank=True)
    paid_on = models.DateField(null=True)
    paid_document = models.CharField(max_length=80, default="", blank=True)
    # Why a run outside the month's order was made; empty for a regular one.
    reason = models.CharField(max_length=300, default="", db_default="", blank=True)
    # The regular run with which differences of an earlier month are approved and paid.
    settled_with = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections"
    )
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversal"
    )
    # Set when its reversal is posted: it is paid no more, and the month may have a run again.
    is_reversed = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["payer", "institution", "month"],
                condition=Q(kind=RunKind.REGULAR, is_reversed=False),
                name="payrollrun_one_regular",
                violation_error_message=_(
                    "There already is a regular run of this payer in this institution for this "
                    "month. Open it and calculate it again."
                ),
            ),
            models.UniqueConstraint(
                fields=["payer", "institution", "month", "kind", "sequence"],
                name="payrollrun_sequence",
            ),
            models.UniqueConstraint(
                fields=["settled_with", "month"],
                condition=Q(kind=RunKind.CORRECTION),
                name="payrollrun_one_correction",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="payrollrun_month_first_day"),
            models.CheckConstraint(
                condition=Q(status__in=RunStatus.values), name="payrollrun_status_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RunKind.values), name="payrollrun_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=RunKind.CORRECTION, settled_with__isnull=False, reverses=None)
                # Reversed with the run they were paid with, corrections go with its reversal.
                | Q(kind=RunKind.REVERSAL, reverses__isnull=False)
                | Q(
                    kind__in=[RunKind.REGULAR, *OFF_CYCLE_RUNS],
                    settled_with=None,
                    reverses=None,
                ),
                name="payrollrun_points_by_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[RunKind.REGULAR, RunKind.CORRECTION]) | Q(reason__gt=""),
                name="payrollrun_off_cycle_has_reason",
                violation_error_message=_("Say why this run is made."),
            ),
            # Four eyes: nothing switches these off (house.md, Access).
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("started_by")),
                name="payrollrun_approver_did_not_calculate",
                violation_error_message=_(
                    "Whoever calculated the wages does not approve them: another person does."
                ),
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | Q(last_edited_by=None)
                | ~Q(approved_by=F("last_edited_by")),
                name="payrollrun_approver_did_not_edit",
                violation_error_message=_(
                    "Whoever last edited the figures of the month does not approve its wages: "
                    "another person does."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=CLOSED_RUNS)
                | Q(approved_by__isnull=False, approved_at__isnull=False, checked_at__isnull=False),
                name="payrollrun_approved_by_somebody",
            ),
            # A run being posted is checked once more; what that finds may stand in its row.
            models.CheckConstraint(
                condition=~Q(status__in=[RunStatus.APPROVED, RunStatus.PAID])
                | Q(
                    difference_count__isnull=False,
                    difference_count=0,
                    posted_at__isnull=False,
                    number__gt="",
                ),
                name="payrollrun_posted_clean",
            ),
            models.CheckConstraint(
                condition=~Q(status=RunStatus.PAID)
                | Q(paid_on__isnull=False, paid_document__gt=""),
                name="payrollrun_paid_by_document",
            ),
            models.UniqueConstraint(
                fields=["payer", "number"],
                condition=Q(number__gt=""),
                name="payrollrun_number",
            ),
        ]
        triggers = [
            RUN_CLOSES_CLEAN,
            CLOSED_RUN_STAYS,
            CLOSED_RUN_IS_KEPT,
            RUN_POINTS_RIGHT,
            SLIPS_POINT_RIGHT,
        ]


class RunPerson(models.Model):
    """For whom a run outside the month's order is made; a regular run is for everybody."""

    run = models.ForeignKey(PayrollRun, on_delete=models.CASCADE, related_name="chosen")
    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "inmate"], name="runperson_once")]


class Payslip(models.Model):
    """What one person earned in a run, what was withheld and what goes to the account.

    Where the month has an approved payslip of the same payer and place already, it says how much
    more or less each sum is: `is_difference`, and any sum may be below nought. All payslips of a
    month and place added up are what a calculation of the month gives now.
    """

    run = models.ForeignKey(PayrollRun, on_delete=models.CASCADE, related_name="payslips")
    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="payslips")
    # Given when the run is posted: the run's number and the slip's own within it.
    number = models.CharField(max_length=30, default="", db_default="", blank=True)
    is_difference = models.BooleanField(default=False, db_default=False)
    # The first payslip of the month that it adds to; null where the person had none.
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections"
    )
    days_worked = models.SmallIntegerField()
    minutes_worked = models.IntegerField()
    gross = MoneyField()
    opv = MoneyField()
    vosms = MoneyField()
    ipn = MoneyField()
    net = MoneyField()
    # What of net writs may look at: all of it but earnings that are not attachable (law.md §3.1).
    attachable = MoneyField()
    withheld_by_writs = MoneyField()
    to_account = MoneyField()
    # What of overpayments is settled with it: below nought it is withheld here, above nought it
    # was paid earlier and is carried over. Paid is `to_account` + `settlement`, never below 0.
    settlement = MoneyField(default=Decimal("0.00"), db_default=Decimal("0.00"))
    so = MoneyField()
    oosms = MoneyField()
    opvr = MoneyField()
    social_tax = MoneyField()
    # The month's taxable income: the next months of the year add it up (law.md §4).
    taxable = MoneyField()
    # What of the basic deduction was used up: another slip of the month gives only the rest.
    deduction_used = MoneyField(default=Decimal("0.00"), db_default=Decimal("0.00"))
    # The basic deduction was given here: the person's application was in force.
    has_basic_deduction = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "inmate"],
                name="payslip_one_per_person",
                violation_error_message=_("This person already has a payslip in this run."),
            ),
            models.CheckConstraint(
                condition=Q(net=F("gross") - F("opv") - F("vosms") - F("ipn")),
                name="payslip_net_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(to_account=F("net") - F("withheld_by_writs")),
                name="payslip_account_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(is_difference=True)
                | Q(
                    gross__gte=0,
                    opv__gte=0,
                    vosms__gte=0,
                    ipn__gte=0,
                    to_account__gte=0,
                    days_worked__gte=0,
                    minutes_worked__gte=0,
                    settlement__lte=0,
                    corrects=None,
                ),
                name="payslip_not_negative",
            ),
            models.CheckConstraint(
                # The mirror of a payslip that was never paid takes the payment back with it; that
                # no other run has such a slip is looked at when it closes (run_triggers).
                condition=Q(is_difference=True) | Q(settlement__gte=-F("to_account")),
                name="payslip_paid_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(is_difference=True)
                | Q(
                    attachable__gte=0,
                    attachable__lte=F("net"),
                    withheld_by_writs__gte=0,
                    withheld_by_writs__lte=F("attachable"),
                ),
                name="payslip_writs_within_attachable",
            ),
            models.UniqueConstraint(
                fields=["run", "number"], condition=Q(number__gt=""), name="payslip_number"
            ),
        ]
        indexes = [
            # What is owed from overpayments is asked for everybody, and hardly anybody owes.
            models.Index(fields=["inmate"], condition=~Q(settlement=0), name="payslip_settling")
        ]
        triggers = CLOSED_SLIPS_STAY


class PayslipLine(models.Model):
    """One line: quantity, rate, base, the parameter used and its explanations as code and data.

    `quantity` is minutes for time pay and pieces for piece pay. `base` of a claim is the debt
    before this line. The kind says whether an amount is earned or withheld; only on a difference
    may it be below nought.
    """

    payslip = models.ForeignKey(Payslip, on_delete=models.CASCADE, related_name="lines")
    sequence = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=LineKind.choices)
    code = models.CharField(max_length=30)
    # What the line is about: "post:3", "operation:7", "writ:5"; "" where the code says it all.
    subject = models.CharField(max_length=40, default="", db_default="", blank=True)
    # Titles in ru, kk, en of what a person typed (operation, post); empty where the code says it.
    title = models.JSONField(default=dict)
    quantity = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    rate = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    base = MoneyField(null=True)
    amount = MoneyField()
    # What a writ asked of the month, or was still owed: it may be more than `amount`.
    demanded = MoneyField(null=True)
    writ = models.ForeignKey(
        "inmates.WritOfExecution", on_delete=models.PROTECT, null=True, related_name="+"
    )
    parameter = models.ForeignKey(
        "inmates.PayParameter", on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Of a difference: the line it makes more or less; null where the month had no such line.
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, db_index=False, related_name="corrections"
    )
    # What `pay_values.pack_explanations` gives and `explanations.explain` reads.
    explanation = models.CharField(max_length=40)
    arguments = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payslip", "sequence"], name="payslipline_sequence"),
            models.CheckConstraint(
                condition=Q(kind__in=LineKind.values), name="payslipline_kind_known"
            ),
        ]
        indexes = [
            # Of two hundred thousand lines of a run hardly one is a difference.
            models.Index(
                fields=["corrects"],
                condition=Q(corrects__isnull=False),
                name="payslipline_corrects",
            )
        ]
        triggers = CLOSED_LINES_STAY


class PayrollProblem(models.Model):
    """Why a person of a run has no payslip yet; gone when the next calculation succeeds."""

    run = models.ForeignKey(PayrollRun, on_delete=models.CASCADE, related_name="problems")
    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    arguments = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "inmate", "code"], name="payrollproblem_unique")
        ]
        triggers = CLOSED_PROBLEMS_STAY
