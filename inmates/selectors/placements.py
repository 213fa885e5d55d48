"""Placements beside which another one is to stand: hours of the person, seats of the post."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from inmates.enums import ConsentKind
from inmates.models import Consent, CustodyStay, PayParameter, PayRate, Placement
from inmates.refusals import ParameterMissing
from portal.accounts.enums import PRIVATE_KINDS
from portal.kernel.periods import Period, overlap_q, period_q
from workshops.models import Post

FULL_SHIFT = "full_shift_minutes"


@dataclass(frozen=True, slots=True)
class FullShift:
    """The longest day by the parameter in force, and where it is written."""

    norm: dict[str, int]
    source: str


def full_shift(on: date) -> FullShift:
    """Never a guess: without the parameter it raises `ParameterMissing`."""
    row = PayParameter.objects.filter(period_q(on), code=FULL_SHIFT).first()
    if row is None:
        raise ParameterMissing(FULL_SHIFT, on)
    return FullShift(row.value, row.source)


def placement_with_place(placement_id: int) -> Placement:
    """The placement with its institution, its employer and its payer joined."""
    return Placement.objects.select_related(
        "post__workshop__institution", "post__trade", "employer", "payer", "inmate"
    ).get(pk=placement_id)


def first_day_elsewhere(inmate_id: int, institution_id: int, period: Period) -> date | None:
    """The first day of the period on which the person is not held in the institution."""
    stay = CustodyStay.objects.filter(
        period_q(period.effective_from), inmate=inmate_id, institution=institution_id
    ).first()
    if stay is None:
        return period.effective_from
    left = stay.effective_to
    if left is None or (period.effective_to is not None and period.effective_to <= left):
        return None
    return left


def minutes_beside(inmate_id: int, period: Period) -> tuple[bool, int]:
    """What the person has in these days: a full-time placement or not, minutes of part time."""
    rows = Placement.objects.filter(overlap_q(period), inmate=inmate_id)
    minutes = rows.filter(is_full_time=False).aggregate(sum=Sum("daily_minutes"))["sum"]
    return rows.filter(is_full_time=True).exists(), minutes or 0


def busiest_day(post: Post, period: Period) -> tuple[date, int]:
    """The first day of the period on which most people are placed at the post, and how many."""
    spans = Placement.objects.filter(overlap_q(period), post=post).values_list(
        "effective_from", "effective_to"
    )
    begins = sorted({max(begin, period.effective_from) for begin, _end in spans})
    best = (period.effective_from, 0)
    for day in begins:
        taken = sum(begin <= day and (end is None or day < end) for begin, end in spans)
        if taken > best[1]:
            best = (day, taken)
    return best


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What the paper of a placement says beside the placement itself."""

    shift: FullShift
    rate: Decimal | None
    consent: str
    consent_on: date | None


def is_outside(placement: Placement) -> bool:
    """Whether the employer is a business outside the system: then three parties sign."""
    return placement.employer.kind in PRIVATE_KINDS


def paper_facts(placement: Placement) -> PaperFacts:
    """The norm of time, the hourly rate and the consent of the first day, where there are any."""
    on = placement.effective_from
    rate = PayRate.objects.filter(period_q(on), payer=placement.payer, post=placement.post).first()
    consent = None
    if is_outside(placement):
        given = Consent.objects.filter(
            inmate=placement.inmate,
            employer=placement.employer,
            kind=ConsentKind.PRIVATE_WORK,
            given_on__lte=on,
        )
        consent = given.order_by("-given_on", "-id").first()
    return PaperFacts(
        shift=full_shift(on),
        rate=rate.amount if rate else None,
        consent=consent.document_number if consent else "",
        consent_on=consent.given_on if consent else None,
    )
