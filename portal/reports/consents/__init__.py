"""Withdrawals of private work and placings out of order, as the department sees them."""
