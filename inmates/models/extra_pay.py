"""One-off earnings of a month that no timesheet and no output gives: a bonus, a compensation."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inmates.models.people import Inmate
from inmates.month_triggers import HELD_EXTRA
from portal.accounts.models import Organisation
from portal.kernel.money import MoneyField
from workshops.models import Institution


class ExtraPay(models.Model):
    """A sum of one person in the run of one payer, institution and month, by its document.

    `kind` is the code of an earning kind that is entered by hand, in force on the month's last day.
    """

    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="extra_pay")
    payer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(help_text="the first day of the month")
    kind = models.CharField(_("kind of earning"), max_length=30)
    amount = MoneyField(_("sum"))
    basis = models.CharField(_("document"), max_length=160)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="extrapay_month_first_day"),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="extrapay_positive",
                violation_error_message=_("Enter a sum above nought."),
            ),
            models.CheckConstraint(
                condition=~Q(basis="") & ~Q(kind=""),
                name="extrapay_has_document",
                violation_error_message=_("Enter the document that orders the payment."),
            ),
        ]
        indexes = [
            models.Index(fields=["payer", "institution", "month"], name="extrapay_run"),
        ]
        triggers = [*HELD_EXTRA]
