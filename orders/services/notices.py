"""Letters about orders: a link and a number, never a name, a sum or an address."""

from datetime import date

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from orders.enums import OrderStatus
from orders.models import Order
from orders.selectors.orders import places_of
from portal.accounts.enums import Role
from portal.accounts.selectors import people_in_role


def notify_seller(*, order_id: int, on: date) -> int:
    """The seller's operators have a letter that an order waits; returns how many were sent.

    Nobody is written to about an order that was answered or withdrawn meanwhile. Twice sends
    twice; the queue sees to it that it is once.
    """
    order = Order.objects.get(pk=order_id)
    if order.status != OrderStatus.SENT:
        return 0
    people = people_in_role(Role.OPERATOR, order.seller_id, on, place_ids=places_of(order))
    address = settings.PUBLIC_URL + reverse("orders:received_order", args=[order.pk])
    for person in people:
        with translation.override(person.language):
            send_mail(
                _("Order %(number)s waits for your answer") % {"number": order.number},
                render_to_string("orders/emails/order_waits.txt", {"address": address}),
                None,
                [person.email],
            )
    return len(people)
