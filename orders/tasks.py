"""Work of the queue for orders: load, one service call."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from orders.services import notices, space_letters
from orders.services.sending import NOTIFY_SELLER
from orders.services.space_owners import SEND_LETTER, note_overdue_visits
from portal.kernel import clock
from portal.kernel.queue import Progress, portal_task


@portal_task(NOTIFY_SELLER, label=_("Letter to the seller about an order"))
def notify_seller(progress: Progress, *, order_id: int) -> None:
    """A letter to the seller's operators; key: the order's id."""
    sent = notices.notify_seller(order_id=order_id, on=clock.today())
    progress.report(done=sent, total=sent)


@portal_task(SEND_LETTER, label=_("Letter about a visit to an area"))
def send_space_letter(progress: Progress, *, application_id: int, occasion: str) -> None:
    """A letter about an application for space; key: its id and the occasion."""
    sent = space_letters.send_space_letter(
        application_id=application_id, occasion=occasion, on=clock.today()
    )
    progress.report(done=sent, total=sent)


@portal_task("orders.tell_overdue_visits", label=_("Visits over their last day to answer"))
def tell_overdue_visits(progress: Progress, *, on: str) -> None:
    """Each day, which applications for space are over their last day; key: the day."""
    told = note_overdue_visits(on=date.fromisoformat(on), at=clock.now())
    progress.report(done=told, total=told)
