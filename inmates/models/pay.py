"""What pay is computed from: rates, parameters of the law, applications and writs, all dated."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inmates.backdated_triggers import (
    MARK_APPLICATIONS,
    MARK_PARAMETERS,
    MARK_RATES,
    MARK_SUSPENSIONS,
    MARK_WRITS,
)
from inmates.enums import RateUnit, WritKind
from inmates.models.people import Inmate
from portal.accounts.models import Organisation
from portal.kernel.models import DatedRow
from portal.kernel.money import MoneyField
from portal.kernel.periods import no_overlap, ordered_period
from workshops.models import Operation, Post


class PayRate(DatedRow):
    """Tenge an hour or a month at a post, or tenge per `per_pieces` pieces of an operation.

    Of one payer; a monthly salary is paid in proportion to the month's norm (law.md §2a.1).
    """

    payer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="rates")
    operation = models.ForeignKey(
        Operation, on_delete=models.PROTECT, null=True, related_name="rates"
    )
    amount = MoneyField()
    unit = models.CharField(
        max_length=10, choices=RateUnit.choices, default=RateUnit.HOUR, db_default=RateUnit.HOUR
    )
    per_pieces = models.PositiveIntegerField(default=1)
    # Who entered it last: whoever edited an input of a month does not approve its wages.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            ordered_period("payrate_period"),
            models.CheckConstraint(
                condition=Q(post__isnull=False, operation=None, per_pieces=1)
                | Q(post=None, operation__isnull=False),
                name="payrate_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(post__isnull=False, unit__in=[RateUnit.HOUR, RateUnit.MONTH])
                | Q(operation__isnull=False, unit=RateUnit.PIECE),
                name="payrate_unit_of_subject",
                violation_error_message=_(
                    "A post has a rate an hour or a month, an operation a rate for pieces."
                ),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, per_pieces__gt=0), name="payrate_positive"
            ),
            no_overlap(
                "payrate_post_no_overlap",
                "payer",
                "post",
                message=_("A rate of this post is already in force in this period."),
            ),
            no_overlap(
                "payrate_operation_no_overlap",
                "payer",
                "operation",
                message=_("A rate of this operation is already in force in this period."),
            ),
        ]
        triggers = MARK_RATES


class PayParameter(DatedRow):
    """A figure or a rule of the law with its dates, source and how sure we are of it."""

    code = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    unit = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=300)
    confidence = models.CharField(max_length=80)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            ordered_period("payparameter_period"),
            no_overlap("payparameter_no_overlap", "code"),
        ]
        triggers = MARK_PARAMETERS


class TaxApplication(DatedRow):
    """The worker's application for the basic deduction at this payer (law.md §2)."""

    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="tax_applications")
    payer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            ordered_period("taxapplication_period"),
            # The deduction is given at one place of work at a time.
            no_overlap("taxapplication_no_overlap", "inmate"),
        ]
        triggers = MARK_APPLICATIONS


class WritOfExecution(DatedRow):
    """A writ by queue (law.md §3): an alimony share or sum, or a claim with its debt.

    What it asks for changes by succession: the rows of one document share its number and follow
    each other. `debt` and `fee` of a row are what was left of them on its first day.
    """

    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="writs")
    number = models.CharField(max_length=40)
    queue = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=WritKind.choices)
    share_numerator = models.PositiveSmallIntegerField(null=True)
    share_denominator = models.PositiveSmallIntegerField(null=True)
    amount = MoneyField(null=True)
    # The debt of a claim when the writ came; what is left is this less what payslips withheld.
    debt = MoneyField(null=True)
    payee = models.CharField(max_length=200)
    payee_account = models.CharField(max_length=20, blank=True)
    # The bailiff's order by which wages are attached, and his own fee (law.md §3.1).
    bailiff = models.CharField(max_length=200, blank=True, db_default="")
    bailiff_account = models.CharField(max_length=20, blank=True, db_default="")
    fee = MoneyField(null=True)
    order_number = models.CharField(max_length=40, blank=True, db_default="")
    ordered_on = models.DateField(null=True)
    received_on = models.DateField(null=True)
    # The paper by which it ended; empty while it is open or where another row follows.
    ended_basis = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        constraints = [
            ordered_period("writ_period"),
            no_overlap(
                "writ_number_no_overlap",
                "number",
                message=_("A writ of this number is in force in this period already."),
            ),
            ExclusionConstraint(
                name="writ_number_one_person",
                expressions=[
                    ("number", RangeOperators.EQUAL),
                    ("inmate", RangeOperators.NOT_EQUAL),
                ],
                violation_error_message=_("A writ of this number is another person's."),
            ),
            models.CheckConstraint(condition=Q(fee=None) | Q(fee__gt=0), name="writ_fee_positive"),
            models.CheckConstraint(condition=Q(queue__gte=1, queue__lte=5), name="writ_queue_1_5"),
            models.CheckConstraint(
                # A comparison with NULL is NULL, and CHECK lets that pass: each is named NOT NULL.
                condition=Q(
                    kind=WritKind.CLAIM,
                    debt__isnull=False,
                    debt__gt=0,
                    amount=None,
                    share_numerator=None,
                )
                | Q(
                    kind=WritKind.ALIMONY,
                    queue=1,
                    debt=None,
                    amount__isnull=False,
                    amount__gt=0,
                    share_numerator=None,
                )
                | Q(
                    kind=WritKind.ALIMONY,
                    queue=1,
                    debt=None,
                    amount=None,
                    share_numerator__isnull=False,
                    share_numerator__gt=0,
                    share_numerator__lte=F("share_denominator"),
                ),
                name="writ_claims_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(share_numerator=None, share_denominator=None)
                | Q(
                    share_numerator__isnull=False,
                    share_denominator__isnull=False,
                    share_denominator__gt=0,
                ),
                name="writ_share_is_fraction",
            ),
        ]
        triggers = MARK_WRITS


class WritSuspension(DatedRow):
    """Days on which a writ is not served, and the paper that says so (a court's, a bailiff's)."""

    writ = models.ForeignKey(WritOfExecution, on_delete=models.PROTECT, related_name="suspensions")
    basis = models.CharField(max_length=200)

    class Meta:
        constraints = [
            ordered_period("writsuspension_period"),
            no_overlap(
                "writsuspension_no_overlap",
                "writ",
                message=_("The writ is suspended in this period already."),
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="writsuspension_has_basis"),
        ]
        triggers = MARK_SUSPENSIONS
