"""A person's page: state, facts, placements, grades and the history; people by number alone."""

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmates.enums import Ability
from inmates.models import CustodyStay, LabourState, Placement
from inmates.selectors.person import PersonRecord, TakenBack
from portal.accounts.enums import PRIVATE_KINDS
from portal.kernel.text import date_short, hours, number
from portal.kernel.workdays import ONE_DAY

# Within so many days the bailiffs are told where a debtor has gone (law.md §3).
BAILIFF_DAYS = 3


def person_head(record: PersonRecord) -> dict[str, Any]:
    """Number, crumbs and the tag: where the person stands today."""
    number_ = record.inmate.personnel_number
    return {
        "title": _("№ %(number)s") % {"number": number_},
        "crumbs": [
            {"label": _("People"), "url": reverse("inmates:people")},
            {"label": record.stay.institution.organisation.name},
            {"label": number_},
        ],
        "state": _head_state(record),
    }


def _head_state(record: PersonRecord) -> dict[str, str]:
    if not record.is_held:
        day = date_short(record.stay.effective_to)
        return {"tone": "quiet", "label": _("Left on %(day)s") % {"day": day}}
    if record.placed:
        return {"tone": "ok", "label": _("At work")}
    if record.state is None or record.state.ability == Ability.UNKNOWN:
        return {"tone": "warn", "label": _("Ability not known")}
    if record.state.ability == Ability.UNABLE:
        return {"tone": "quiet", "label": _("Not able-bodied")}
    return {"tone": "warn", "label": _("Able-bodied, without work")}


def person_facts(record: PersonRecord, *, may_act: object = False) -> list[dict[str, Any]]:
    """What holds today, for the facts of the page; whoever acts there changes from it."""
    facts = [
        {
            "label": _("Institution"),
            "value": record.stay.institution.organisation.name,
            "note": _("since %(day)s") % {"day": date_short(record.stay.effective_from)},
        },
        _ability_fact(record.state, is_placed=bool(record.placed)),
        _leaving_fact(record),
        {
            "label": _("Language of papers"),
            "value": record.inmate.get_language_display(),
            "url": reverse("inmates:person_language", args=[record.inmate.personnel_number])
            if record.is_held and may_act
            else "",
        },
    ]
    if record.writs:
        facts.append(_writ_fact(record))
    return facts


def ability_words() -> dict[str, str]:
    """Of one person; the labels of the enum are those of a group of people."""
    return {
        Ability.ABLE: _("Is able-bodied"),
        Ability.UNABLE: _("Is not able-bodied"),
        Ability.UNKNOWN: _("Is not known"),
    }


def _ability_fact(state: LabourState | None, *, is_placed: bool) -> dict[str, Any]:
    label = _("Ability to work")
    if state is None:
        return {
            "label": label,
            "value": _("Is not known"),
            "note": _("nothing is entered for today"),
        }
    since = _("since %(day)s") % {"day": date_short(state.effective_from)}
    if state.effective_to is not None:
        until = date_short(state.effective_to - ONE_DAY)
        since = _("%(begin)s – %(end)s") % {
            "begin": date_short(state.effective_from), "end": until,
        }  # fmt: skip
    obliged = "" if state.is_subject_to_labour else _("not obliged to work")
    # Why somebody is without work is said while they are.
    is_why = state.reason and not (is_placed and state.ability == Ability.ABLE)
    notes = [state.reason.name if is_why else "", since, obliged]
    return {
        "label": label,
        "value": ability_words()[state.ability],
        "note": "; ".join(filter(None, notes)),
    }


def _leaving_fact(record: PersonRecord) -> dict[str, Any]:
    if not record.is_held:
        why = record.stay.end_reason.name if record.stay.end_reason else ""
        return {
            "label": _("Left custody"),
            "value": date_short(record.stay.effective_to),
            "note": why,
        }
    expected = record.expected_now
    return {
        "label": _("Expected release"),
        "value": date_short(expected.release_on) if expected else _("Not entered"),
        "note": expected.basis if expected else "",
    }


