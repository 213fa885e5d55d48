"""Pages of workshops: the public catalogue, and work orders for those who make them."""
