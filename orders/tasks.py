"""Work of the queue for orders: load, one service call."""

from orders.services import notices
from orders.services.sending import NOTIFY_SELLER
from portal.kernel import clock
from portal.kernel.queue import Progress, portal_task


@portal_task(NOTIFY_SELLER)
def notify_seller(progress: Progress, *, order_id: int) -> None:
    """A letter to the seller's operators; key: the order's id."""
    sent = notices.notify_seller(order_id=order_id, on=clock.today())
    progress.report(done=sent, total=sent)