def _writ_fact(record: PersonRecord) -> dict[str, Any]:
    count = ngettext("%(count)s writ in force", "%(count)s writs in force", record.writs)
    note = _("withheld from wages; they follow the person")
    if not record.is_held:
        until = record.stay.effective_to + timedelta(days=BAILIFF_DAYS)
        note = _("tell the bailiff by %(day)s where the person has gone") % {
            "day": date_short(until)
        }
    value = count % {"count": number(record.writs)}
    return {"label": _("Writs of execution"), "value": value, "note": note}


def placement_rows(record: PersonRecord) -> list[dict[str, Any]]:
    """Placements, the newest first, each with its paper and, while it lasts, its acts."""
    return [_placement_row(one, record) for one in record.placements]


def _placement_row(placement: Placement, record: PersonRecord) -> dict[str, Any]:
    number_ = record.inmate.personnel_number
    args = [number_, placement.pk]
    lasts = placement.effective_to is None or record.on < placement.effective_to
    is_private = placement.employer.kind in PRIVATE_KINDS
    return {
        "post": placement.post.name,
        "workshop": placement.post.workshop.name,
        "employer": placement.employer.name,
        "period": period_words(placement.effective_from, placement.effective_to),
        "hours": hours_words(placement),
        "pay_form": placement.get_pay_form_display(),
        "basis": placement.basis,
        "overfill": placement.overfill_reason,
        "paper": _("Contract") if is_private else _("Order"),
        "paper_url": reverse("inmates:placement_paper", args=args),
        "change_url": reverse("inmates:placement_change", args=args) if lasts else "",
        "end_url": reverse("inmates:placement_end", args=args) if lasts else "",
    }


def hours_words(placement: Placement) -> str:
    """Full time, or the hours a day; part time of before this was asked has none."""
    if placement.is_full_time:
        return _("full time")
    if placement.daily_minutes:
        return _("%(hours)s h a day") % {"hours": hours(placement.daily_minutes)}
    return _("part time")


def period_words(begin: date, end: date | None) -> str:
    """First and last day as people say them: the last one is included."""
    if end is None:
        return _("since %(day)s") % {"day": date_short(begin)}
    return _("%(begin)s – %(end)s") % {
        "begin": date_short(begin), "end": date_short(end - ONE_DAY),
    }  # fmt: skip


def grade_rows(record: PersonRecord) -> list[dict[str, Any]]:
    """Trades and grades with their documents."""
    return [
        {
            "trade": one.trade.name,
            "grade": number(one.grade),
            "document": one.document,
            "awarded": date_short(one.awarded_on),
        }
        for one in record.qualifications
    ]


def history_rows(record: PersonRecord) -> list[dict[str, Any]]:
    """Movements, states of ability, expected releases and placements taken back, newest first."""
    rows = [
        *(_stay_row(one) for one in record.stays),
        *(_state_row(one) for one in record.states),
        *(_taken_back_row(one) for one in record.taken_back),
        *(
            {
                "begin": one.effective_from,
                "period": period_words(one.effective_from, one.effective_to),
                "what": _("Expected release: %(day)s") % {"day": date_short(one.release_on)},
                "why": one.basis,
            }
            for one in record.expected
        ),
    ]
    return sorted(rows, key=lambda row: row["begin"], reverse=True)


def _stay_row(stay: CustodyStay) -> dict[str, Any]:
    return {
        "begin": stay.effective_from,
        "period": period_words(stay.effective_from, stay.effective_to),
        "what": stay.institution.organisation.name,
        "why": stay.end_reason.name if stay.end_reason else "",
    }


def _taken_back_row(row: TakenBack) -> dict[str, Any]:
    """It never was in force: the day it was to begin, and what was printed of it."""
    words = {"post": row.post, "employer": row.employer}
    why = _("the consent was withdrawn on %(day)s") % {"day": date_short(row.on)}
    if row.contracts:
        number_ = ", ".join(row.contracts)
        why = _("%(why)s; contract %(number)s is withdrawn") % {"why": why, "number": number_}
    return {
        "begin": row.begin,
        "period": date_short(row.begin),
        "what": _("Placement taken back: %(post)s, %(employer)s") % words,
        "why": why,
    }


def _state_row(state: LabourState) -> dict[str, Any]:
    return {
        "begin": state.effective_from,
        "period": period_words(state.effective_from, state.effective_to),
        "what": ability_words()[state.ability],
        "why": state.reason.name if state.reason else "",
    }
