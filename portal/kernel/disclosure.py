"""From how few people on a number could tell of one of them. Pure; asked by public pages."""

# Fewer people than this are never told by number in public, nor is the rest of a total.
SMALLEST_PUBLIC_CELL = 5
