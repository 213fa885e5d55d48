"""The nouns of orders, one module per family; import them from here."""

from orders.models.orders import Basket, BasketLine, Order, OrderLine, OrderLineWork

__all__ = ["Basket", "BasketLine", "Order", "OrderLine", "OrderLineWork"]
