"""A work order in batches, each with a card that goes with the pieces, and what is booked by it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.kernel.models import append_only
from workshops.models.work_orders import WorkOrder, WorkOrderOperation
from workshops.triggers import BATCH_OUTPUT_WITHIN, CARDS_WITHIN_ORDER, stays


class BatchCard(models.Model):
    """One batch of a work order; the code is short and public: behind it a signed-in page."""

    work_order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="cards")
    number = models.PositiveSmallIntegerField()
    quantity = models.PositiveIntegerField()
    code = models.CharField(max_length=8, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["work_order", "number"], name="batchcard_number"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, number__gt=0), name="batchcard_positive"
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9A-HJKMNP-TV-Z]{8}$"), name="batchcard_code"
            ),
        ]
        triggers = [
            stays("batchcard_stays"),
            pgtrigger.ReadOnly(name="batchcard_fixed"),
            CARDS_WITHIN_ORDER,
        ]


class BatchOutput(models.Model):
    """Pieces of a batch that passed an operation on a day, or (negative) were taken back.

    The people are in the output itself, in the app above; here is only how far the batch is.
    """

    card = models.ForeignKey(BatchCard, on_delete=models.PROTECT, related_name="passed")
    work_order_operation = models.ForeignKey(
        WorkOrderOperation, on_delete=models.PROTECT, related_name="batch_output"
    )
    passed_on = models.DateField()
    quantity = models.IntegerField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="batchoutput_says_something")
        ]
        triggers = [append_only("batchoutput_append_only"), BATCH_OUTPUT_WITHIN]
