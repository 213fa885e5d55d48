"""News from the workshops below: what happens to an order when its work orders move."""
