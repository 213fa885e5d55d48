"""Proposed values and what they would change, for the administrators' desk."""

from datetime import date

from django.db.models import Q, QuerySet

from inmates.enums import CLOSED_RUNS, RunKind
from inmates.law_desk.enums import ProposalStatus
from inmates.models import ParameterEffect, ParameterProposal, PayParameter, PayrollRun
from portal.kernel.periods import Month, period_q

LAST_DECIDED = 20


def present_parameter(code: str, on: date) -> PayParameter | None:
    """The value in force on the day, or the first one that will be."""
    rows = PayParameter.objects.filter(code=code)
    return (
        rows.filter(period_q(on)).first()
        or rows.filter(effective_from__gt=on).order_by("effective_from").first()
        or rows.order_by("-effective_from").first()
    )


def open_proposals() -> "QuerySet[ParameterProposal]":
    """Those that wait for a decision, the oldest first."""
    waiting = ParameterProposal.objects.filter(status=ProposalStatus.PROPOSED)
    return waiting.select_related("proposed_by").order_by("proposed_at", "id")


def decided_proposals() -> "QuerySet[ParameterProposal]":
    """The last ones decided or taken back."""
    done = ParameterProposal.objects.filter(~Q(status=ProposalStatus.PROPOSED))
    return done.select_related("proposed_by", "decided_by").order_by("-proposed_at", "-id")[
        :LAST_DECIDED
    ]


def value_before(proposal: ParameterProposal) -> PayParameter | None:
    """What is in force on the day the proposed value begins, or was before it was approved."""
    rows = PayParameter.objects.filter(
        code=proposal.code, effective_from__lt=proposal.effective_from
    )
    return rows.order_by("-effective_from").first()


def approved_months_since(day: date) -> list[Month]:
    """The months with approved wages that a value from this day decides, the newest first."""
    runs = PayrollRun.objects.filter(
        month__gte=Month.of(day).first_day,
        status__in=CLOSED_RUNS,
        kind=RunKind.REGULAR,
        is_reversed=False,
    )
    return [
        Month.of(month)
        for month in runs.order_by("-month").values_list("month", flat=True).distinct()
    ]


def effects_of(proposal: ParameterProposal) -> "QuerySet[ParameterEffect]":
    """By payer and place in the order of their names' keys."""
    rows = proposal.effects.select_related("payer", "institution__organisation")
    return rows.order_by("institution__organisation__name", "payer__name", "id")
