"""The directory of reasons: shipped once, written once, retired by date, offered by date."""

import re
import uuid
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inmates.models import Attendance, Reason
from inmates.refusals import LetterOfMark, LetterUnknown, ReasonRetired, ReasonStillUsed
from inmates.selectors.reasons import reasons_by_code
from inmates.selectors.shift import attendance_reasons
from inmates.services.attendance import AttendedDay
from inmates.services.reasons import NewReason, add_reason, load_reasons, retire_reason
from inmates.shifts import is_letter_code
from inmates.shipped_reasons import FLAGS, GROUPS, read_shipped_reasons
from portal.kernel.errors import ConstraintRefused, Forbidden, readable_refusals
from portal.kernel.models import AuditEvent
from tests.inmates.shifts import FRIDAY, NOON, THURSDAY, Floor, text
from tests.people import Cast, a_consent, a_placement, a_reason, an_inmate

SATURDAY = FRIDAY + timedelta(days=1)


def a_new(**fields: Any) -> NewReason:
    values: dict[str, Any] = {
        "group": "attendance",
        "letter": "Х",
        "names": {"ru": "Хозработы", "kk": "Шаруашылық жұмыс", "en": "Household work"},
        "source": "Приказ № 5",
        "offered_from": FRIDAY,
    }
    return NewReason(**(values | fields))


def added(cast: Cast, at: Any = NOON, **fields: Any) -> Reason:
    return add_reason(actor=cast.administrator, reason=a_new(**fields), at=at)


# --- what is shipped --------------------------------------------------------------------------
def test_the_shipped_letters_are_those_of_the_form_and_the_colony() -> None:
    rows = read_shipped_reasons()
    assert {row["group"] for row in rows} == set(GROUPS)
    letters = {row["letter"]: row["code"] for row in rows if row["letter"]}
    form = {"Б": "sick", "О": "leave", "Р": "maternity-leave", "А": "unpaid-leave",
            "Г": "state-duty", "П": "absent-without-reason", "Я": "present", "В": "day-off",
            "Н": "night", "Ф": "hours", "С/Ч": "overtime", "РП": "holiday-work"}  # fmt: skip
    assert form.items() <= letters.items()


def test_no_shipped_letter_stands_for_two_things() -> None:
    """Marks and reasons stand in the same cells of the timesheet."""
    letters = [row["letter"] for row in read_shipped_reasons() if row["letter"]]
    assert len(letters) == len(set(letters))
    assert all(is_letter_code(letter) for letter in letters)


def test_every_shipped_row_is_whole() -> None:
    rows = read_shipped_reasons()
    assert len({row["code"] for row in rows}) == len(rows)
    for row in rows:
        assert row["source"]
        assert all(row[f"name_{language}"].strip() for language in ("ru", "kk", "en"))
        assert {row[flag] for flag in FLAGS} <= {True, False}
        assert bool(row["letter"]) == (row["group"] in ("attendance", "mark"))
        assert not row["is_refusal"] or row["group"] == "attendance"
        is_paid_absence = row["is_paid"] and not row["is_worked"] and row["group"] == "attendance"
        assert bool(row["pay_kind"]) == is_paid_absence
    names = [row["name_kk"] for row in rows if row["group"] == "attendance"]
    assert len(set(names)) == len(names)


def test_the_directory_is_loaded_once(db: None) -> None:
    shipped = len(read_shipped_reasons())
    assert load_reasons().entered == shipped
    assert load_reasons().entered == 0
    assert Reason.objects.count() == shipped


def test_what_an_administrator_decided_stays(db: None) -> None:
    load_reasons()
    Reason.objects.filter(code="sick").update(name_ru="Больничный", retired_on=SATURDAY)
    assert load_reasons().entered == 0
    sick = Reason.objects.get(code="sick")
    assert (sick.name_ru, sick.retired_on) == ("Больничный", SATURDAY)


def test_a_letter_that_is_taken_leaves_its_row_out(db: None) -> None:
    a_reason("idle", letter="П", name_ru="Простой")
    loaded = load_reasons()
    assert loaded.left_out == ("absent-without-reason",)
    assert loaded.entered == len(read_shipped_reasons()) - 1


