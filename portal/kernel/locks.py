"""Row locks, always taken in one order so that two services never wait for each other.

Across tables: orders, work orders, inmates, payroll. Inside a table: by primary key.
"""

from typing import TypeVar
from uuid import UUID

from django.db import models

from portal.kernel.errors import PortalError

Row = TypeVar("Row", bound=models.Model)


class Gone(PortalError):
    """The row was removed by somebody else in the meantime."""

    status = 404


def lock_rows(queryset: "models.QuerySet[Row]") -> list[Row]:
    """The rows of `queryset`, locked until the transaction ends, in order of primary key."""
    return list(queryset.select_for_update(of=("self",)).order_by("pk"))


def lock_row(model: type[Row], pk: int | UUID) -> Row:
    """One locked row; `Gone` when it no longer exists."""
    row = model._base_manager.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise Gone
    return row
