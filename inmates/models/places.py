"""Places: one offered to a person, and a choice made out of the order of the queue.

An offer that is declined carries no reason: there is no field for one.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inmates.enums import OfferAnswer
from inmates.models.consents import Consent
from inmates.models.people import Inmate
from portal.kernel.models import append_only
from workshops.models import Post


class PlaceOffer(models.Model):
    """A place offered to a person; `after` is the withdrawn consent it answers, if any."""

    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="place_offers")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="offers")
    offered_on = models.DateField()
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.CharField(
        max_length=10, choices=OfferAnswer.choices, default=OfferAnswer.WAITING
    )
    answered_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=OfferAnswer.values), name="placeoffer_answer_known"
            ),
            models.CheckConstraint(
                condition=Q(answer=OfferAnswer.WAITING) | Q(answered_on__isnull=False),
                name="placeoffer_answer_has_day",
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None) | Q(answered_on__gte=F("offered_on")),
                name="placeoffer_order_of_dates",
                violation_error_message=_("An offer is answered on its day or later."),
            ),
            models.UniqueConstraint(
                fields=["inmate", "post"],
                condition=Q(answer=OfferAnswer.WAITING),
                name="placeoffer_once_open",
                violation_error_message=_(
                    "This place is offered to this person already and waits for an answer."
                ),
            ),
        ]
        indexes = [models.Index(fields=["inmate", "offered_on"], name="placeoffer_inmate")]


class QueueOverride(models.Model):
    """Somebody was placed who was not first in the queue: the written reason, and both points."""

    inmate = models.ForeignKey(Inmate, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    place_in_queue = models.PositiveIntegerField()
    points = models.DecimalField(max_digits=7, decimal_places=2)
    first_points = models.DecimalField(max_digits=7, decimal_places=2)
    reason = models.CharField(max_length=300)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(place_in_queue__gt=1), name="queueoverride_was_not_first"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="queueoverride_has_reason",
                violation_error_message=_("Say why somebody who is not first is placed."),
            ),
        ]
        indexes = [models.Index(fields=["-decided_at"], name="queueoverride_newest")]
        triggers = [append_only("queueoverride_append_only")]
