"""Forms of orders, one module per part."""
