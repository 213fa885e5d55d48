"""What every page gets beside its own context: the navigation of whoever reads it.

Nothing is computed before a template asks, so a part for htmx and an error page cost nothing.
"""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.accounts.selectors import grants_of, organisations_of, overseeing_grants
from portal.front.menu import Group, Item, footer_menu, office_menu, public_menu
from portal.kernel import clock

# The orders app keeps the number of lines in the basket here; the header only shows it.
BASKET_COUNT = "basket_count"


class Navigation:
    """The menus of one request, each made when first asked for."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def public(self) -> list[Item]:
        session = getattr(self._request, "session", {})
        return public_menu(self._request.path, session.get(BASKET_COUNT, 0))

    @cached_property
    def footer(self) -> list[Group]:
        return footer_menu(self._request.path)

    @cached_property
    def office(self) -> list[Group]:
        user, on = self._request.user, clock.today()
        roles = {grant.role for grant in grants_of(user, on)}
        # Who has a part in the wages beside the role finds no desk: no row leads to a 404.
        if Role.QUESTION_OFFICER in roles and not overseeing_grants(user, on):
            roles.discard(Role.QUESTION_OFFICER)
        return office_menu(roles, self._request.path)

    @cached_property
    def organisations(self) -> list[Organisation]:
        return list(organisations_of(self._request.user, clock.today()))


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `nav.public`, `nav.footer`, `nav.office`, `nav.organisations`."""
    return {"nav": Navigation(request)}
