"""One-off earnings as their page shows them, discreetly for a private payer."""

from collections.abc import Iterable, Mapping
from typing import Any

from inmates.models import EarningKind, ExtraPay
from inmates.presenters.discretion import BY_AVERAGE, earning_name
from portal.accounts.enums import PRIVATE_KINDS
from portal.kernel.text import date_short, sum_text


def extra_rows(rows: Iterable[ExtraPay], kinds: Mapping[str, EarningKind]) -> list[dict[str, Any]]:
    """A row for each payment: whose, of what kind, by what document, how much."""
    return [_row(row, kinds) for row in rows]


def _row(row: ExtraPay, kinds: Mapping[str, EarningKind]) -> dict[str, Any]:
    kind = kinds.get(row.kind)
    return {
        "id": row.pk,
        "number": row.inmate.personnel_number,
        "payer": row.payer.name,
        "institution": row.institution.organisation.name,
        "kind": earning_name(
            row.kind,
            kind.name if kind else row.kind,
            is_discreet=row.payer.kind in PRIVATE_KINDS,
        ),
        "basis": row.basis,
        "amount": sum_text(row.amount),
        "entered": date_short(row.recorded_at),
        "is_held": row.is_held,  # type: ignore[attr-defined]  # of `extra_pay_of`
        "is_closed": row.is_closed,  # type: ignore[attr-defined]  # as above
    }


def kind_choices(kinds: Iterable[EarningKind]) -> list[tuple[str, str]]:
    """Kinds to choose from; what is paid by average wage is computed and never typed."""
    return [(kind.code, kind.name) for kind in kinds if kind.code not in BY_AVERAGE]
