"""The file of who leaves: who is on the list for whom, its steps, its papers."""

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmates.models import CustodyStay, Inmate, LeavingStep, PlannedRelease
from inmates.papers.enums import LeavingStepCode
from inmates.papers.refusals import ReasonNeeded, StepsBefore
from inmates.selectors.leaving import leaving, steps_of
from inmates.services.leaving_file import settle_step
from inmates.services.work_papers import issue_skill_passport, issue_work_certificate
from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.documents.models import IssuedDocument
from portal.kernel import clock
from portal.kernel.errors import Forbidden
from portal.kernel.models import AuditEvent, StateChange
from portal.kernel.states import MoveRefused
from tests.inmates.desk import a_second_colony, transferred
from tests.inmates.months import (
    IIN,
    NAME,
    OCTOBER,
    a_writ,
    an_identity,
    attended,
    days_of,
    made,
)
from tests.inmates.wage_papers.quarters import read_as, text_of
from tests.people import (
    LONG_AGO,
    NOW,
    Cast,
    a_consent,
    a_placement,
    a_user,
    a_work_order,
    an_inmate,
)

LIST = reverse("inmates:leaving")
STEPS = [code.value for code in LeavingStepCode]


def expected_to_leave(inmate: Inmate, on: date) -> PlannedRelease:
    return PlannedRelease.objects.create(
        inmate=inmate, release_on=on, basis="приговор", effective_from=LONG_AGO
    )


def somebody_leaving(
    cast: Cast, number: str = "1648", days: int = 30, payer: Organisation | None = None
) -> Inmate:
    """Held here, works for the enterprise, expected to leave in so many days."""
    inmate = an_inmate(cast, number)
    employer = payer or cast.enterprise
    if payer is not None:
        a_consent(inmate, payer)
    a_placement(cast, inmate, employer=employer, payer=employer)
    expected_to_leave(inmate, clock.today() + timedelta(days=days))
    return inmate


@pytest.fixture
def inmate(cast: Cast) -> Inmate:
    return somebody_leaving(cast)


def stay_of(inmate: Inmate) -> CustodyStay:
    return inmate.stays.get(effective_to=None)


def on_the_list(user: Any) -> list[str]:
    return [one.inmate.personnel_number for one in leaving(user, clock.today())]


def settled(cast: Cast, inmate: Inmate, code: str, act: str = "finish", **fields: Any) -> Any:
    who = cast.accountant if code in STEPS[:3] else cast.labour_officer
    values = {"actor": who, "stay_id": stay_of(inmate).pk, "code": code, "act": act, "at": NOW}
    return settle_step(**(values | fields))


def file_of(number: str = "1648", tail: str = "_file", *more: str) -> str:
    return reverse(f"inmates:leaving{tail}", args=[number, *more])


# --- Who is on the list, and for whom ---
def test_the_nearest_stand_first(cast: Cast) -> None:
    for number, days in (("1650", 80), ("1648", 5), ("1649", 30), ("1651", 120), ("1652", -2)):
        somebody_leaving(cast, number, days)
    assert on_the_list(cast.labour_officer) == ["1652", "1648", "1649", "1650"]


@pytest.mark.parametrize("who", ["labour_officer", "accountant", "head"])
def test_officers_and_those_who_pay_see_them(cast: Cast, inmate: Inmate, who: str) -> None:
    assert on_the_list(cast.users[who]) == ["1648"]


@pytest.mark.parametrize("who", ["master", "analyst", "administrator", "operator", "stranger"])
def test_others_see_nobody(cast: Cast, inmate: Inmate, who: str) -> None:
    assert on_the_list(cast.users[who]) == []


def test_a_private_payer_learns_of_no_release(cast: Cast, client: Client) -> None:
    somebody_leaving(cast, payer=cast.entrepreneur)
    private = a_user("private@example.kz", cast.entrepreneur, Role.ACCOUNTANT, Role.HEAD)
    assert on_the_list(private) == []
    assert read_as(client, private).get(file_of()).status_code == 404
    assert on_the_list(cast.labour_officer) == ["1648"]


def test_who_was_transferred_is_prepared_at_the_new_place(cast: Cast, inmate: Inmate) -> None:
    there = a_second_colony(cast)
    settled(cast, inmate, "work_certificate")
    transferred(cast, inmate, there)
    assert on_the_list(cast.labour_officer) == []
    assert on_the_list(cast.users["other_officer"]) == ["1648"]
    assert not stay_of(inmate).leaving_steps.exists()


