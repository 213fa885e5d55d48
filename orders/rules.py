"""Who may do what with an order, a production request and a bid.

A rule answers with a reason; services and buttons use it.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.accounts.selectors import has_role_in
from portal.kernel.access import YES, Verdict, no

# Who may answer for the production areas of an institution.
ANSWERING_ROLES = (Role.LABOUR_OFFICER, Role.HEAD)


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


def can_read_confirmation(user: Any, order: Any, on: date, places: Iterable[int]) -> Verdict:
    """A buyer of the organisation that ordered, or an operator of the seller at a place of it."""
    seller = order.seller_id
    if has_role_in(user, on, order.buyer_id, Role.BUYER) or any(
        has_role_in(user, on, seller, Role.OPERATOR, place_id=at) for at in places
    ):
        return YES
    return no(_("The confirmation is for the buyer and the seller of this order."))


def can_ask_for_space(user: Any, applicant_id: int, on: date) -> Verdict:
    """A buyer of the organisation in whose name it is asked; without one, anybody may."""
    if has_role_in(user, on, applicant_id, Role.BUYER):
        return YES
    return no(_("You may not ask in the name of this organisation."))


def can_answer_space_application(user: Any, application: Any, on: date, place_id: int) -> Verdict:
    """Its named owner, while in office at the institution (`place_id`: its organisation)."""
    if not has_role_in(user, on, place_id, *ANSWERING_ROLES, place_id=place_id):
        return no(_("Only the institution that owns the area answers."))
    if application.owner_id != user.pk:
        return no(_("Another person answers this application. Take it over first."))
    return YES


def can_hand_over_space_application(user: Any, on: date, place_id: int) -> Verdict:
    """Anyone who may answer for the areas of the institution: the owner may be away."""
    if has_role_in(user, on, place_id, *ANSWERING_ROLES, place_id=place_id):
        return YES
    return no(_("Only the institution that owns the area hands it over."))


def can_post_request(user: Any, customer_id: int, on: date) -> Verdict:
    """A buyer of the organisation in whose name it is posted."""
    if has_role_in(user, on, customer_id, Role.BUYER):
        return YES
    return no(_("You may not order in the name of this organisation."))


def can_manage_request(user: Any, request: Any, on: date) -> Verdict:
    """A buyer of the customer: changes the draft, publishes, withdraws, chooses a bid."""
    if has_role_in(user, on, request.customer_id, Role.BUYER):
        return YES
    return no(_("Only the customer of this request can do this."))


def can_bid(user: Any, operator_id: int | None, place_id: int, on: date) -> Verdict:
    """An operator of whoever runs the workshop that day, with the right to its institution."""
    if operator_id is not None and has_role_in(
        user, on, operator_id, Role.OPERATOR, place_id=place_id
    ):
        return YES
    return no(_("Only the operator of the workshop answers for it."))


def can_withdraw_bid(user: Any, bid: Any, on: date, place_id: int) -> Verdict:
    """An operator of the organisation that gave the bid."""
    if has_role_in(user, on, bid.bidder_id, Role.OPERATOR, place_id=place_id):
        return YES
    return no(_("Only the operator that gave the bid can take it back."))
