"""Pages of orders: the basket, sending, the buyer's orders and the orders received."""