def test_the_command_says_what_it_did(db: None) -> None:
    a_reason("idle", letter="П", name_ru="Простой")
    out = StringIO()
    call_command("load_reasons", stdout=out)
    shipped = len(read_shipped_reasons())
    assert out.getvalue().splitlines() == [
        f"{shipped - 1} reasons entered",
        "left out, their letters stand for other reasons: absent-without-reason",
    ]
    out = StringIO()
    call_command("load_reasons", stdout=out)
    assert out.getvalue().startswith("0 reasons entered")


# --- what the database guards -----------------------------------------------------------------
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "ill"), ("group", "not_working"), ("letter", "Ж"), ("is_paid", True),
        ("is_worked", True), ("counts_as_available", True), ("needs_text", True),
        ("is_lasting", False), ("is_refusal", True), ("offered_from", FRIDAY),
        ("pay_kind", "leave"),
    ],
)  # fmt: skip
def test_what_a_reason_means_is_never_rewritten(floor: Floor, field: str, value: Any) -> None:
    with pytest.raises(ConstraintRefused) as refused, transaction.atomic(), readable_refusals():
        Reason.objects.filter(pk=floor.sick.pk).update(**{field: value})
    assert refused.value.constraint == "reason_is_fixed"
    assert "не меняется никогда" in str(refused.value)


def test_names_and_the_last_day_are_written_again(floor: Floor) -> None:
    Reason.objects.filter(pk=floor.sick.pk).update(name_ru="Болеет", retired_on=SATURDAY)
    floor.sick.refresh_from_db()
    assert floor.sick.retired_on == SATURDAY


def test_a_used_reason_is_not_deleted_and_an_unused_one_is(floor: Floor) -> None:
    floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 0, floor.sick.pk))
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        Reason.objects.filter(pk=floor.sick.pk)._raw_delete("default")
        connection.check_constraints()
    Reason.objects.filter(pk=floor.visit.pk).delete()


@pytest.mark.parametrize(
    ("fields", "is_taken"),
    [
        ({}, True),
        ({"group": "not_working"}, False),
        ({"offered_from": SATURDAY}, True),
        ({"retired_on": THURSDAY}, True),
    ],
)
def test_a_letter_stands_for_one_reason_at_a_time(
    floor: Floor, fields: dict[str, Any], is_taken: bool
) -> None:
    if not is_taken:
        a_reason("second", letter="Б", **fields)
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        a_reason("second", letter="Б", **fields)


def test_a_retired_letter_is_given_again(floor: Floor) -> None:
    Reason.objects.filter(pk=floor.sick.pk).update(retired_on=SATURDAY)
    a_reason("second", letter="Б", offered_from=SATURDAY)


def test_reasons_without_a_letter_do_not_collide(floor: Floor) -> None:
    a_reason("first-place", group="not_working", letter="")
    a_reason("second-place", group="not_working", letter="")


