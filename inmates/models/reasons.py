"""The directory of reasons: why somebody is absent on a day, or is not in paid work.

Its flags drive pay and indicators, so a row is written once: `triggers.REASON_IS_FIXED`.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inmates.enums import AbsencePay, ReasonGroup
from inmates.triggers import REASON_IS_FIXED
from portal.kernel.periods import DateRange


class Reason(models.Model):
    """One reason with its letter in the timesheet; only its last day is ever written again."""

    code = models.SlugField(max_length=30, unique=True)
    group = models.CharField(max_length=15, choices=ReasonGroup.choices)
    name = models.CharField(_("name"), max_length=120)
    letter = models.CharField(_("letter in the timesheet"), max_length=3, blank=True)
    is_paid = models.BooleanField(_("paid"), default=False)
    # How an absence is paid; the wages read it, a private payer sees "paid" alone.
    pay_kind = models.CharField(
        _("kind of pay"), max_length=15, choices=AbsencePay.choices, blank=True, default=""
    )
    is_worked = models.BooleanField(_("worked"), default=False)
    counts_as_available = models.BooleanField(_("counts as available"), default=False)
    needs_text = models.BooleanField(_("needs a text"), default=False)
    # Proposed again on the next day: an illness goes on, a visit does not.
    is_lasting = models.BooleanField(_("proposed again on the next day"), default=False)
    # By the person's own will: never recorded of work for a private employer (law.md §1).
    is_refusal = models.BooleanField(_("absent by the person's own will"), default=False)
    sort_order = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(_("source"), max_length=200, blank=True)
    # The first day it is offered for, and the first one it no longer is; null is open.
    offered_from = models.DateField(_("offered from"), null=True, blank=True)
    retired_on = models.DateField(_("not offered from"), null=True, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="reason_letter_unique",
                expressions=[
                    ("group", RangeOperators.EQUAL),
                    ("letter", RangeOperators.EQUAL),
                    (
                        DateRange(F("offered_from"), F("retired_on"), RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=~Q(letter=""),
                violation_error_message=_(
                    "This letter stands for another reason already. Choose another letter, or "
                    "retire that reason first."
                ),
            ),
            models.CheckConstraint(
                condition=Q(offered_from=None)
                | Q(retired_on=None)
                | Q(offered_from__lt=F("retired_on")),
                name="reason_order_of_dates",
                violation_error_message=_("A reason is retired after the day it is offered from."),
            ),
            models.CheckConstraint(
                condition=Q(is_refusal=False) | Q(is_worked=False, is_paid=False),
                name="reason_refusal_earns_nothing",
            ),
            models.CheckConstraint(
                condition=Q(pay_kind__in=AbsencePay.values, is_paid=True, is_worked=False)
                & Q(group=ReasonGroup.ATTENDANCE)
                | Q(pay_kind="") & ~Q(group=ReasonGroup.ATTENDANCE, is_paid=True, is_worked=False),
                name="reason_paid_absence_has_kind",
                violation_error_message=_("A paid absence on a day says how it is paid."),
            ),
        ]
        triggers = [REASON_IS_FIXED]
