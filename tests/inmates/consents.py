"""What the tests of consents, places and the queue share: texts, parameters, papers, people."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inmates.models import Consent, Inmate, PlaceOffer
from inmates.services.consent_texts import load_consent_texts
from inmates.services.consents import DataTerms, give_consent, withdraw_consent
from inmates.services.parameters import load_pay_parameters
from inmates.services.places import offer_place
from tests.files import a_pdf
from tests.people import NOW, TODAY, Cast, a_placement, an_inmate
from workshops.models import Post

YESTERDAY = TODAY - timedelta(days=1)
JANUARY = date(2026, 1, 1)


@pytest.fixture
def papers(cast: Cast) -> Cast:
    """The cast with the wordings of consents and the parameters entered."""
    load_consent_texts()
    load_pay_parameters()
    return cast


def signed(cast: Cast, inmate: Inmate, **fields: Any) -> Consent:
    """A consent to work for the entrepreneur, as the labour officer enters it."""
    values = {
        "actor": cast.labour_officer, "inmate_id": inmate.pk, "kind": "private_work",
        "document_number": "С-17", "given_on": JANUARY, "at": NOW, "employer": cast.entrepreneur,
        "language": "ru",
    }  # fmt: skip
    return give_consent(**(values | fields))


def terms_of(cast: Cast, **fields: Any) -> DataTerms:
    values = {
        "operator": cast.colony, "valid_until": date(2029, 12, 31),
        "data_list": "имя, ИИН, отработанное время, оплата", "third_parties": "казначейство",
    }  # fmt: skip
    return DataTerms(**(values | fields))


def to_data(cast: Cast, inmate: Inmate, **fields: Any) -> Consent:
    """A consent to data processing with its elements."""
    values = {
        "kind": "personal_data", "employer": None, "document_number": "ПД-17",
        "terms": terms_of(cast),
    }  # fmt: skip
    return signed(cast, inmate, **(values | fields))


def at_private_work(cast: Cast, number: str = "1648") -> tuple[Inmate, Consent]:
    """Somebody who works for the entrepreneur by consent since January."""
    inmate = an_inmate(cast, number)
    consent = signed(cast, inmate, document_number=f"С-{number}")
    a_placement(cast, inmate, employer=cast.entrepreneur, payer=cast.entrepreneur)
    return inmate, consent


def withdrawn(cast: Cast, number: str = "1648", on: date = YESTERDAY) -> tuple[Inmate, Consent]:
    """Somebody who worked for the entrepreneur and withdrew the consent."""
    inmate, consent = at_private_work(cast, number)
    back = withdraw_consent(actor=cast.labour_officer, consent_id=consent.pk, on=on, at=NOW)
    return inmate, back


def offered(cast: Cast, inmate: Inmate, post: Post | None = None, **fields: Any) -> PlaceOffer:
    values = {
        "actor": cast.labour_officer, "inmate_id": inmate.pk,
        "post_id": (post or cast.joiners).pk, "at": NOW,
    }  # fmt: skip
    return offer_place(**(values | fields))


def a_scan_file(pages: int = 1, name: str = "согласие.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, a_pdf(pages), "application/pdf")
