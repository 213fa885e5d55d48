"""Forms of workshops, one module per family."""
