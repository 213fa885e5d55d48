"""The paper of a placement as plain data for templates/documents/placement.typ, in ru or kk.

A legal document: here the person is called what the code calls them.
"""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmates.models import Placement
from inmates.presenters.person import period_words
from inmates.selectors.people import Identity
from inmates.selectors.placements import PaperFacts, is_outside
from inmates.shifts import full_minutes
from portal.accounts.models import Organisation
from portal.kernel.text import DASH, date_long, date_short, hours, money

PAPER_LANGUAGES = ("ru", "kk")
DAYS_A_WEEK = 5


def placement_document(
    placement: Placement, facts: PaperFacts, who: Identity | None, *, stamp: dict[str, Any]
) -> dict[str, Any]:
    """The contract of three parties, or the order of placement."""
    outside = is_outside(placement)
    institution = placement.post.workshop.institution.organisation
    return {
        "language": (get_language() or "ru").split("-")[0],
        "title": _contract_title() if outside else _("Order of placement at work"),
        "about": date_long(placement.effective_from),
        "draft": _("Draft form: the wording is not yet approved by a lawyer."),
        "parties": _parties(placement, institution, who, is_outside=outside),
        "terms_title": _("Terms"),
        "terms": _terms(placement, facts),
        "sections": _contract_sections() if outside else _order_sections(),
        "signatures": _signatures(is_outside=outside),
        "stamp": stamp,
    }


def _contract_title() -> str:
    return _("Contract on the work of a convicted person")


def _parties(
    placement: Placement, institution: Organisation, who: Identity | None, *, is_outside: bool
) -> list[dict[str, str]]:
    """The administration, the organisation, the person; in an order the first and the last."""
    parties = [_organisation(_("Administration"), institution)]
    if is_outside:
        parties.append(_organisation(_("Organisation"), placement.employer))
    person = {
        "role": _("Convicted person"),
        "name": who.full_name if who else DASH,
        "lines": [
            _("personnel No. %(number)s") % {"number": placement.inmate.personnel_number},
            _("IIN %(iin)s") % {"iin": (who.iin if who else None) or DASH},
        ],
    }
    return [*parties, person]


def _organisation(role: str, organisation: Organisation) -> dict[str, Any]:
    lines = [_("BIN or IIN %(number)s") % {"number": organisation.bin}, organisation.address]
    return {"role": role, "name": organisation.name, "lines": [one for one in lines if one]}


def _terms(placement: Placement, facts: PaperFacts) -> list[dict[str, str]]:
    post = placement.post
    terms = [
        (_("Place of work"), f"{post.workshop.name}, {post.name}"),
        (_("Trade"), post.trade.name),
        (_("Employer"), placement.employer.name),
        (_("Period"), period_words(placement.effective_from, placement.effective_to)),
        (_("Working time"), _time(placement, facts)),
        (_("Pay"), _pay(placement, facts)),
        (_("Basis"), placement.basis),
    ]
    if facts.consent:
        given = _("No. %(number)s of %(day)s") % {
            "number": facts.consent, "day": date_short(facts.consent_on),
        }  # fmt: skip
        terms.append((_("Consent to private work"), given))
    return [{"label": label, "value": value} for label, value in terms]


def _time(placement: Placement, facts: PaperFacts) -> str:
    minutes = placement.daily_minutes
    if placement.is_full_time or not minutes:
        minutes = full_minutes(facts.shift.norm, placement.inmate.disability_group)
    return _("%(day)s hours a day, %(week)s hours a week, five working days") % {
        "day": hours(minutes), "week": hours(minutes * DAYS_A_WEEK),
    }  # fmt: skip


def _pay(placement: Placement, facts: PaperFacts) -> str:
    form = placement.get_pay_form_display()
    if placement.pay_form == "time" and facts.rate is not None:
        return _("%(form)s, %(rate)s an hour") % {"form": form, "rate": money(facts.rate)}
    return _("%(form)s, by the rates in force") % {"form": form}


def _order_sections() -> list[dict[str, Any]]:
    points = (_pay_point(), _rest_point(), _safety_point(), _withheld_point())
    return [
        {
            "title": _("The administration orders"),
            "points": [
                _("To place the convicted person at work on the terms named above."),
                *(_sentence(point) for point in points),
            ],
        },
    ]


def _sentence(point: str) -> str:
    """A point of a list as a sentence of its own."""
    return f"{point[:1].upper()}{point[1:].rstrip(';')}."


def _contract_sections() -> list[dict[str, Any]]:
    """What each of the three takes upon itself (Penal Execution Code 119(3), 120, 122)."""
    return [
        {
            "title": _("The organisation"),
            "points": [
                _("gives work at the place and in the trade named, with tools and materials;"),
                _pay_point(),
                _rest_point(),
                _safety_point(),
            ],
        },
        {
            "title": _("The administration"),
            "points": [
                _("brings the convicted person to work and keeps the time worked together with "
                  "the organisation;"),
                _withheld_point(),
                _("gives a payslip every month with every sum and its ground."),
            ],
        },
        {
            "title": _("The convicted person"),
            "points": [
                _("works at the place named and keeps the rules of safety;"),
                _("may withdraw the consent to work for a private employer at any time: it is no "
                  "refusal of work, has no consequences, and another place is offered."),
            ],
        },
    ]  # fmt: skip


def _pay_point() -> str:
    return _(
        "pays for the work not less than the minimum wage for a month worked in full, in "
        "proportion to the time worked, by the 10th of the next month (Penal Execution Code 120, "
        "Labour Code 104, 113);"
    )


def _rest_point() -> str:
    return _(
        "keeps the hours of work and rest of the Labour Code and gives 24 calendar days of paid "
        "leave a year (Penal Execution Code 120);"
    )


def _safety_point() -> str:
    return _(
        "gives safety briefing, protective equipment and social insurance (Penal Execution Code "
        "114, 120);"
    )


def _withheld_point() -> str:
    return _(
        "sees that no more than half is withheld by executive documents and that the rest is put "
        "to the person's account (Penal Execution Code 122);"
    )


def _signatures(*, is_outside: bool) -> list[str]:
    who = [_("For the administration")]
    if is_outside:
        who.append(_("For the organisation"))
    return [*who, _("Convicted person, has read it")]
