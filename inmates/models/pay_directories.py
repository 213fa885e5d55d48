"""Directories that pay is computed by: the production calendar and the kinds of earnings."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from inmates.backdated_triggers import MARK_CALENDAR, MARK_KINDS
from portal.kernel.models import DatedRow
from portal.kernel.periods import no_overlap, ordered_period


class CalendarDay(models.Model):
    """One day of the production calendar: the norm of a month counts its working days."""

    day = models.DateField(_("day"), primary_key=True)
    is_workday = models.BooleanField(_("working day"))
    name = models.CharField(_("name of the day"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        triggers = MARK_CALENDAR


class EarningKind(DatedRow):
    """What a line of earnings counts for: in which bases its sum is (law.md §2a.7)."""

    code = models.SlugField(max_length=30)
    name = models.CharField(_("name"), max_length=120)
    in_opv = models.BooleanField(_("pension contributions"))
    in_so = models.BooleanField(_("social insurance"))
    in_osms = models.BooleanField(_("health insurance"))
    in_ipn = models.BooleanField(_("income tax"))
    in_social_tax = models.BooleanField(_("social tax"))
    is_attachable = models.BooleanField(_("attachable by writs"))
    in_average = models.BooleanField(_("in the average wage"))
    in_minimum_wage = models.BooleanField(_("tested against the minimum wage"))
    # Entered by the accountant (ExtraPay); the others are computed.
    is_manual = models.BooleanField(_("entered by hand"), default=False)
    sort_order = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(_("source"), max_length=300)
    confidence = models.CharField(_("confidence"), max_length=80)

    class Meta:
        constraints = [
            ordered_period("earningkind_period"),
            no_overlap(
                "earningkind_no_overlap",
                "code",
                message=_("This kind of earnings has a row in these days already."),
            ),
        ]
        triggers = MARK_KINDS
