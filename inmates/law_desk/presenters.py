"""A proposed value in the reader's language: what it is, what it changes, what may be done."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from inmates.models import ParameterEffect, ParameterProposal, PayParameter
from inmates.presenters.parameter_words import TITLES
from inmates.presenters.parameters import shown_value
from portal.kernel.models import StateChange
from portal.kernel.periods import Month
from portal.kernel.text import DASH, date_short, moment, month_name, number, sum_text

SUMS = ("gross", "withheld", "to_account", "employer")
ZERO = Decimal("0.00")
MONTHS_NAMED = 6


def parameter_title(code: str) -> str:
    return str(TITLES.get(code, code))


def proposal_rows(proposals: Iterable[ParameterProposal]) -> list[dict[str, Any]]:
    """Lines of the list."""
    return [
        {
            "id": one.pk,
            "title": parameter_title(one.code),
            "value": shown_value(one.code, one.value, one.unit),
            "from": date_short(one.effective_from),
            "status": one.status,
            "label": one.get_status_display(),
            "who": one.proposed_by.get_full_name(),
            "at": moment(one.proposed_at),
        }
        for one in proposals
    ]


def proposal_facts(
    proposal: ParameterProposal, before: PayParameter | None
) -> list[dict[str, str]]:
    """The value beside the one it follows, and where it comes from."""
    was = shown_value(before.code, before.value, before.unit) if before else DASH
    facts = [
        {"label": _("Now"), "value": was},
        {
            "label": _("Proposed"),
            "value": shown_value(proposal.code, proposal.value, proposal.unit),
        },
        {
            "label": _("In force from"),
            "value": date_short(proposal.effective_from),
            "note": _("decides wages from: %(month)s") % {"month": effect_month(proposal)},
        },
        {"label": _("Source"), "value": proposal.source},
        {"label": _("How sure we are"), "value": proposal.get_confidence_display()},
        {
            "label": _("Proposed by"),
            "value": proposal.proposed_by.get_full_name(),
            "note": moment(proposal.proposed_at),
        },
    ]
    if proposal.note:
        facts.append({"label": _("Note"), "value": proposal.note})
    return facts


def shown_effects(effects: Iterable[ParameterEffect]) -> dict[str, Any]:
    """The table of the trial with its totals; a total is the sum of its lines."""
    rows = list(effects)
    lines = [
        {
            "place": one.institution.organisation.name,
            "payer": one.payer.name,
            "people": _people(one.affected, one.people),
            "failed": one.failed,
            "sums": [_signed(getattr(one, name)) for name in SUMS],
        }
        for one in rows
    ]
    people = sum(one.people for one in rows)
    affected = sum(one.affected for one in rows)
    totals = [_signed(sum((getattr(one, name) for one in rows), ZERO)) for name in SUMS]
    return {
        "lines": lines,
        "total": {"place": _("Total"), "people": _people(affected, people), "sums": totals},
        "affected": affected,
        "failed": sum(one.failed for one in rows),
    }


def proposal_history(history: Iterable[StateChange]) -> list[dict[str, Any]]:
    """The moves of a proposal, the newest first."""
    words = {
        "propose": _("Proposed"),
        "approve": pgettext("proposal", "Approved"),
        "decline": pgettext("proposal", "Declined"),
        "withdraw": _("Taken back"),
    }
    rows = [
        {
            "at": change.at,
            "text": words.get(change.action, change.action),
            "status": change.to_status,
            "who": change.actor.get_full_name() if change.actor else "",
            "reason": change.reason,
        }
        for change in history
    ]
    return rows[::-1]


def effect_month(proposal: ParameterProposal) -> str:
    """The first wages the value decides: those of the month whose last day it is in force on."""
    return month_name(Month.of(proposal.effective_from))


def late_months(approved: Iterable[Month]) -> dict[str, str]:
    """Months approved before the value: their people get a difference; the newest are named."""
    months = list(approved)
    if not months:
        return {}
    return {
        "named": ", ".join(month_name(month) for month in months[:MONTHS_NAMED]),
        "left": number(len(months) - MONTHS_NAMED) if len(months) > MONTHS_NAMED else "",
    }


def trial_month_name(proposal: ParameterProposal) -> str:
    return month_name(Month.of(proposal.trial_month)) if proposal.trial_month else ""


def _people(affected: int, people: int) -> str:
    return _("%(affected)s of %(people)s") % {
        "affected": number(affected),
        "people": number(people),
    }


def _signed(amount: Decimal) -> str:
    return f"+{sum_text(amount)}" if amount > 0 else sum_text(amount)