def test_an_expectation_that_was_changed_counts_as_it_is_now(cast: Cast, inmate: Inmate) -> None:
    today = clock.today()
    PlannedRelease.objects.update(effective_to=today)
    expected_later = PlannedRelease.objects.create(
        inmate=inmate, release_on=today + timedelta(days=400), basis="постановление",
        effective_from=today,
    )  # fmt: skip
    assert on_the_list(cast.labour_officer) == []
    expected_later.delete()


def test_the_list_knows_writs_and_steps(cast: Cast, client: Client, inmate: Inmate) -> None:
    a_writ(inmate, "ИЛ-1", share_numerator=1, share_denominator=4)
    settled(cast, inmate, "settlement")
    settled(cast, inmate, "skill_passport", "leave_out", note="нет разряда")
    page = read_as(client, cast.labour_officer).get(LIST).content.decode()
    assert "2 из 6" in page
    assert "через 30 дней" in page
    assert "№ 1648" in page


def test_the_number_of_queries_does_not_grow(cast: Cast, client: Client) -> None:
    read_as(client, cast.labour_officer)
    counts = []
    for number in ("1648", "1649", "1650"):
        settled(cast, somebody_leaving(cast, number), "settlement")
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[2] <= 8


# --- Steps ---
def test_a_step_is_done_with_who_and_when(cast: Cast, inmate: Inmate) -> None:
    step = settled(cast, inmate, "settlement", note="сверено")
    assert (step.status, step.note, step.changed_by) == ("done", "сверено", cast.accountant)
    moves = StateChange.objects.filter(
        subject_type="inmates.leavingstep", subject_id=step.pk
    ).order_by("pk")
    assert [one.action for one in moves] == ["begin", "finish"]
    event = AuditEvent.objects.get(action="leaving_step_settled")
    assert (event.details["step"], event.details["act"]) == ("settlement", "finish")


def test_every_step_is_listed_in_its_order(cast: Cast, inmate: Inmate) -> None:
    settled(cast, inmate, "writs")
    found = steps_of(stay_of(inmate).leaving_steps.all())
    assert [str(one.code) for one in found] == STEPS
    assert [one.is_open for one in found] == [True, False, True, True, True, True]


@pytest.mark.parametrize("act", ["leave_out", "reopen"])
def test_a_reason_is_asked_where_something_is_left_out_or_taken_back(
    cast: Cast, inmate: Inmate, act: str
) -> None:
    if act == "reopen":
        settled(cast, inmate, "settlement")
    with pytest.raises(ReasonNeeded):
        settled(cast, inmate, "settlement", act, note="---")
    settled(cast, inmate, "settlement", act, note="Пересчитать отпуск")


def test_twice_is_refused(cast: Cast, inmate: Inmate) -> None:
    settled(cast, inmate, "settlement")
    with pytest.raises(MoveRefused):
        settled(cast, inmate, "settlement")


def test_an_open_step_is_not_opened_again(cast: Cast, inmate: Inmate) -> None:
    with pytest.raises(MoveRefused):
        settled(cast, inmate, "settlement", "reopen", note="Пересчитать отпуск")
    assert not LeavingStep.objects.exists()


def test_papers_are_handed_over_when_all_before_is_settled(cast: Cast, inmate: Inmate) -> None:
    for code in STEPS[:4]:
        settled(cast, inmate, code)
    with pytest.raises(StepsBefore, match="Паспорт навыков"):
        settled(cast, inmate, "handed_over")
    settled(cast, inmate, "skill_passport", "leave_out", note="не работал по профессии")
    assert settled(cast, inmate, "handed_over").status == "done"


@pytest.mark.parametrize("code", STEPS)
def test_each_step_has_its_owner(cast: Cast, inmate: Inmate, code: str) -> None:
    is_of_wages = code in STEPS[:3]
    strangers = ["labour_officer"] if is_of_wages else ["accountant"]
    for who in [*strangers, "head", "master", "administrator", "stranger"]:
        with pytest.raises(Forbidden):
            settled(cast, inmate, code, actor=cast.users[who])
    assert not LeavingStep.objects.exists()


