"""The labour officer's pages of consents and places: works, refused, elsewhere, nobody."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from inmates.models import Consent, ConsentScan, LabourState, Placement, PlaceOffer, QueueOverride
from inmates.presenters.consents import clock_words
from portal.kernel import clock
from portal.kernel.models import AuditEvent
from tests.inmates.consents import (
    a_scan_file,
    at_private_work,
    offered,
    signed,
    to_data,
    withdrawn,
)
from tests.inmates.months import IIN, NAME, an_identity
from tests.inmates.second_place import second_place
from tests.people import NOW, TODAY, Cast, a_placement, a_user, an_inmate
from workshops.models import WorkshopOperator


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with translation.override("en"):
        yield


@pytest.fixture
def officer(client: Client, papers: Cast) -> Client:
    client.cookies["django_language"] = "en"
    client.force_login(papers.labour_officer)
    return client


@pytest.fixture
def private_workshop(papers: Cast) -> None:
    """The entrepreneur runs the workshop now."""
    WorkshopOperator.objects.filter(workshop=papers.workshop).update(operator=papers.entrepreneur)


def page(name: str, *args: Any) -> str:
    return reverse(f"inmates:{name}", args=args)


def work_form(cast: Cast, **fields: Any) -> dict[str, Any]:
    values = {
        "employer": cast.entrepreneur.pk, "document_number": "С-21", "given_on": "01.11.2026",
        "language": "kk",
    }  # fmt: skip
    return values | fields


def data_form(cast: Cast, **fields: Any) -> dict[str, Any]:
    values = {
        "document_number": "ПД-21", "given_on": "01.11.2026", "language": "ru",
        "operator": cast.colony.pk, "valid_until": "31.12.2029", "data_list": "имя, ИИН",
    }  # fmt: skip
    return values | fields


# --- the page of a person ---------------------------------------------------------------------
def test_the_page_shows_both_kinds_apart(officer: Client, papers: Cast) -> None:
    inmate, _work = at_private_work(papers)
    to_data(papers, inmate)
    answer = officer.get(page("person_consents", "1648"))
    groups = answer.context["groups"]
    assert [[row["consent"].document_number for row in group["rows"]] for group in groups] == [
        ["С-1648"], ["ПД-17"]
    ]  # fmt: skip
    assert b"In force" in answer.content
    elements = [fact["label"] for fact in groups[1]["rows"][0]["terms"]]
    assert len(elements) == 7, "the eighth, whose data it is, is the page itself"


def test_the_page_names_nobody(officer: Client, papers: Cast) -> None:
    inmate, _consent = withdrawn(papers)
    an_identity(inmate)
    answer = officer.get(page("person_consents", "1648")).content.decode()
    assert NAME not in answer
    assert IIN not in answer


def test_the_page_asks_as_often_for_three_consents_as_for_one(
    officer: Client, papers: Cast, django_assert_max_num_queries: Any
) -> None:
    inmate, _consent = withdrawn(papers)
    to_data(papers, inmate)
    for number in range(3):
        signed(papers, inmate, given_on=TODAY, document_number=f"С-9{number}") if not number else 0
        with django_assert_max_num_queries(16):
            officer.get(page("person_consents", "1648"))
        offered(papers, inmate) if not number else 0


def test_somebody_held_elsewhere_is_not_there(client: Client, papers: Cast) -> None:
    institution, _post = second_place(papers)
    client.force_login(a_user("o22@example.kz", institution.organisation, "labour_officer"))
    _inmate, consent = at_private_work(papers)
    for address in (
        page("person_consents", "1648"),
        page("consent_new", "1648", "work"),
        page("consent_withdraw", "1648", consent.pk),
        page("consent_scan_add", "1648", consent.pk),
        page("consent_paper", "1648", "data", "ru"),
        page("place_offer", "1648"),
        page("place_queue", papers.joiners.pk),
        page("place_give", papers.joiners.pk, "1648"),
    ):
        assert client.get(address).status_code == 404, address


# --- entering ---------------------------------------------------------------------------------
@pytest.mark.usefixtures("private_workshop")
def test_a_consent_is_entered_with_its_scan(officer: Client, papers: Cast) -> None:
    an_inmate(papers)
    answer = officer.post(
        page("consent_new", "1648", "work"), work_form(papers, scan=a_scan_file()), follow=True
    )
    assert answer.redirect_chain[-1][0] == page("person_consents", "1648")
    consent = Consent.objects.get()
    assert (consent.employer, consent.language, consent.text.version) == (
        papers.entrepreneur, "kk", 1
    )  # fmt: skip
    assert ConsentScan.objects.get().consent == consent


@pytest.mark.usefixtures("private_workshop")
def test_a_refused_scan_leaves_the_consent_and_asks_again(officer: Client, papers: Cast) -> None:
    an_inmate(papers)
    file = a_scan_file(name="a.pdf")
    file.file.seek(0)
    file.file.write(b"plain text that is no document")
    file.file.seek(0)
    answer = officer.post(page("consent_new", "1648", "work"), work_form(papers, scan=file))
    consent = Consent.objects.get()
    assert answer["Location"] == page("consent_scan_add", "1648", consent.pk)
    assert not ConsentScan.objects.exists()


@pytest.mark.usefixtures("private_workshop")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"given_on": "23.11.2026"}, "given_on"),
        ({"given_on": "31.02.2026"}, "given_on"),
        ({"document_number": ""}, "document_number"),
        ({"employer": "0"}, "employer"),
        ({"language": "en"}, "language"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    officer: Client, papers: Cast, changes: dict, field: str
) -> None:
    an_inmate(papers)
    answer = officer.post(page("consent_new", "1648", "work"), work_form(papers, **changes))
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not Consent.objects.exists()


def test_the_state_enterprise_is_not_offered_as_private(officer: Client, papers: Cast) -> None:
    an_inmate(papers)
    form = officer.get(page("consent_new", "1648", "work")).context["form"]
    assert not form.fields["employer"].queryset.exists()


def test_a_consent_to_data_is_entered_with_its_elements(officer: Client, papers: Cast) -> None:
    an_inmate(papers)
    officer.post(page("consent_new", "1648", "data"), data_form(papers, cross_border=""))
    terms = Consent.objects.get(kind="personal_data").terms
    assert (terms.operator_bin, terms.data_list) == (papers.colony.bin, "имя, ИИН")
    assert terms.valid_until == date(2029, 12, 31)


def test_a_term_before_the_signature_is_told(officer: Client, papers: Cast) -> None:
    an_inmate(papers)
    answer = officer.post(
        page("consent_new", "1648", "data"), data_form(papers, valid_until="01.01.2026")
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors["valid_until"]


def test_a_second_consent_is_told_in_the_form(officer: Client, papers: Cast) -> None:
    to_data(papers, an_inmate(papers))
    answer = officer.post(page("consent_new", "1648", "data"), data_form(papers))
    assert answer.status_code == 422
    assert "ПД-17" in answer.content.decode()


def test_there_is_no_third_kind(officer: Client, papers: Cast) -> None:
    an_inmate(papers)
    assert officer.get(page("consent_new", "1648", "other")).status_code == 404
    assert officer.get(page("consent_paper", "1648", "other", "ru")).status_code == 404
    assert officer.get(page("consent_paper", "1648", "data", "en")).status_code == 404


# --- withdrawing ------------------------------------------------------------------------------
def test_a_withdrawal_asks_for_a_day_and_nothing_about_why(officer: Client, papers: Cast) -> None:
    _inmate, consent = at_private_work(papers)
    address = page("consent_withdraw", "1648", consent.pk)
    form = officer.get(address).context["form"]
    assert list(form.fields) == ["withdrawn_on"]
    answer = officer.post(address, {"withdrawn_on": "22.11.2026"}, follow=True)
    assert Placement.objects.get().effective_to == TODAY
    assert "Another place is owed" in answer.content.decode()
    assert LabourState.objects.get().reason is None


def test_a_withdrawal_twice_is_told(officer: Client, papers: Cast) -> None:
    _inmate, consent = withdrawn(papers)
    answer = officer.post(
        page("consent_withdraw", "1648", consent.pk), {"withdrawn_on": "22.11.2026"}
    )
    assert answer.status_code == 422
    assert "withdrawn already on 21" in answer.content.decode()


# --- scans ------------------------------------------------------------------------------------
def test_a_scan_is_added_and_taken_as_a_file(officer: Client, papers: Cast) -> None:
    inmate, consent = at_private_work(papers)
    officer.post(page("consent_scan_add", "1648", consent.pk), {"scan": a_scan_file()})
    scan = ConsentScan.objects.get()
    answer = officer.get(page("consent_scan", scan.pk))
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    assert AuditEvent.objects.get(action="identity_read").subject_id == inmate.pk


def test_a_head_sees_neither_consents_nor_scans(client: Client, papers: Cast) -> None:
    """The page is the officer's; the head has the queue."""
    at_private_work(papers)
    client.force_login(a_user("head16@example.kz", papers.colony, "head"))
    assert client.get(page("person_consents", "1648")).status_code == 403
    assert client.get(page("places")).status_code == 200


