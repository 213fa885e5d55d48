"""Who may do what with an order. A rule answers with a reason; services and buttons use it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.accounts.selectors import has_role_in
from portal.kernel.access import YES, Verdict, no


def can_send_order(user: Any, buyer_id: int, on: date) -> Verdict:
    """A buyer of the organisation in whose name it is sent."""
    if has_role_in(user, on, buyer_id, Role.BUYER):
        return YES
    return no(_("You may not order in the name of this organisation."))


def can_withdraw_order(user: Any, order: Any, on: date) -> Verdict:
    """A buyer of the organisation that ordered."""
    if has_role_in(user, on, order.buyer_id, Role.BUYER):
        return YES
    return no(_("Only the buyer can withdraw an order."))


def can_answer_order(user: Any, order: Any, on: date, places: Iterable[int]) -> Verdict:
    """An operator of the seller, with the right to every place where it would be made.

    `places` are the organisations of the institutions of its workshops.
    """
    seller = order.seller_id
    everywhere = [has_role_in(user, on, seller, Role.OPERATOR, place_id=at) for at in places]
    if everywhere and all(everywhere):
        return YES
    return no(_("Only an operator of the seller answers this order."))