def test_whom_nobody_else_pays_the_officer_settles(cast: Cast) -> None:
    """A private payer is not told of a release: the wages' steps are the officer's then."""
    inmate = somebody_leaving(cast, payer=cast.entrepreneur)
    step = settled(cast, inmate, "settlement", actor=cast.labour_officer)
    assert step.status == "done"


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"code": "party"}, "leavingstep_code_known"),
        ({"status": "half"}, "leavingstep_status_known"),
        ({"status": "not_needed"}, "leavingstep_left_out_with_reason"),
    ],
)
def test_the_database_refuses(
    cast: Cast, inmate: Inmate, fields: dict[str, str], constraint: str
) -> None:
    values = {"code": "writs", "status": "open"} | fields
    with pytest.raises(IntegrityError, match=constraint):
        LeavingStep.objects.create(
            stay=stay_of(inmate), changed_by=cast.accountant, changed_at=NOW, **values
        )


# --- The page ---
def test_the_officer_sees_steps_and_no_sums(cast: Cast, client: Client, inmate: Inmate) -> None:
    page = read_as(client, cast.labour_officer).get(file_of()).content.decode()
    for expected in ("Справка о работе", "Паспорт навыков", "Расчёт по зарплате и отпуску"):
        assert expected in page, expected
    assert "Ожидается на счёт" not in page
    assert "закрывает только бухгалтер" in page
    assert not AuditEvent.objects.filter(action="settlement_forecast").exists()


def test_the_accountant_sees_the_forecast_and_it_is_on_record(pay: Cast, client: Client) -> None:
    inmate = somebody_leaving(pay)
    a_writ(inmate, "ИЛ-1", kind="claim", queue=5, debt=50000)
    page = read_as(client, pay.accountant).get(file_of()).content.decode()
    for expected in (
        "Ожидается на счёт",
        "Компенсация за неиспользованный отпуск",
        "№ ИЛ-1",
        "действует 1",
    ):
        assert expected in page, expected
    assert NAME not in page
    assert AuditEvent.objects.filter(action="settlement_forecast").exists()


def test_a_step_is_settled_on_the_page(cast: Cast, client: Client, inmate: Inmate) -> None:
    read_as(client, cast.accountant)
    address = file_of("1648", "_step", "settlement")
    assert client.post(address, {"act": "finish", "note": "сверено"}).status_code == 302
    assert LeavingStep.objects.get().note == "сверено"
    refused = client.post(address, {"act": "finish"})
    assert refused.status_code == 422
    assert "Сделано" in refused.content.decode()


@pytest.mark.parametrize(("note", "act"), [("нет", "leave_out"), ("я" * 201, "finish")])
def test_what_was_typed_stays_with_its_step(
    cast: Cast, client: Client, inmate: Inmate, note: str, act: str
) -> None:
    read_as(client, cast.accountant)
    address = file_of("1648", "_step", "settlement")
    refused = client.post(address, {"act": act, "note": note})
    assert refused.status_code == 422
    assert refused.content.decode().count(f'name="note" value="{note}"') == 1


@pytest.mark.parametrize(
    ("code", "act", "status"),
    [
        ("settlement", "dance", 404),
        ("party", "finish", 404),
        ("work_certificate", "finish", 403),
        ("settlement", "leave_out", 422),
    ],
)
def test_what_the_page_refuses(
    cast: Cast, client: Client, inmate: Inmate, code: str, act: str, status: int
) -> None:
    read_as(client, cast.accountant)
    assert client.post(file_of("1648", "_step", code), {"act": act}).status_code == status
    assert not LeavingStep.objects.exists()


def test_a_note_without_end_is_refused(cast: Cast, client: Client, inmate: Inmate) -> None:
    read_as(client, cast.accountant)
    answer = client.post(
        file_of("1648", "_step", "settlement"), {"act": "finish", "note": "я" * 201}
    )
    assert answer.status_code == 422


def test_whoever_does_not_leave_has_no_file(cast: Cast, client: Client) -> None:
    a_placement(cast, an_inmate(cast, "1700"))
    assert read_as(client, cast.labour_officer).get(file_of("1700")).status_code == 404


# --- The papers ---
@pytest.fixture
def skilled(pay: Cast) -> Inmate:
    """Days, output and a grade: what the papers of work tell."""
    inmate = somebody_leaving(pay)
    an_identity(inmate)
    placement = inmate.placements.get()
    attended(placement, days_of(OCTOBER, 12))
    order = a_work_order(pay)
    made(placement, order.operations.get(operation=pay.cutting), days_of(OCTOBER, 1)[0], 7)
    inmate.qualifications.create(
        trade=pay.trade, grade=3, document="Свидетельство № 5", awarded_on=LONG_AGO,
        recorded_by=pay.labour_officer, recorded_at=NOW,
    )  # fmt: skip
    return inmate


