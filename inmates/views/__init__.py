"""Pages of people, work and pay, one module per part."""
