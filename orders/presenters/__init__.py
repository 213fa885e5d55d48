"""What the pages of orders show, one module per family; import from here."""

from orders.presenters.orders import order_context, order_timeline, with_turns

__all__ = ["order_context", "order_timeline", "with_turns"]
