"""What the pages of workshops show, one module per family; import from here."""

from workshops.presenters.work import (
    audience_filters,
    due_text,
    known_audience,
    made_of,
    product_context,
    shelves_context,
    work_order_context,
    work_order_history,
)

__all__ = [
    "audience_filters",
    "due_text",
    "known_audience",
    "made_of",
    "product_context",
    "shelves_context",
    "work_order_context",
    "work_order_history",
]