@pytest.mark.parametrize("flag", ["is_worked", "is_paid"])
def test_a_refusal_earns_nothing(floor: Floor, flag: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        a_reason("strike", letter="Ж", is_refusal=True, **{flag: True})


def test_the_last_day_comes_after_the_first(floor: Floor) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        a_reason("never", letter="Ж", offered_from=FRIDAY, retired_on=FRIDAY)


@pytest.mark.parametrize(
    ("fields", "is_refused"),
    [
        ({"is_paid": True, "pay_kind": "leave"}, False),
        ({"is_paid": True, "pay_kind": ""}, True),
        ({"is_paid": True, "pay_kind": "holiday"}, True),
        ({"is_paid": False, "pay_kind": "sick"}, True),
        ({"is_paid": True, "is_worked": True, "pay_kind": "idle"}, True),
        ({"is_paid": True, "is_worked": True, "pay_kind": ""}, False),
        ({"is_paid": True, "group": "unable", "letter": "", "pay_kind": "sick"}, True),
        ({"is_paid": True, "group": "mark", "pay_kind": ""}, False),
    ],
)
def test_a_paid_absence_and_nothing_else_says_how_it_is_paid(
    db: None, fields: dict[str, Any], is_refused: bool
) -> None:
    if not is_refused:
        a_reason("paid", **({"letter": "Ж"} | fields))
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        a_reason("paid", **({"letter": "Ж"} | fields))


def test_the_shipped_absences_are_paid_as_the_law_says() -> None:
    kinds = {row["code"]: row["pay_kind"] for row in read_shipped_reasons() if row["pay_kind"]}
    assert kinds == {
        "leave": "leave", "sick": "sick", "medical": "average_pay",
        "no-material": "idle", "no-power": "idle",
    }  # fmt: skip


# --- by date ----------------------------------------------------------------------------------
def test_a_retired_reason_is_offered_for_earlier_days_only(floor: Floor) -> None:
    Reason.objects.filter(pk=floor.sick.pk).update(retired_on=FRIDAY)
    assert floor.sick in attendance_reasons(THURSDAY)
    assert floor.sick not in attendance_reasons(FRIDAY)
    pk = floor.placements[0].pk
    assert floor.attend(AttendedDay(pk, THURSDAY, 0, floor.sick.pk)) == 1
    with pytest.raises(ConstraintRefused) as refused:
        floor.attend(AttendedDay(pk, FRIDAY, 0, floor.sick.pk))
    assert refused.value.constraint == "attendance_reason_offered"


def test_a_new_reason_is_offered_from_its_day(floor: Floor) -> None:
    made = added(floor.cast)
    assert made not in attendance_reasons(THURSDAY)
    assert made in attendance_reasons(FRIDAY)
    with pytest.raises(ConstraintRefused):
        floor.attend(AttendedDay(floor.placements[0].pk, THURSDAY, 0, made.pk))


def test_marks_and_other_groups_are_not_offered_for_a_day(db: None) -> None:
    load_reasons()
    assert {one.group for one in attendance_reasons(FRIDAY)} == {"attendance"}


def test_what_was_entered_with_a_retired_reason_is_still_read(
    master: Client, floor: Floor, on_friday: None
) -> None:
    pk = floor.placements[0].pk
    floor.attend(AttendedDay(pk, FRIDAY, 0, floor.visit.pk))
    floor.attend(AttendedDay(pk, FRIDAY, 480))
    Reason.objects.filter(pk=floor.visit.pk).update(retired_on=FRIDAY)
    html = text(master.get(floor.url()))
    assert "СВ · Свидание" not in html
    assert "№ 1601: Свидание → 480 мин" in html


# --- private work -----------------------------------------------------------------------------
def test_staying_away_from_private_work_is_never_a_refusal(floor: Floor) -> None:
    refusal = a_reason("refused", letter="П", is_refusal=True, name_ru="Отказ")
    inmate = an_inmate(floor.cast, "1777")
    a_consent(inmate, floor.cast.entrepreneur)
    private = a_placement(
        floor.cast, inmate, employer=floor.cast.entrepreneur, payer=floor.cast.entrepreneur
    )
    with pytest.raises(ConstraintRefused) as refused:
        floor.attend(AttendedDay(private.pk, FRIDAY, 0, refusal.pk))
    assert refused.value.constraint == "attendance_refusal_at_private"
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(
            placement=private, worked_on=FRIDAY, minutes=0, reason=refusal, recorded_at=NOON
        )
    assert floor.attend(AttendedDay(private.pk, FRIDAY, 0, floor.visit.pk)) == 1
    # At the institution's own workshop it is a breach of regime and is entered.
    assert floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 0, refusal.pk)) == 1


# --- the administrator ------------------------------------------------------------------------
def test_an_added_reason_is_whole_and_audited(cast: Cast) -> None:
    made = added(cast, flags={"is_lasting": True}, letter="х")
    assert (made.code, made.letter, made.is_lasting, made.is_paid) == (
        "household-work", "Х", True, False,
    )  # fmt: skip
    assert (made.name_kk, made.source, made.offered_from) == (
        "Шаруашылық жұмыс", "Приказ № 5", FRIDAY,
    )  # fmt: skip
    event = AuditEvent.objects.get(action="reason_added")
    assert (event.actor, event.details) == (
        cast.administrator, {"code": "household-work", "letter": "Х"},
    )  # fmt: skip


def test_the_same_name_gets_another_code(cast: Cast) -> None:
    first = added(cast)
    retire_reason(actor=cast.administrator, reason_id=first.pk, on=SATURDAY, at=NOON)
    second = added(cast, offered_from=SATURDAY)
    assert (first.code, second.code) == ("household-work", "household-work-2")
    assert second.sort_order == first.sort_order + 1


