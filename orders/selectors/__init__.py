"""Rows of orders that somebody may see: a basket by its key, orders by organisation."""
