"""Statements of the bank somebody may see, and what their lines are held against."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from inmates.models import BankStatement
from inmates.selectors.payroll import NOTHING
from inmates.selectors.registers import codes_in_force, open_orders, standing_transfers
from inmates.transfers.matching import Books, OpenOrder
from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.accounts.selectors import organisations_as_a_whole
from portal.kernel.clock import day_of


def payers_of_accountant(user: Any, on: date) -> "QuerySet[Organisation]":
    """Of which payers the user is an accountant for all places."""
    ids = organisations_as_a_whole(user, on, Role.ACCOUNTANT)
    return Organisation.objects.filter(pk__in=ids).order_by("sort_ru", "id")


def statements_visible_to(user: Any, on: date) -> "QuerySet[BankStatement]":
    """The statements of those payers, the newest first."""
    ids = organisations_as_a_whole(user, on, Role.ACCOUNTANT)
    rows = (
        BankStatement.objects.filter(payer__in=ids)
        if ids
        else BankStatement.objects.filter(NOTHING)
    )
    return rows.select_related("payer", "uploaded_by").order_by("-uploaded_at", "-id")


def books_for(user: Any, on: date, payer_id: int) -> Books:
    """Open payment orders, transfers that are entered, and codes of wages; three queries."""
    codes = codes_in_force(on, payer_id).values()
    orders = [
        OpenOrder(
            order.pk, order.register.number, order.amount, order.knp, order.kbk,
            order.payee_account, day_of(order.first_posted or order.register.made_at),
        )
        for order in open_orders(user, on, payer_id, Role.ACCOUNTANT)
    ]  # fmt: skip
    known = (
        standing_transfers()
        .filter(order__register__payer=payer_id)
        .values_list("transferred_on", "document", "order__amount")
    )
    # Other taxes share the code of the taxes on wages: by it alone a line is not ours.
    return Books(orders, set(known), {one.knp for one in codes if one.knp and not one.kbk})
