"""Who has had the briefing, the equipment and the medical admission that a trade asks for.

A missing one blocks the operation: by the service of output and by a trigger on the entries.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inmates.enums import ClearanceKind
from inmates.models.people import Inmate
from portal.kernel.models import DatedRow
from portal.kernel.periods import no_overlap, ordered_period
from workshops.models import Trade


class Clearance(DatedRow):
    """A person may work: by one kind of document, for one trade or (empty) for all of them.

    Of medicine it says "admitted until", never anything else. Two may overlap: a briefing is
    repeated before the last one runs out.
    """

    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="clearances")
    kind = models.CharField(max_length=24, choices=ClearanceKind.choices)
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, null=True, related_name="+")
    document = models.CharField(max_length=120)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            ordered_period("clearance_period"),
            models.CheckConstraint(
                condition=Q(kind__in=ClearanceKind.values), name="clearance_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(document=""),
                name="clearance_has_document",
                violation_error_message=_("Enter the number of the journal, card or certificate."),
            ),
            models.UniqueConstraint(
                fields=["inmate", "kind", "trade", "effective_from"],
                name="clearance_once_a_day",
                nulls_distinct=False,
                violation_error_message=_("This is entered already from this day."),
            ),
        ]


class ClearanceRequirement(DatedRow):
    """What a trade (empty: every trade) asks for, with its dates, source and how sure we are.

    `valid_days` is proposed as the end of a new clearance; empty is without end.
    """

    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=24, choices=ClearanceKind.choices)
    valid_days = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=300)
    confidence = models.CharField(max_length=80)

    class Meta:
        constraints = [
            ordered_period("clearancerequirement_period"),
            models.CheckConstraint(
                condition=Q(kind__in=ClearanceKind.values), name="clearancerequirement_kind_known"
            ),
            no_overlap("clearancerequirement_trade_no_overlap", "kind", "trade"),
            # A null is equal to nothing, so the rows of every trade have a constraint of their own.
            no_overlap(
                "clearancerequirement_all_no_overlap", "kind", condition=Q(trade__isnull=True)
            ),
        ]