# --- paper ------------------------------------------------------------------------------------
@pytest.mark.usefixtures("private_workshop")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", ["соглашаюсь работать", "не записываются как отказ"]),
        ("kk", ["жұмыс істеуге", "кері қайтарып"]),
    ],
)
def test_the_paper_of_private_work_names_employer_and_person(
    officer: Client, papers: Cast, language: str, words: list[str]
) -> None:
    an_identity(an_inmate(papers))
    address = page("consent_paper", "1648", "work", language)
    answer = officer.get(f"{address}?employer={papers.entrepreneur.bin}")
    text = text_of(answer.content)
    for word in (NAME, IIN, papers.entrepreneur.bin, *words):
        assert word in text, word
    event = AuditEvent.objects.get(action="identity_read")
    assert event.details["purpose"] == "consent_paper"


@pytest.mark.parametrize(("language", "word"), [("ru", "персональных данных"), ("kk", "дербес")])
def test_the_paper_of_data_says_the_elements(
    officer: Client, papers: Cast, language: str, word: str
) -> None:
    an_identity(an_inmate(papers))
    text = text_of(officer.get(page("consent_paper", "1648", "data", language)).content)
    for part in (NAME, papers.colony.bin, "31.12.2029", word):
        assert part in text, part


def test_a_paper_for_a_stranger_employer_is_not_there(officer: Client, papers: Cast) -> None:
    an_inmate(papers)
    address = page("consent_paper", "1648", "work", "ru")
    assert officer.get(f"{address}?employer={papers.enterprise.bin}").status_code == 404
    assert officer.get(address).status_code == 404


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