def test_the_second_of_two_equal_reasons_is_refused_by_its_letter(cast: Cast) -> None:
    added(cast)
    with pytest.raises(ConstraintRefused, match="обозначена другая причина"):
        added(cast)
    assert Reason.objects.count() == 1


@pytest.mark.parametrize("letter", ["X", "Хx", "1", "/Х", "ХХХХ", "Х Х"])
def test_letters_of_another_alphabet_are_refused(cast: Cast, letter: str) -> None:
    with pytest.raises(LetterUnknown):
        added(cast, letter=letter)


@pytest.mark.parametrize("letter", ["Ә", "Қ", "ҰҒ", "Х/Х", "І"])
def test_kazakh_letters_are_letters(cast: Cast, letter: str) -> None:
    assert added(cast, letter=letter).letter == letter


def test_a_mark_of_the_timesheet_is_not_given_away(cast: Cast) -> None:
    load_reasons()
    with pytest.raises(LetterOfMark, match="Я"):
        added(cast, letter="Я")
    with pytest.raises(LetterOfMark):
        retire_reason(
            actor=cast.administrator, reason_id=Reason.objects.get(code="present").pk,
            on=FRIDAY, at=NOON,
        )  # fmt: skip


def test_retiring_is_done_once_and_audited(floor: Floor) -> None:
    order = {"actor": floor.cast.administrator, "reason_id": floor.visit.pk, "at": NOON}
    assert retire_reason(on=SATURDAY, **order).retired_on == SATURDAY
    with pytest.raises(ReasonRetired, match="21"):
        retire_reason(on=FRIDAY, **order)
    event = AuditEvent.objects.get(action="reason_retired")
    assert event.details == {"code": "visit", "on": "2026-11-21"}


def test_a_reason_is_not_retired_under_its_entries(floor: Floor) -> None:
    floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 0, floor.visit.pk))
    order = {"actor": floor.cast.administrator, "reason_id": floor.visit.pk, "at": NOON}
    for day in (THURSDAY, FRIDAY):
        with pytest.raises(ReasonStillUsed, match=r"20\.11\.2026"):
            retire_reason(on=day, **order)
    assert retire_reason(on=SATURDAY, **order).retired_on == SATURDAY


@pytest.mark.parametrize("who", ["master", "labour_officer", "accountant", "head", "analyst"])
def test_only_the_administrator_changes_the_directory(floor: Floor, who: str) -> None:
    actor = floor.cast.users[who]
    with pytest.raises(Forbidden, match="только администратор"):
        add_reason(actor=actor, reason=a_new(), at=NOON)
    with pytest.raises(Forbidden):
        retire_reason(actor=actor, reason_id=floor.sick.pk, on=SATURDAY, at=NOON)


# --- the page ---------------------------------------------------------------------------------
@pytest.fixture
def clerk(client: Client, cast: Cast) -> Client:
    load_reasons()
    client.force_login(cast.administrator)
    return client


def test_the_page_shows_every_reason_with_its_meaning(client: Client, cast: Cast) -> None:
    load_reasons()
    for who in ("master", "labour_officer", "accountant", "head", "analyst"):
        client.force_login(cast.users[who])
        html = text(client.get("/reasons/"))
        for row in read_shipped_reasons():
            assert row["name_ru"] in html
        assert "нужен текст" in html
        assert "форма № 421" in html
        assert "/reasons/add/" not in html
        assert "/retire/" not in html
    client.force_login(cast.buyer)
    assert client.get("/reasons/").status_code == 403


def test_the_number_of_queries_is_that_of_one_reason(client: Client, cast: Cast) -> None:
    client.force_login(cast.accountant)
    counts = []
    for load in (lambda: a_reason("one", letter="Ж"), load_reasons):
        load()
        client.get("/reasons/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/reasons/")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_an_empty_directory_says_who_fills_it(client: Client, cast: Cast) -> None:
    client.force_login(cast.master)
    assert "Причины ещё не внесены" in text(client.get("/reasons/"))


FORM = {
    "group": "attendance", "letter": "х", "name_ru": "Хозработы", "name_kk": "Шаруашылық",
    "name_en": "Household", "source": "Приказ № 5", "offered_from": "25.11.2026",
}  # fmt: skip


