"""The quantity of one product, or of one requested part, to be made by a date, and its steps."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workshops.enums import WorkOrderStatus
from workshops.models.places import Workshop
from workshops.models.products import Operation, ProductVersion, RequestedPart

# Else raising the quantity of an operation would let more be booked than the order asks for.
OPERATION_WITHIN_ORDER = pgtrigger.Trigger(
    name="operation_within_order",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("quantity", "work_order_id"),
    func="""
    PERFORM 1 FROM workshops_workorder w
    WHERE w.id = NEW.work_order_id AND NEW.quantity <= w.quantity FOR SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'output_within_work_order'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'output_within_work_order';
    END IF;
    RETURN NEW;
    """,
)
ORDER_COVERS_OPERATIONS = pgtrigger.Trigger(
    name="order_covers_operations",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("quantity"),
    func="""
    IF EXISTS (SELECT 1 FROM workshops_workorderoperation o
               WHERE o.work_order_id = NEW.id AND o.quantity > NEW.quantity) THEN
      RAISE EXCEPTION 'output_within_work_order'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'output_within_work_order';
    END IF;
    RETURN NEW;
    """,
)


class WorkOrder(models.Model):
    """What orders and inmates share: orders create it, output is booked on its operations."""

    number = models.CharField(_("number"), max_length=20)
    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="work_orders")
    version = models.ForeignKey(
        ProductVersion, on_delete=models.PROTECT, null=True, related_name="+"
    )
    part = models.ForeignKey(
        RequestedPart, on_delete=models.PROTECT, null=True, related_name="work_orders"
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    due_on = models.DateField(_("due"), null=True)
    status = models.CharField(
        max_length=15, choices=WorkOrderStatus.choices, default=WorkOrderStatus.PLANNED
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workshop", "number"], name="workorder_number"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="workorder_quantity_positive"),
            models.CheckConstraint(
                condition=Q(version__isnull=False, part=None) | Q(version=None, part__isnull=False),
                name="workorder_of_version_or_part",
            ),
            models.CheckConstraint(
                condition=Q(status__in=WorkOrderStatus.values), name="workorder_status_known"
            ),
        ]
        indexes = [models.Index(fields=["workshop", "status"], name="workorder_workshop")]
        triggers = [ORDER_COVERS_OPERATIONS]

    @property
    def title(self) -> str:
        """What is made; whoever shows many of them joins product and part."""
        return str(self.part.title if self.version_id is None else self.version.product.name)


class WorkOrderOperation(models.Model):
    """One operation of a work order: how many are to be done and how many are.

    `done` is written by a trigger on the output that is booked (inmates.WorkEntry) and by nothing
    else: it equals the entries, and the constraint holds it to the quantity, whoever writes them.
    """

    work_order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="operations")
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["work_order", "operation"], name="workorderoperation_unique"
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("quantity")),
                name="output_within_work_order",
                violation_error_message=_(
                    "This is more output than the work order asks for. "
                    "Check the quantity or the work order."
                ),
            ),
        ]
        triggers = [OPERATION_WITHIN_ORDER]