# --- places -----------------------------------------------------------------------------------
def test_the_desk_shows_who_is_owed_a_place_with_the_clock(officer: Client, papers: Cast) -> None:
    inmate, _consent = withdrawn(papers)
    (row,) = officer.get(page("places")).context["owed"]
    assert (row["number"], row["is_offered"], row["tone"]) == ("1648", False, "warn")
    assert row["words"].startswith("3 working days left")
    offered(papers, inmate, after_id=_consent.pk)
    (row,) = officer.get(page("places")).context["owed"]
    assert row["is_offered"]
    assert "no answer yet" in row["words"]


@pytest.mark.parametrize(
    ("due", "tone", "words"),
    [
        (date(2026, 11, 23), "warn", "1 working days left"),
        (date(2026, 11, 22), "warn", "0 working days left"),
        (date(2026, 11, 18), "bad", "late by 2 working days"),
    ],
)
def test_the_clock_counts_working_days(due: date, tone: str, words: str) -> None:
    assert clock_words(due, TODAY)[0] == tone
    assert clock_words(due, TODAY)[1].startswith(words)


def test_a_place_is_offered_for_the_one_that_was_lost(officer: Client, papers: Cast) -> None:
    _inmate, consent = withdrawn(papers)
    officer.post(page("place_offer", "1648"), {"post": papers.joiners.pk})
    offer = PlaceOffer.objects.get()
    assert offer.after == consent
    for action in ("decline",):
        answer = officer.post(page("offer_answer", "1648", offer.pk), {"action": action})
        assert answer["Location"] == page("person_consents", "1648")
    offer.refresh_from_db()
    assert offer.answer == "declined"
    assert officer.post(page("offer_answer", "1648", offer.pk), {"action": "x"}).status_code == 404


