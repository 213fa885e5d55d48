"""News that only apps above may receive; each is sent inside the transaction that caused it."""

from django.dispatch import Signal

# work_order: WorkOrder, actor: User | None, at: datetime
work_order_begun = Signal()
work_order_completed = Signal()
