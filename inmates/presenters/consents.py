"""A person's consents and places as a page, and as the paper that is signed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from inmates.enums import ConsentKind, OfferAnswer
from inmates.models import Consent, ConsentText, DataConsentTerms, Inmate, PlaceOffer
from inmates.selectors.people import Identity
from portal.accounts.models import Organisation
from portal.kernel.text import DASH, date_short
from portal.kernel.workdays import workdays_between

YEARS = 3
# Declining is nobody's fault and is not shown as a failure.
ANSWER_TONES = {
    OfferAnswer.WAITING: "warn", OfferAnswer.ACCEPTED: "ok",
    OfferAnswer.DECLINED: "quiet", OfferAnswer.TAKEN_BACK: "quiet",
}  # fmt: skip


def consent_groups(consents: Iterable[Consent], on: date) -> list[dict[str, Any]]:
    """The two kinds apart, each with its rows."""
    rows = list(consents)
    return [
        {
            "kind": kind.value,
            "title": kind.label,
            "is_work": kind == ConsentKind.PRIVATE_WORK,
            "rows": [consent_row(row, on) for row in rows if row.kind == kind],
        }
        for kind in (ConsentKind.PRIVATE_WORK, ConsentKind.PERSONAL_DATA)
    ]


def consent_row(consent: Consent, on: date) -> dict[str, Any]:
    status, label = consent_state(consent, on)
    terms = getattr(consent, "terms", None)
    return {
        "consent": consent,
        "employer": consent.employer.name if consent.employer else "",
        "given": date_short(consent.given_on),
        "status": status,
        "label": label,
        "wording": _wording(consent),
        "terms": term_facts(terms) if terms else [],
        "scans": list(consent.scans.all()),
        "may_withdraw": consent.withdrawn_on is None,
    }


def consent_state(consent: Consent, on: date) -> tuple[str, str]:
    """The tone of the state and its words."""
    if consent.withdrawn_on is not None:
        day = date_short(consent.withdrawn_on)
        return "quiet", _("Withdrawn from %(day)s") % {"day": day}
    terms = getattr(consent, "terms", None)
    if terms is not None and terms.valid_until < on:
        return "quiet", _("Ended on %(day)s") % {"day": date_short(terms.valid_until)}
    return "ok", _("In force")


def _wording(consent: Consent) -> str:
    if consent.text is None:
        return _("wording not kept")
    language = _("Kazakh") if consent.language == "kk" else _("Russian")
    return _("wording %(version)s, %(language)s") % {
        "version": consent.text.version,
        "language": language.lower(),
    }


def term_facts(terms: DataConsentTerms) -> list[dict[str, str]]:
    """The law's elements as facts, in its order; the person is the page itself."""
    no = _("no")
    return [
        {
            "label": _("Operator of the data"),
            "value": _("%(name)s, BIN %(bin)s")
            % {"name": terms.operator_name, "bin": terms.operator_bin},
        },
        {"label": _("Valid until"), "value": date_short(terms.valid_until)},
        {"label": _("Passed on to third parties"), "value": terms.third_parties or no},
        {"label": _("Passed on across the border"), "value": terms.cross_border or no},
        {"label": _("Published in open sources"), "value": terms.published_in or no},
        {"label": _("List of data"), "value": terms.data_list},
        {"label": _("Other details"), "value": terms.other or DASH},
    ]


def clock_words(due: date, on: date) -> tuple[str, str]:
    """How many working days are left to offer another place, with its tone."""
    if due < on:
        late = workdays_between(due, on)
        return "bad", _("late by %(days)s working days, it was due on %(day)s") % {
            "days": late, "day": date_short(due),
        }  # fmt: skip
    left = workdays_between(on, due)
    return "warn", _("%(days)s working days left, until %(day)s") % {
        "days": left, "day": date_short(due),
    }  # fmt: skip


def owed_row(consent: Consent, on: date) -> dict[str, Any]:
    """Somebody who waits for another place: the clock, or what was offered."""
    offer = next(iter(consent.offers.all()), None)
    tone, words = clock_words(consent.place_due_by or on, on)
    if offer is not None and offer.answer != OfferAnswer.TAKEN_BACK:
        tone = ANSWER_TONES[OfferAnswer(offer.answer)]
        words = _("%(place)s, offered on %(day)s: %(answer)s") % {
            "place": offer.post.name,
            "day": date_short(offer.offered_on),
            "answer": offer.get_answer_display().lower(),
        }
        offered = True
    else:
        offered = False
    number = consent.inmate.personnel_number
    return {
        "number": number,
        "url": reverse("inmates:person_consents", args=[number]),
        "withdrawn": date_short(consent.withdrawn_on) if consent.withdrawn_on else "",
        "is_offered": offered,
        "tone": tone,
        "words": words,
    }


def offer_row(offer: PlaceOffer) -> dict[str, Any]:
    return {
        "offer": offer,
        "place": f"{offer.post.workshop.name}, {offer.post.name}",
        "day": date_short(offer.offered_on),
        "answered": date_short(offer.answered_on) if offer.answered_on else "",
        "tone": ANSWER_TONES[OfferAnswer(offer.answer)],
        "label": offer.get_answer_display(),
        "is_open": offer.answer == OfferAnswer.WAITING,
        "is_taken_back_possible": offer.answer == OfferAnswer.ACCEPTED,
    }


def consent_paper(
    *,
    text: ConsentText,
    language: str,
    inmate: Inmate,
    identity: Identity | None,
    employer: Organisation | None = None,
    operator: Organisation | None = None,
    on: date,
) -> dict[str, Any]:
    """Plain data of the form that is printed and signed, in the language of the paper."""
    with translation.override(language):
        facts = [{"label": _("Personnel number"), "value": inmate.personnel_number}]
        if employer is not None:
            facts.append(
                {
                    "label": _("Private employer"),
                    "value": _("%(name)s, BIN %(bin)s")
                    % {"name": employer.name, "bin": employer.bin},
                }
            )
        if operator is not None:
            facts += term_facts(_printed_terms(operator, on))
        kind = ConsentKind(text.kind)
        return {
            "language": language,
            "title": _("Consent to work for a private employer")
            if kind == ConsentKind.PRIVATE_WORK
            else _("Consent to the processing of personal data"),
            "wording": _("wording %(version)s") % {"version": text.version},
            "person": identity.full_name if identity else "",
            "iin": (identity.iin or "") if identity else "",
            "facts": facts,
            "paragraphs": text.in_language(language).split("\n"),
            "labels": {
                "person": _("Surname, name, patronymic"),
                "iin": _("IIN"),
                "number": _("Document No."),
                "signature": _("Signature"),
                "date": _("Date"),
                "officer": _("Explained and accepted by: position, name, signature"),
            },
        }


def usual_terms(on: date) -> dict[str, Any]:
    """What most consents to data processing say, in the present language; all may be changed."""
    return {
        "valid_until": date(on.year + YEARS, 12, 31),
        "data_list": _(
            "name, IIN, date of birth, trade and grades, time worked, wages, contributions, "
            "deductions"
        ),
        "third_parties": _(
            "tax office, pension fund, social insurance fund, treasury: as the law asks"
        ),
    }


def _printed_terms(operator: Organisation, on: date) -> DataConsentTerms:
    """The terms as they will be signed; nothing is stored by printing."""
    return DataConsentTerms(
        operator=operator,
        operator_name=operator.name,
        operator_bin=operator.bin,
        **usual_terms(on),
    )