def test_an_offer_that_waits_is_told_in_the_form(officer: Client, papers: Cast) -> None:
    offered(papers, an_inmate(papers))
    answer = officer.post(page("place_offer", "1648"), {"post": papers.joiners.pk})
    assert answer.status_code == 422
    assert "offered to this person already" in answer.content.decode()


def test_the_queue_shows_every_input_and_its_points(officer: Client, papers: Cast) -> None:
    first = an_inmate(papers, "1")
    a_placement(papers, first, effective_to=TODAY - timedelta(days=100))
    answer = officer.get(page("place_queue", papers.joiners.pk))
    (row,) = answer.context["rows"]
    assert [one["points"] for one in row["inputs"]] == ["25,00", "15,00", "0,00", "0,00", "0,00"]
    assert [one["what"] for one in row["inputs"]] == ["100 days", "yes", "no", "not known", "no"]
    assert row["total"] == "40,00"
    heads = answer.context["heads"]
    assert [one["label"] for one in row["inputs"]] == [one["name"] for one in heads]
    # On a phone each row is a card, and each figure says what it is.
    for label in ("Place", "Points", *(one["name"] for one in heads)):
        assert f'data-label="{label}"' in answer.content.decode()


def place_form(cast: Cast, **fields: Any) -> dict[str, Any]:
    values = {
        "employer": cast.enterprise.pk, "pay_form": "time", "effective_from": "23.11.2026",
        "basis": "договор № 9",
    }  # fmt: skip
    return values | fields


def test_the_first_is_given_the_place_without_a_reason(officer: Client, papers: Cast) -> None:
    an_inmate(papers, "1")
    address = page("place_give", papers.joiners.pk, "1")
    assert "reason" not in officer.get(address).context["form"].fields
    assert officer.post(address, place_form(papers)).status_code == 302
    assert Placement.objects.get().effective_from == date(2026, 11, 23)


def test_another_is_given_it_with_a_written_reason_that_is_kept(
    officer: Client, papers: Cast
) -> None:
    an_inmate(papers, "1")
    an_inmate(papers, "2")
    address = page("place_give", papers.joiners.pk, "2")
    for reason in ("", "1234567"):
        assert officer.post(address, place_form(papers, reason=reason)).status_code == 422
    assert not Placement.objects.exists()
    officer.post(address, place_form(papers, reason="Нужен сварщик на срочный заказ"))
    assert Placement.objects.get().inmate.personnel_number == "2"
    assert QueueOverride.objects.get().place_in_queue == 2
    (row,) = officer.get(page("places")).context["overrides"]
    assert (row["number"], row["place"]) == ("2", 2)


def test_the_page_of_places_asks_as_often_for_three_posts_as_for_one(
    officer: Client, papers: Cast
) -> None:
    an_inmate(papers)
    officer.get(page("places"))
    with CaptureQueriesContext(connection) as one:
        officer.get(page("places"))
    for name in ("Маляр", "Сварщик"):
        papers.joiners.pk = None
        papers.joiners.name_ru = name
        papers.joiners.save()
    with CaptureQueriesContext(connection) as three:
        officer.get(page("places"))
    assert len(three) == len(one) <= 12
