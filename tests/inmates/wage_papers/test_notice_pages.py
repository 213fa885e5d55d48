"""The pages of notices to bailiffs: the list with its clock, one notice, its letter, its acts."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from inmates.models import BailiffNotice, Inmate
from inmates.presenters.bailiff_notices import notice_row
from portal.accounts.enums import Role
from portal.documents.models import IssuedDocument
from portal.kernel import clock
from portal.kernel.models import AuditEvent
from portal.kernel.workdays import ONE_DAY
from tests.inmates.months import IIN, NAME, a_writ, an_identity
from tests.inmates.wage_papers.quarters import (
    SEPTEMBER,
    a_run,
    a_slip,
    closed,
    money,
    read_as,
    text_of,
)
from tests.people import NOW, TODAY, Cast, a_placement, a_user, an_inmate

LIST = reverse("inmates:bailiff_notices")


def a_notice(cast: Cast, number: str = "1648", **fields: Any) -> BailiffNotice:
    inmate = an_inmate(cast, number)
    a_placement(cast, inmate)
    writ = a_writ(
        inmate, f"ИЛ-{number}", share_numerator=1, share_denominator=4, bailiff="ЧСИ Тестов Б.",
        order_number="77/26", ordered_on=date(2026, 1, 15),
    )  # fmt: skip
    today = clock.today()
    values: dict[str, Any] = {
        "inmate": inmate, "writ": writ, "payer": cast.enterprise,
        "institution": cast.institution, "cause": "release", "happened_on": today,
        "due_on": today + timedelta(days=3), "created_at": NOW,
    }  # fmt: skip
    return BailiffNotice.objects.create(**(values | fields))


@pytest.fixture
def notice(cast: Cast) -> BailiffNotice:
    row = a_notice(cast)
    an_identity(row.inmate)
    return row


@pytest.fixture
def reader(client: Client, cast: Cast, notice: BailiffNotice) -> Client:
    return read_as(client, cast.accountant)


def address(notice: BailiffNotice, tail: str = "") -> str:
    return reverse(f"inmates:bailiff_notice{tail}", args=[notice.pk])


# --- The list ---
def test_the_list_shows_whom_what_and_until_when(reader: Client, notice: BailiffNotice) -> None:
    page = reader.get(LIST).content.decode()
    for expected in ("№ 1648", "ИЛ-1648", "ЧСИ Тестов Б.", "Освобожд", "осталось 3 дня"):
        assert expected in page, expected
    assert NAME not in page
    listed = AuditEvent.objects.get(action="bailiff_notices_listed")
    assert listed.details["notices"] == [notice.pk]


def test_the_late_stand_first_and_are_counted(reader: Client, cast: Cast) -> None:
    today = clock.today()
    a_notice(cast, "1700", happened_on=today - 9 * ONE_DAY, due_on=today - 6 * ONE_DAY)
    page = reader.get(LIST).content.decode()
    assert page.index("№ 1700") < page.index("№ 1648")
    assert "1 сообщение просрочено" in page
    assert "просрочено на 6 дней" in page


def test_what_is_settled_stands_apart(reader: Client, notice: BailiffNotice) -> None:
    reader.post(address(notice, "_cancel"), {"reason": "Внесено по ошибке"})
    assert "№ 1648" not in reader.get(LIST).content.decode()
    page = reader.get(LIST, {"state": "settled"}).content.decode()
    assert "№ 1648" in page
    assert "Не нужно" in page


def test_the_head_of_the_payer_sees_it_and_nobody_of_another(
    client: Client, cast: Cast, notice: BailiffNotice
) -> None:
    assert "№ 1648" in read_as(client, cast.head).get(LIST).content.decode()
    stranger = a_user("other@example.kz", cast.entrepreneur, Role.ACCOUNTANT, Role.HEAD)
    read_as(client, stranger)
    assert "№ 1648" not in client.get(LIST).content.decode()
    assert client.get(address(notice)).status_code == 404
    assert client.get(address(notice, "_pdf")).status_code == 404
    assert client.post(address(notice, "_send"), {}).status_code == 404


def test_the_number_of_queries_does_not_grow(reader: Client, cast: Cast) -> None:
    counts = []
    for number in ("1701", "1702"):
        reader.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            reader.get(LIST)
        counts.append(len(queries))
        a_notice(cast, number)
    assert counts[0] == counts[1] <= 10


@pytest.mark.parametrize("query", [{"page": "99"}, {"state": "nonsense"}, {"page": "x"}])
def test_nonsense_in_the_address_is_harmless(reader: Client, query: dict[str, str]) -> None:
    assert reader.get(LIST, query).status_code == 200


# --- One notice and its acts ---
def test_a_notice_offers_what_can_be_done(
    reader: Client, cast: Cast, notice: BailiffNotice
) -> None:
    page = reader.get(address(notice)).content.decode()
    assert address(notice, "_send") in page
    assert address(notice, "_cancel") in page
    assert "алименты, 1/4" in page
    assert cast.accountant.get_full_name() in page
    assert NAME not in page


def test_the_head_reads_why_they_may_not(client: Client, cast: Cast, notice: BailiffNotice) -> None:
    page = read_as(client, cast.head).get(address(notice)).content.decode()
    assert "отправляет только бухгалтер" in page
    assert address(notice, "_send") not in page


def test_it_is_marked_as_sent(reader: Client, cast: Cast, notice: BailiffNotice) -> None:
    today = clock.today()
    response = reader.post(
        address(notice, "_send"), {"sent_on": f"{today:%d.%m.%Y}", "outgoing_number": "12/7"}
    )
    assert response.status_code == 302
    notice.refresh_from_db()
    assert (notice.status, notice.sent_on, notice.sent_by) == ("told", today, cast.accountant)
    page = reader.get(address(notice)).content.decode()
    assert "12/7" in page
    assert address(notice, "_send") not in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"sent_on": "", "outgoing_number": "1"}, "Обязательное поле"),
        ({"sent_on": "01.01.2026", "outgoing_number": "1"}, "Сообщение отправляют в день"),
        ({"sent_on": "31.02.2026", "outgoing_number": "1"}, "31.12.2026"),
    ],
)
def test_a_wrong_mark_stands_on_the_page(
    reader: Client, notice: BailiffNotice, typed: dict[str, str], words: str
) -> None:
    response = reader.post(address(notice, "_send"), typed)
    assert response.status_code == 422
    assert words in response.content.decode()
    notice.refresh_from_db()
    assert notice.status == "waiting"


def test_a_reason_of_dots_is_refused(reader: Client, notice: BailiffNotice) -> None:
    response = reader.post(address(notice, "_cancel"), {"reason": "....."})
    assert response.status_code == 422
    assert "не меньше пяти букв" in response.content.decode()


# --- The letter ---
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", ("Сообщение судебному исполнителю", "должник освобождён", "1/4", "От кого")),
        ("kk", ("Сот орындаушысына хабарлама", "Борышкердің босатылғанын", "1/4", "Кімнен")),
    ],
)
def test_the_letter_tells_the_bailiff(
    reader: Client, notice: BailiffNotice, language: str, words: tuple[str, ...]
) -> None:
    text = text_of(reader.get(address(notice, "_pdf"), {"language": language}).content)
    number = IssuedDocument.objects.get().number
    for expected in (*words, NAME, IIN, "ИЛ-1648", "77/26", "ЧСИ Тестов Б.", number):
        assert expected in text, expected
    look = AuditEvent.objects.get(action="identity_read")
    assert look.details["purpose"] == "bailiff_notice"


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("transfer", "находится в другом учреждении"),
        ("payer", "у нас больше не работает"),
    ],
)
def test_each_cause_has_a_sentence_of_its_own(
    reader: Client, cast: Cast, cause: str, words: str
) -> None:
    notice = a_notice(cast, "1700", cause=cause)
    assert words in text_of(reader.get(address(notice, "_pdf"), {"language": "ru"}).content)


@pytest.mark.parametrize("cause", ["release", "transfer", "payer"])
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", ("по зарплате, утверждённой на", "удерживаем как прежде")),
        ("kk", ("бекітілген жалақы бойынша", "бұрынғыдай ұстаймыз")),
    ],
)
def test_the_letter_says_that_the_last_wages_are_withheld_from_too(
    reader: Client, cast: Cast, cause: str, language: str, words: tuple[str, ...]
) -> None:
    notice = a_notice(cast, "1700", cause=cause)
    text = text_of(reader.get(address(notice, "_pdf"), {"language": language}).content)
    for expected in (*words, f"{clock.today():%d.%m.%Y}"):
        assert expected in text, expected
    for false in ("удержания прекращены", "больше не удерживаем", "ұсталмайды", "тоқтат"):
        assert false not in text.lower()


def test_withheld_by_us_is_what_this_payer_withheld(
    reader: Client, cast: Cast, notice: BailiffNotice
) -> None:
    writ = notice.writ
    type(writ).objects.filter(pk=writ.pk).update(
        kind="claim", queue=5, debt=money("50000.00"), share_numerator=None, share_denominator=None
    )
    for payer, gross, taken in (
        (cast.enterprise, "72000.00", "7000.00"), (cast.entrepreneur, "60000.00", "4000.00"),
    ):  # fmt: skip
        run = a_run(cast, SEPTEMBER, payer=payer)
        slip = a_slip(run, notice.inmate, gross)
        slip.lines.create(
            sequence=2, kind="writ", code="claim", subject=f"writ:{writ.pk}", writ=writ,
            amount=money(taken), explanation="earning.time", arguments={},
        )  # fmt: skip
        closed(cast, run)
    text = text_of(reader.get(address(notice, "_pdf"), {"language": "ru"}).content)
    assert "Удержано нами 7 000,00 ₸" in text
    assert "11 000,00" not in text
    assert "Остаток долга 39 000,00 ₸" in text


def test_the_page_never_names_the_creditor(
    reader: Client, client: Client, cast: Cast, notice: BailiffNotice
) -> None:
    type(notice.writ).objects.update(bailiff="", payee="Тестова Взыскательница")
    for person in (cast.accountant, cast.head):
        client.force_login(person)
        for page in (reverse("inmates:bailiff_notices"), address(notice)):
            assert "Взыскательница" not in client.get(page).content.decode()


def test_a_debt_says_what_is_left(reader: Client, cast: Cast, notice: BailiffNotice) -> None:
    inmate: Inmate = notice.inmate
    writ = a_writ(inmate, "ИЛ-9", kind="claim", queue=5, debt=money("50000.00"))
    row = BailiffNotice.objects.create(
        inmate=inmate, writ=writ, payer=cast.enterprise, institution=cast.institution,
        cause="release", happened_on=TODAY, due_on=TODAY + 3 * ONE_DAY, created_at=NOW,
    )  # fmt: skip
    text = text_of(reader.get(address(row, "_pdf"), {"language": "ru"}).content)
    assert "Остаток долга 50 000,00 ₸" in text


def test_the_letter_printed_again_is_the_same_document(
    reader: Client, notice: BailiffNotice
) -> None:
    for language in ("ru", "kk", "ru"):
        reader.get(address(notice, "_pdf"), {"language": language})
    assert IssuedDocument.objects.count() == 1


# --- The clock in words ---
@pytest.mark.parametrize(
    ("fields", "on", "tone", "words"),
    [
        ({}, TODAY, "warn", "осталось 3 дня"),
        ({}, TODAY + 2 * ONE_DAY, "warn", "остался 1 день"),
        ({}, TODAY + 3 * ONE_DAY, "warn", "последний день"),
        ({}, TODAY + 4 * ONE_DAY, "bad", "просрочено на 1 день"),
        ({}, TODAY + 24 * ONE_DAY, "bad", "просрочено на 21 день"),
    ],
)
def test_the_clock_says_how_it_stands(
    cast: Cast, fields: dict[str, Any], on: date, tone: str, words: str
) -> None:
    notice = a_notice(cast, happened_on=TODAY, due_on=TODAY + 3 * ONE_DAY, **fields)
    with translation.override("ru"):
        row = notice_row(notice, on)
    assert row["tone"] == tone
    assert words in row["clock"]


def test_a_notice_sent_late_says_so(cast: Cast) -> None:
    notice = a_notice(
        cast, happened_on=TODAY - 9 * ONE_DAY, due_on=TODAY - 6 * ONE_DAY, sent_on=TODAY,
        outgoing_number="1", sent_by=cast.accountant, status="told",
    )  # fmt: skip
    with translation.override("ru"):
        row = notice_row(notice, TODAY)
    assert row["tone"] == "warn"
    assert "просрочено на 6 дней" in row["clock"]


def test_a_notice_settled_meanwhile_is_told_in_a_sentence(
    reader: Client, notice: BailiffNotice
) -> None:
    """Two tabs: the first sends, the second sends and cancels."""
    told = {"sent_on": f"{clock.today():%d.%m.%Y}", "outgoing_number": "12"}
    assert reader.post(address(notice, "_send"), told).status_code == 302
    for tail, data in (("_send", told), ("_cancel", {"reason": "Не нужно нам"})):
        answer = reader.post(address(notice, tail), data, follow=True)
        assert answer.redirect_chain[-1][0] == address(notice)
        assert "Это сообщение уже закрыто: Отправлено" in answer.content.decode()
    notice.refresh_from_db()
    assert notice.outgoing_number == "12"
