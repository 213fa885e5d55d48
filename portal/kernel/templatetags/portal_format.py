"""Template filters for sums, numbers and dates, and the `query` tag of list pages.

Empty values print as a dash, so that a page never shows "None". Arithmetic is not here.
"""

from collections.abc import Callable
from typing import Any

from django import template
from django.template.context import Context

from portal.kernel import text

register = template.Library()


def _or_dash(function: Callable[[Any], str]) -> Callable[[Any], str]:
    def printed(value: Any) -> str:
        return text.DASH if value is None or value == "" else function(value)

    return printed


FILTERS: dict[str, Callable[[Any], str]] = {
    "money": text.money,
    "sum": text.sum_text,
    "share": text.share,
    "hours": text.hours,
    "date_short": text.date_short,
    "date_long": text.date_long,
    "moment": text.moment,
    "month_name": text.month_name,
    "month_short": text.month_short,
}
for _name, _function in FILTERS.items():
    register.filter(_name, _or_dash(_function))


@register.filter
def number(value: Any, places: int | None = None) -> str:
    """`{{ quantity|number }}`, `{{ weight|number:3 }}`."""
    return text.DASH if value is None or value == "" else text.number(value, places)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """`{% query page=2 sort=None %}`: the query string of this page with the changes made."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            params.pop(name, None)
        else:
            params[name] = str(value)
    encoded = params.urlencode()
    return f"?{encoded}" if encoded else "?"
