"""Where the second calculation of a run disagrees with its payslips."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inmates.models.payroll import PayrollRun
from inmates.models.people import Inmate
from portal.kernel.money import MoneyField


class PayrollDifference(models.Model):
    """One line, sum or count of a person's payslip that the two calculations give differently.

    `first` is what the payslip says, `second` what the check in SQL computed; null: that side has
    none, or could not compute it. `kind` is a LineKind, or "total" for a sum of the payslip
    itself, or "person" where one side has no payslip at all. Gone when the run is checked again.
    """

    run = models.ForeignKey(PayrollRun, on_delete=models.CASCADE, related_name="differences")
    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    code = models.CharField(max_length=30)
    subject = models.CharField(max_length=40, default="")
    rate = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    # Lines may share all of this (pieces of one price under two norms): which of those it is.
    occurrence = models.PositiveSmallIntegerField(default=1, db_default=1)
    first = MoneyField(null=True)
    second = MoneyField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "inmate", "kind", "code", "subject", "rate", "occurrence"],
                nulls_distinct=False,
                name="payrolldifference_once",
                violation_error_message=_("This difference is already listed."),
            ),
            models.CheckConstraint(
                condition=Q(first=None) | Q(second=None) | ~Q(first=F("second")),
                name="payrolldifference_differs",
            ),
        ]
