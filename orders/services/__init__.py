"""What becomes true of baskets and orders, and what is refused with a sentence."""
