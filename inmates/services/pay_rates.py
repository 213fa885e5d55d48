"""Rates of pay: a rate an hour or a month of a post, a rate for pieces of an operation.

Called by the page of rates. A rate changes by succession; into an approved month with a reason.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from inmates.enums import RateUnit
from inmates.models import PayRate, PayrollRun
from inmates.rate_refusals import RateOfStranger, RateSubjectWrong
from inmates.rules import can_keep_pay_rates
from inmates.selectors.closed_months import OF_MONTH
from inmates.selectors.pay_rates import may_have_rate
from inmates.services.backdating import permit_backdated
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_rows
from portal.kernel.periods import Month, period_q
from workshops.models import Post

OF_POST = (RateUnit.HOUR, RateUnit.MONTH)


@dataclass(frozen=True, slots=True)
class NewRate:
    """What the accountant says of a rate; one of `post_id` and `operation_id` is given."""

    payer_id: int
    amount: Decimal
    unit: str
    on: date
    post_id: int | None = None
    operation_id: int | None = None
    per_pieces: int = 1


@dataclass(frozen=True, slots=True)
class Entered:
    """The rate, whether it is new, and whether wages since its start are calculated or closed."""

    row: PayRate
    is_new: bool
    is_calculated: bool
    is_closed: bool = False


def enter_pay_rate(*, actor: Any, rate: NewRate, at: datetime, correction: str = "") -> Entered:
    """From its day on the rate is in force; the one before it ends there, the one after it stays.

    A rate that began on this very day is written over. Where it reaches into months whose wages
    are approved, whoever worked by it is marked: their payslips stay, the difference goes with the
    next wages. Refused: for whoever is not the payer's accountant there, a unit that does not fit,
    a post or an operation of a workshop in which the payer has no people and which it does not
    run, an approved month without a `correction` that says why, a month that is being calculated
    or posted. Audited. Twice: the same again changes nothing.
    """
    place_id = _place_of(rate.post_id)
    can_keep_pay_rates(actor, rate.payer_id, place_id, day_of(at)).require()
    if (rate.unit in OF_POST) is not (rate.post_id is not None):
        raise RateSubjectWrong
    if not may_have_rate(rate.payer_id, post_id=rate.post_id, operation_id=rate.operation_id):
        raise RateOfStranger
    with readable_refusals(), transaction.atomic():
        runs = lock_rows(_runs_since(rate))
        is_closed = permit_backdated(runs, actor=actor, reason=correction)
        subject = {
            "payer_id": rate.payer_id, "post_id": rate.post_id, "operation_id": rate.operation_id
        }  # fmt: skip
        lock_rows(PayRate.objects.filter(**subject))
        row, is_new = _succeed(rate, subject, {"recorded_by": actor, "recorded_at": at})
        if is_new:
            audit.record(
                actor=actor, action="pay_rate_entered", at=at, subject=row, on=rate.on.isoformat()
            )
    return Entered(row, is_new, any(run.calculated_at is not None for run in runs), is_closed)


def _place_of(post_id: int | None) -> int | None:
    """The organisation of the institution; an operation is made anywhere."""
    if post_id is None:
        return None
    posts = Post.objects.filter(pk=post_id)
    place_id: int | None = posts.values_list(
        "workshop__institution__organisation", flat=True
    ).first()
    return place_id


def _runs_since(rate: NewRate) -> "QuerySet[PayrollRun]":
    """The runs whose months the rate would reach."""
    runs = PayrollRun.objects.filter(
        payer_id=rate.payer_id, month__gte=Month.of(rate.on).first_day, kind__in=OF_MONTH
    )
    if rate.post_id is not None:
        runs = runs.filter(institution__workshops__posts=rate.post_id)
    return runs


def _succeed(
    rate: NewRate, subject: dict[str, Any], signed: dict[str, Any]
) -> tuple[PayRate, bool]:
    """Close what is in force, begin the new one; it ends where the old one or the next one does."""
    values = {"amount": rate.amount, "unit": rate.unit, "per_pieces": rate.per_pieces}
    rows = PayRate.objects.filter(**subject)
    present = rows.filter(period_q(rate.on)).first()
    if present is None:
        later = rows.filter(effective_from__gt=rate.on).order_by("effective_from").first()
        ends = later.effective_from if later else None
    elif all(getattr(present, name) == value for name, value in values.items()):
        return present, False
    elif present.effective_from == rate.on:
        rows.filter(pk=present.pk).update(**values, **signed)
        present.refresh_from_db()
        return present, True
    else:
        ends = present.effective_to
        present.effective_to = rate.on
        present.save(update_fields=["effective_to"])
    made = PayRate.objects.create(
        **subject, **values, **signed, effective_from=rate.on, effective_to=ends
    )
    return made, True
