"""The nouns of orders, one module per family; import them from here."""

from orders.models.orders import Basket, BasketLine, Order, OrderLine, OrderLineWork
from orders.models.requests import (
    Award,
    Bid,
    BidStage,
    Drawing,
    Invitation,
    ProductionRequest,
)
from orders.models.spaces import SpaceApplication, SpaceApplicationOwner

__all__ = [
    "Award",
    "Basket",
    "BasketLine",
    "Bid",
    "BidStage",
    "Drawing",
    "Invitation",
    "Order",
    "OrderLine",
    "OrderLineWork",
    "ProductionRequest",
    "SpaceApplication",
    "SpaceApplicationOwner",
]