def paper(client: Client, code: str, language: str = "ru") -> Any:
    return client.get(file_of("1648", "_paper", code), {"language": language})


@pytest.mark.parametrize(
    ("code", "language", "words"),
    [
        ("work-certificate", "ru", ("Справка о работе", "Столяр", "12", "96", "01.01.2026")),
        ("work-certificate", "kk", ("Жұмыс туралы анықтама", "Ағаш ұстасы", "12", "96")),
        ("skill-passport", "ru", ("Паспорт навыков", "Свидетельство № 5", "аскрой", "7")),
        ("skill-passport", "kk", ("Дағдылар паспорты", "Ағаш ұстасы", "Свидетельство № 5")),
    ],
)
def test_the_papers_of_work(
    pay: Cast, client: Client, skilled: Inmate, code: str, language: str, words: tuple[str, ...]
) -> None:
    read_as(client, pay.labour_officer)
    text = text_of(paper(client, code, language).content)
    number = IssuedDocument.objects.get().number
    for expected in (*words, NAME, IIN, number):
        assert expected in text, expected


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", ("Расчёт при освобождении: прогноз", "Ожидается на счёт", "Исполнительные")),
        ("kk", ("Босату кезіндегі есеп айырысу: болжам", "Шотқа күтілетіні", "Атқару")),
    ],
)
def test_the_settlement_on_paper(
    pay: Cast, client: Client, skilled: Inmate, language: str, words: tuple[str, ...]
) -> None:
    a_writ(skilled, "ИЛ-1", kind="claim", queue=5, debt=50000)
    read_as(client, pay.accountant)
    text = text_of(paper(client, "settlement", language).content)
    for expected in (*words, NAME, "ИЛ-1", "50 000,00"):
        assert expected in text, expected
    assert not IssuedDocument.objects.exists()


def test_the_same_work_is_the_same_certificate(pay: Cast, skilled: Inmate) -> None:
    act = {"actor": pay.labour_officer, "stay_id": stay_of(skilled).pk, "at": NOW}
    first, second = issue_work_certificate(**act), issue_work_certificate(**act)
    assert first == second
    passport = issue_skill_passport(**act)
    attended(skilled.placements.get(), [date(2026, 11, 2)])
    third = issue_work_certificate(**act)
    first.refresh_from_db()
    assert (first.status, third.status) == ("superseded", "valid")
    assert issue_skill_passport(**act) == passport


@pytest.mark.parametrize(
    ("who", "code", "status"),
    [
        ("accountant", "work-certificate", 404),
        ("accountant", "settlement", 200),
        ("labour_officer", "settlement", 404),
        ("labour_officer", "skill-passport", 200),
        ("labour_officer", "passport-of-a-stranger", 404),
        ("head", "settlement", 403),
    ],
)
def test_each_paper_has_its_reader(
    pay: Cast, client: Client, skilled: Inmate, who: str, code: str, status: int
) -> None:
    read_as(client, pay.users[who])
    assert paper(client, code).status_code == status
    read = AuditEvent.objects.filter(action="identity_read").exists()
    assert read == (status == 200)


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("labour_officer", ["work-certificate-1648-kk.pdf", "skill-passport-1648-kk.pdf"]),
        ("accountant", ["settlement-1648-kk.pdf"]),
    ],
)
def test_all_papers_in_one_archive(
    pay: Cast, client: Client, skilled: Inmate, who: str, names: list[str]
) -> None:
    read_as(client, pay.users[who])
    answer = client.get(file_of("1648", "_papers"), {"language": "kk"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == names
        assert all(archive.read(name).startswith(b"%PDF") for name in names)
    printed = AuditEvent.objects.get(action="leaving_papers_printed")
    assert (len(printed.details["papers"]), printed.details["language"]) == (len(names), "kk")


def test_whoever_never_worked_has_empty_papers(cast: Cast, client: Client) -> None:
    inmate = an_inmate(cast)
    expected_to_leave(inmate, clock.today())
    read_as(client, cast.labour_officer)
    assert "Рабочих дней не внесено" in text_of(paper(client, "work-certificate").content)
    assert "Разрядов не внесено" in text_of(paper(client, "skill-passport").content)
