"""Papers of the leaving file as plain data for templates/documents/record.typ."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmates.models import (
    Apprenticeship,
    CustodyStay,
    Placement,
    Qualification,
    WritOfExecution,
)
from inmates.presenters.leaving import forecast_facts, refusal_words, writ_rows
from inmates.selectors.leaving_forecast import Forecast
from inmates.selectors.people import Identity
from inmates.selectors.work_history import Skill, Stretch
from inmates.selectors.writs import Balance
from portal.kernel.text import DASH, date_short, hours, number


def _head(
    title: str, stay: CustodyStay, who: Identity | None, stamp: dict[str, Any] | None
) -> dict[str, Any]:
    return {
        "language": (get_language() or "ru").split("-")[0],
        "title": title,
        "issuer": stay.institution.organisation.name,
        "facts": [
            {"label": _("Name"), "value": who.full_name if who else DASH},
            {"label": _("IIN"), "value": (who.iin if who else None) or DASH},
            {"label": _("Date of birth"), "value": date_short(stay.inmate.born_on)},
            {"label": _("Personnel number"), "value": stay.inmate.personnel_number},
        ],
        "signatures": [_("Head of the institution"), _("Labour officer")],
        "stamp": stamp,
    }


def work_certificate_document(
    stay: CustodyStay,
    worked: Sequence[Stretch],
    who: Identity | None,
    *,
    stamp: dict[str, Any],
) -> dict[str, Any]:
    """Where, as what, from when to when, and how many days and hours were worked."""
    return _head(_("Certificate of work"), stay, who, stamp) | {
        "tables": [
            {
                "title": _("Work"),
                "heads": [
                    _("Where, as what"), _("Trade"), _("From – to"), _("Days"), _("Hours"),
                ],
                "rows": [
                    [
                        _where(one),
                        one.placement.post.trade.name,
                        _from_to(one.placement),
                        number(one.days),
                        hours(one.minutes),
                    ]
                    for one in worked
                ],
                "total": [
                    _("Total"), "", "",
                    number(sum(one.days for one in worked)),
                    hours(sum(one.minutes for one in worked)),
                ],
                "empty": _("No day of work is entered."),
            }
        ],
        "notes": [_("By the timesheets of the workshops: days and hours worked and paid.")],
    }  # fmt: skip


def _where(one: Stretch) -> str:
    post = one.placement.post
    return f"{one.placement.employer.name}: {post.workshop.name}, {post.name}"


def _from_to(row: Placement | Apprenticeship) -> str:
    end = date_short(row.effective_to) if row.effective_to else "…"
    return f"{date_short(row.effective_from)} – {end}"


def _operation(titles: Mapping[str, str]) -> str:
    language = (get_language() or "ru").split("-")[0]
    return titles.get(language) or titles["ru"]


def skill_passport_document(
    stay: CustodyStay,
    grades: Iterable[Qualification],
    trainings: Iterable[tuple[Apprenticeship, int]],
    skills: Iterable[Skill],
    titles: Mapping[int, Mapping[str, str]],
    who: Identity | None,
    *,
    stamp: dict[str, Any],
) -> dict[str, Any]:
    """Trades with grades, trainings completed, operations done with pieces."""
    return _head(_("Skill passport"), stay, who, stamp) | {
        "tables": [_grades(grades), _trainings(trainings), _skills(skills, titles)],
        "notes": [_("In a team: the pieces the team made together.")],
    }


def _grades(grades: Iterable[Qualification]) -> dict[str, Any]:
    return {
        "title": _("Trades and grades"),
        "is_text": True,
        "heads": [_("Trade"), _("Grade"), _("Document"), _("Awarded")],
        "rows": [
            [one.trade.name, str(one.grade), one.document, date_short(one.awarded_on)]
            for one in grades
        ],
        "empty": _("No grade is entered."),
    }


def _trainings(trainings: Iterable[tuple[Apprenticeship, int]]) -> dict[str, Any]:
    return {
        "title": _("Trainings completed"),
        "is_text": True,
        "heads": [_("Trade"), _("From – to"), _("Hours"), _("Grade")],
        "rows": [
            [row.trade.name, _from_to(row), hours(minutes), str(row.grade_awarded or DASH)]
            for row, minutes in trainings
        ],
        "empty": _("No training was completed."),
    }


def _skills(skills: Iterable[Skill], titles: Mapping[int, Mapping[str, str]]) -> dict[str, Any]:
    return {
        "title": _("Operations done"),
        "heads": [_("Operation"), _("Own pieces"), _("In a team"), _("From – to")],
        "rows": [
            [
                _operation(titles[one.operation.pk]),
                number(one.pieces) if one.pieces else DASH,
                number(one.in_team) if one.in_team else DASH,
                f"{date_short(one.first_day)} – {date_short(one.last_day)}",
            ]
            for one in skills
        ],
        "empty": _("No output is entered."),
    }


def settlement_document(
    stay: Any,
    forecasts: Iterable[Forecast],
    writs: Iterable[WritOfExecution],
    standing: Mapping[int, Balance],
    who: Identity | None,
    *,
    printed_on: date,
) -> dict[str, Any]:
    """What is expected to be paid at the release, and the executive documents to hand over."""
    tables, refusals = [], []
    for found in forecasts:
        why = refusal_words(found)
        # What is approved and unpaid, or owed, is known whatever is missing.
        is_told = not why or found.unpaid or found.overpaid
        facts = forecast_facts(found) if is_told else []
        tables.append(
            {
                "title": found.payer.name,
                "heads": [_("Line"), _("Sum")],
                "rows": [[_line(one), one["value"]] for one in facts],
                "empty": why,
            }
        )
        if why and is_told:
            refusals.append(f"{found.payer.name}: {why}")
    tables.append(
        {
            "title": _("Executive documents"),
            "heads": [_("Document"), _("Withheld, ₸"), _("Debt left, ₸"), _("In arrears, ₸")],
            "rows": [
                [f"№ {row['number']}, {row['asks']}", row["withheld"], row["left"], row["arrears"]]
                for row in writ_rows(writs, standing)
            ],
            "empty": _("None in force."),
        }
    )
    head = _head(_("Settlement at release: forecast"), stay, who, None)
    return head | {
        "period": _("expected release %(day)s") % {"day": date_short(stay.release_on)},
        "tables": tables,
        "signatures": [_("Accountant"), _("Labour officer")],
        "notes": [
            *refusals,
            _("A forecast of %(day)s by the records of that day; what is paid, the last run says.")
            % {"day": date_short(printed_on)},
            _("Debts are by the order of the bailiff, without penalties and the bailiff's fee."),
        ],
    }


def _line(fact: Mapping[str, str]) -> str:
    note = fact.get("note", "")
    return f"{fact['label']} ({note})" if note else fact["label"]
