"""The directories of pay for their pages."""

from django.db.models import QuerySet

from inmates.models import EarningKind


def all_kinds() -> "QuerySet[EarningKind]":
    """Every kind of earnings in the order of the payslip, the newest row of a kind first."""
    return EarningKind.objects.order_by("sort_order", "code", "-effective_from", "id")