def test_a_reason_without_a_letter_is_added_once_by_one_form(clerk: Client) -> None:
    sent = FORM | {"group": "not_working", "letter": "", "submission": str(uuid.uuid4())}
    assert 'name="submission"' in text(clerk.get("/reasons/add/"))
    for _time in range(2):
        assert clerk.post("/reasons/add/", sent).status_code == 302
    assert Reason.objects.filter(name_ru="Хозработы").count() == 1


def test_the_administrator_adds_and_retires(clerk: Client) -> None:
    assert "/reasons/add/" in text(clerk.get("/reasons/"))
    assert clerk.post("/reasons/add/", FORM).status_code == 302
    made = Reason.objects.get(code="household")
    assert (made.letter, made.offered_from) == ("Х", date(2026, 11, 25))
    html = text(clerk.get("/reasons/"))
    assert "Добавлено: Хозработы." in html
    url = f"/reasons/{made.pk}/retire/"
    assert url in html
    assert clerk.post(url, {"retired_on": "30.11.2026"}).status_code == 302
    html = text(clerk.get("/reasons/"))
    assert "Выведено: Хозработы." in html
    assert re.search("с 25.11.2026 до 30.11.2026", html)
    assert url not in html


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"letter": "Б"}, "обозначена другая причина"),
        ({"letter": "X"}, "Переключите клавиатуру"),
        ({"letter": ""}, "есть буква в табеле"),
        ({"letter": "Я"}, "знак самого табеля"),
        ({"offered_from": "29.02.2027"}, "Такого дня нет"),
        ({"is_refusal": "on", "is_paid": "on"}, "не оплачивается"),
        ({"group": "mark"}, "Выберите корректный вариант"),
        ({"is_paid": "on"}, "Выберите, как оплачивается отсутствие"),
        ({"pay_kind": "idle"}, "Так оплачивается только"),
        ({"is_paid": "on", "is_worked": "on", "pay_kind": "idle"}, "Так оплачивается только"),
        ({"name_kk": ""}, "Обязательное поле"),
    ],
)
def test_a_wrong_reason_comes_back_with_its_sentence(
    clerk: Client, changes: dict[str, str], sentence: str
) -> None:
    before = Reason.objects.count()
    response = clerk.post("/reasons/add/", FORM | changes)
    assert response.status_code == 422
    assert "Хозработы" in text(response), "what was typed is kept"
    assert sentence in text(response)
    assert Reason.objects.count() == before


def test_a_paid_absence_is_added_with_its_kind_of_pay(clerk: Client) -> None:
    html = text(clerk.get("/reasons/add/"))
    assert "Как оплачивается отсутствие" in html
    assert "Простой: доля средней заработной платы" in html
    sent = FORM | {"is_paid": "on", "pay_kind": "idle"}
    assert clerk.post("/reasons/add/", sent).status_code == 302
    made = Reason.objects.get(code="household")
    assert (made.is_paid, made.pay_kind) == (True, "idle")
    html = text(clerk.get("/reasons/"))
    row = html[html.rindex("Хозработы") :].split("</tr>")[0]
    assert "Простой: доля средней заработной платы" in row


def test_a_service_refuses_a_paid_absence_without_its_kind(cast: Cast) -> None:
    with pytest.raises(ConstraintRefused, match="как она оплачивается"):
        added(cast, flags={"is_paid": True})
    assert added(cast, flags={"is_paid": True}, pay_kind="average_pay").pay_kind == "average_pay"


def test_a_used_day_is_refused_on_the_page(client: Client, floor: Floor) -> None:
    floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 0, floor.visit.pk))
    client.force_login(floor.cast.administrator)
    url = f"/reasons/{floor.visit.pk}/retire/"
    response = client.post(url, {"retired_on": "20.11.2026"})
    assert response.status_code == 422
    assert "внесена за 20.11.2026" in text(response)
    assert client.get("/reasons/0/retire/").status_code == 404
    assert client.delete(url).status_code == 405


def test_the_map_by_code_has_the_retired_too(floor: Floor) -> None:
    Reason.objects.filter(pk=floor.sick.pk).update(retired_on=THURSDAY)
    assert set(reasons_by_code()) == {"sick", "visit", "short-day", "other"}
