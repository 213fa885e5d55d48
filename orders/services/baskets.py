"""A visitor's basket: put in, change, take out. Whoever holds the key in the session may."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.models import Basket, BasketLine
from portal.kernel.clock import day_of
from portal.kernel.errors import PortalError
from portal.kernel.locks import lock_rows
from portal.kernel.text import number
from workshops.selectors.offers import offers_on_day, offers_with_places

MAX_LINES = 50


class QuantityRefused(PortalError):
    """More than the workshop takes in one order, or less than one."""

    message = _("No more than %(most)s in one order. For a larger quantity, send several orders.")


class QuantityNotPositive(PortalError):
    message = _("The quantity is at least 1. To take the product out, press “Remove”.")


class NotOnSale(PortalError):
    """The offer is gone or cannot be sold today; the sentence says why."""

    message = _("This product is no longer on sale.")


class BasketFull(PortalError):
    message = _("There are %(most)s products in the basket already. Send them first.")


@transaction.atomic
def add_to_basket(
    *, actor: Any, basket_key: UUID | None, offer_id: int, quantity: int, at: datetime
) -> Basket:
    """The basket has `quantity` more of the offer; a basket is made when there is none.

    Refused: not on sale today, not a positive quantity, more than the offer's limit in all.
    Twice adds twice, as two presses would.
    """
    offers = offers_with_places().filter(pk=offer_id)
    shown = next(iter(offers_on_day(offers, day_of(at))), None)
    if shown is None or not shown.is_sold:
        raise NotOnSale(shown.refusal if shown else None)
    basket = _locked(basket_key) or Basket.objects.create(changed_at=at)
    line = basket.lines.filter(offer_id=offer_id).first()
    _check(quantity + (line.quantity if line else 0), shown.offer.max_quantity, added=quantity)
    if line is None:
        if basket.lines.count() >= MAX_LINES:
            raise BasketFull(most=MAX_LINES)
        basket.lines.create(offer_id=offer_id, quantity=quantity)
    else:
        basket.lines.filter(pk=line.pk).update(quantity=line.quantity + quantity)
    _touch(basket, actor, at)
    return basket


@transaction.atomic
def change_quantity(
    *, actor: Any, basket_key: UUID | None, line_id: int, quantity: int, at: datetime
) -> None:
    """The line has this quantity. Refused as in `add_to_basket`. Twice is harmless."""
    basket, line = _locked_line(basket_key, line_id)
    _check(quantity, line.offer.max_quantity, added=quantity)
    basket.lines.filter(pk=line.pk).update(quantity=quantity)
    _touch(basket, actor, at)


@transaction.atomic
def remove_line(*, actor: Any, basket_key: UUID | None, line_id: int, at: datetime) -> None:
    """The line is gone. Twice is harmless."""
    basket = _locked(basket_key)
    if basket is not None:
        basket.lines.filter(pk=line_id).delete()
        _touch(basket, actor, at)


def _check(quantity: int, most: int, *, added: int) -> None:
    if added < 1:
        raise QuantityNotPositive
    if quantity > most:
        raise QuantityRefused(most=number(most))


def _locked(key: UUID | None) -> Basket | None:
    return next(iter(lock_rows(Basket.objects.filter(key=key))), None) if key else None


def _locked_line(key: UUID | None, line_id: int) -> tuple[Basket, BasketLine]:
    basket = _locked(key)
    line = basket and basket.lines.select_related("offer").filter(pk=line_id).first()
    if not basket or not line:
        raise NotOnSale(_("This product is no longer in the basket."))
    return basket, line


def _touch(basket: Basket, actor: Any, at: datetime) -> None:
    basket.changed_at = at
    if actor.is_authenticated:
        basket.user = actor
    basket.save(update_fields=["changed_at", "user"])
