"""The key of the visitor's basket, kept in the session; signing in keeps the session's data."""

from uuid import UUID

from django.http import HttpRequest

from orders.selectors.baskets import basket_count
from portal.kernel.kept import NOT_SHOWN_OF_SESSION, SHOWN_OF_SESSION

KEY = "basket_key"
# The header of every page shows this number without asking the database.
COUNT = "basket_count"
# Nothing else of a basket is told on a public page, so its owner may be shown a kept one.
SHOWN_OF_SESSION.add(COUNT)
NOT_SHOWN_OF_SESSION.add(KEY)


def basket_key(request: HttpRequest) -> UUID | None:
    """The key, or None for a visitor who has put nothing in yet."""
    kept = request.session.get(KEY)
    return UUID(kept) if kept else None


def remember_basket(request: HttpRequest, key: UUID | None) -> None:
    """Keep the key and the number of lines after the basket changed."""
    if key is not None:
        request.session[KEY] = str(key)
    request.session[COUNT] = basket_count(str(key) if key else None)
