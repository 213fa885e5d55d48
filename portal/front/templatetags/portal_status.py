"""Filters of the components: from a status code to its tone and sign, and page numbers."""

from typing import Any

from django import template

from portal.front.statuses import MESSAGE_SIGNS, sign_of, tone_of

register = template.Library()


@register.filter
def tone(status: Any) -> str:
    """`{{ order.status|tone }}`: ok, warn, bad, info or quiet."""
    return tone_of(status)


@register.filter
def sign(shown: str) -> str:
    """The sprite's name of a tone's sign."""
    return sign_of(shown)


@register.filter
def message_sign(level: str) -> str:
    """The sprite's name for a message of a level."""
    return MESSAGE_SIGNS.get(level, "info")


@register.filter
def shown_pages(page: Any) -> list[Any]:
    """The page numbers worth a link: the ends and the neighbours."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
