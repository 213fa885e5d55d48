"""The master's pages: works, wrong method, same role elsewhere, no right, nobody; nothing lost."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from inmates.models import Attendance, PayParameter, Placement, ShiftChange
from inmates.services.attendance import AttendedDay
from inmates.services.output import Output
from portal.accounts.models import Membership
from portal.kernel.models import AuditEvent
from tests.inmates.second_place import second_place
from tests.inmates.shifts import FRIDAY, MONDAY, THURSDAY, Floor, fields, opened, text
from tests.people import a_user, a_work_order
from workshops.models import WorkOrder, Workshop

pytestmark = pytest.mark.usefixtures("on_friday")


# --- the door ---------------------------------------------------------------------------------
def test_a_master_of_one_workshop_is_one_key_from_the_sheet(master: Client, floor: Floor) -> None:
    assert f'href="{floor.url()}" autofocus' in text(master.get("/shift/"))


def test_a_master_of_several_chooses(master: Client, floor: Floor) -> None:
    Workshop.objects.create(
        institution=floor.cast.institution, code="metal-16", name_ru="Сварочный цех"
    )
    html = text(master.get("/shift/"))
    assert "Сварочный цех" in html
    assert floor.url() in html
    assert "Ждёт вас: явка не внесена" in html
    # The day before is not entered either, and its name leads there.
    assert floor.url(THURSDAY) in html


def test_the_chooser_says_what_is_entered_and_due(master: Client, floor: Floor) -> None:
    second = Workshop.objects.create(
        institution=floor.cast.institution, code="metal-16", name_ru="Сварочный цех"
    )
    floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 480))
    for days, due in ((-1, 2), (3, 1), (30, 1)):
        for _number in range(due):
            order = a_work_order(floor.cast)
            WorkOrder.objects.filter(pk=order.pk).update(due_on=FRIDAY + timedelta(days=days))
    html = text(master.get("/shift/"))
    assert "Внесено: 1 из 3" in html
    assert 'list=overdue#list">2<' in html
    assert "Никого не ждём" in html
    assert second.code in html


def test_a_master_of_an_operator_is_told_who_enters(client: Client, floor: Floor) -> None:
    """The operator's own master sees work orders, not who was absent and why."""
    client.force_login(a_user("its-master@example.kz", floor.cast.enterprise, "master"))
    assert "мастера того учреждения" in text(client.get("/shift/"))
    assert client.get(floor.url()).status_code == 404


@pytest.mark.parametrize("part", ["", "output/"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("master", 200),
        ("labour_officer", 200),
        ("operator", 403),
        ("accountant", 403),
        ("analyst", 403),
        ("stranger", 403),
        (None, 302),
    ],
)
def test_a_shift_by_role(
    client: Client, floor: Floor, part: str, who: str | None, status: int
) -> None:
    if who:
        client.force_login(floor.cast.users[who])
    assert client.get(floor.url(part=part)).status_code == status
    assert client.post(floor.url(part=part)).status_code in (status, 422, 302)
    if status != 200:
        assert not Attendance.objects.exists()


@pytest.mark.parametrize("part", ["", "output/"])
def test_a_master_of_another_institution_finds_nothing(
    client: Client, floor: Floor, part: str
) -> None:
    institution, _post = second_place(floor.cast)
    client.force_login(a_user("master22@example.kz", institution.organisation, "master"))
    assert client.get(floor.url(part=part)).status_code == 404
    assert client.post(floor.url(part=part)).status_code == 404


@pytest.mark.parametrize("part", ["", "output/"])
def test_other_methods_are_refused(master: Client, floor: Floor, part: str) -> None:
    assert master.put(floor.url(part=part)).status_code == 405
    assert master.delete(floor.url(part=part)).status_code == 405
    assert master.post("/shift/").status_code == 405


@pytest.mark.parametrize("day", ["20261120", "2026-13-01", "yesterday", "0", "2026-W47-5", "..."])
def test_a_day_that_is_none_is_not_found(master: Client, floor: Floor, day: str) -> None:
    assert master.get(f"/shift/{floor.cast.workshop.code}/{day}/").status_code == 404


@pytest.mark.parametrize("part", ["", "output/"])
def test_a_day_before_all_rules_is_not_found_and_a_gap_is_told(
    master: Client, floor: Floor, part: str
) -> None:
    assert master.get(f"/shift/{floor.cast.workshop.code}/0202-01-01/{part}").status_code == 404
    PayParameter.objects.filter(code="full_shift_minutes").delete()
    assert master.get(floor.url(part=part)).status_code == 409


def test_a_day_ahead_is_refused_in_words(master: Client, floor: Floor) -> None:
    response = master.get(floor.url(MONDAY))
    assert response.status_code == 409
    assert "23.11.2026 ещё не наступил" in text(response)
    assert "Следующий день" not in text(master.get(floor.url()))


def test_a_role_that_ended_opens_nothing(master: Client, floor: Floor) -> None:
    Membership.objects.filter(user=floor.cast.master).update(effective_to=FRIDAY)
    assert master.get(floor.url()).status_code == 403


# --- names ------------------------------------------------------------------------------------
def test_names_are_shown_and_reading_them_is_kept_once_a_page(master: Client, floor: Floor) -> None:
    response = master.get(floor.url())
    assert all(name in text(response) for name in floor.names)
    event = AuditEvent.objects.get()
    assert (event.action, event.actor) == ("identities_read", floor.cast.master)
    assert event.subject_id == floor.cast.workshop.pk
    assert event.details == {
        "purpose": "shift",
        "inmates": sorted(one.inmate_id for one in floor.placements),
    }
    assert response["Cache-Control"] == "no-store"


def test_a_page_without_people_reads_no_names(master: Client, floor: Floor) -> None:
    type(floor.placements[0]).objects.update(effective_to=FRIDAY)
    assert "никто не назначен" in text(master.get(floor.url()))
    assert not AuditEvent.objects.exists()


def test_people_stand_in_the_alphabet_of_the_reader(master: Client, floor: Floor) -> None:
    html = text(master.get(floor.url()))
    places = [html.index(name) for name in floor.names]
    assert places == sorted(places)


# --- attendance -------------------------------------------------------------------------------
def test_an_empty_day_begins_with_everybody_present(master: Client, floor: Floor) -> None:
    response = master.get(floor.url())
    values = fields(response.content.decode())
    assert [values[f"minutes-{one.pk}"] for one in floor.placements] == ["480"] * 3
    assert "Ждёт вас: явка не внесена" in text(response)
    assert "Можно менять до 23.11.2026, 24:00" in text(response)
    assert "Правило портала: 3 дня после смены" in text(response)


def test_the_whole_day_is_one_act(master: Client, floor: Floor) -> None:
    values = opened(master, floor.url())
    pk = floor.placements[1].pk
    values |= {f"reason-{pk}": str(floor.sick.pk), f"minutes-{pk}": ""}
    response = master.post(floor.url(), values, follow=True)
    assert response.redirect_chain == [(floor.url(), 302)]
    html = text(response)
    assert "Сохранено: 3 записи." in html
    assert f"Сохранено 12:00, {floor.cast.master.get_full_name()}" in html
    stored = {row.placement_id: (row.minutes, row.reason_id) for row in Attendance.objects.all()}
    assert stored[pk] == (0, floor.sick.pk)
    assert len(stored) == 3


def test_minutes_left_as_proposed_beside_an_absence_are_nobodys(
    master: Client, floor: Floor
) -> None:
    """Without the script the proposed minutes stay in their field."""
    values = opened(master, floor.url())
    pk = floor.placements[1].pk
    assert (
        master.post(floor.url(), values | {f"reason-{pk}": str(floor.sick.pk)}).status_code == 302
    )
    assert Attendance.objects.get(placement=pk).minutes == 0


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"reason": "sick", "minutes": "300"}, "У отсутствовавшего минут нет"),
        ({"reason": "other", "minutes": ""}, "Напишите, какая причина"),
        ({"reason": "short", "minutes": ""}, "сколько минут отработано"),
        ({"reason": "short", "minutes": "999"}, "меньше 480 минут"),
        ({"reason": "short", "minutes": "480"}, "меньше 480 минут"),
        ({"reason": "", "minutes": ""}, "минуты или выберите причину"),
        ({"reason": "", "minutes": "много"}, "целое число цифрами"),
        ({"reason": "", "minutes": "1441"}, "1 440"),
        ({"reason": "", "minutes": "-5"}, "0"),
        ({"reason": "unknown", "minutes": "480"}, "из списка"),
        ({"reason": "other", "minutes": "", "note": "x" * 201}, "200"),
    ],
)
def test_a_refused_line_keeps_what_was_typed_and_says_why(
    master: Client, floor: Floor, typed: dict[str, str], sentence: str
) -> None:
    reasons = {"sick": floor.sick.pk, "other": floor.other.pk, "short": floor.short.pk}
    pk, other = floor.placements[1].pk, floor.placements[2].pk
    values = opened(master, floor.url())
    values[f"reason-{other}"] = str(floor.visit.pk)
    values[f"reason-{pk}"] = str(reasons.get(typed["reason"], typed["reason"]))
    values[f"minutes-{pk}"] = typed["minutes"]
    values[f"note-{pk}"] = typed.get("note", "")
    response = master.post(floor.url(), values)
    html = text(response)
    assert response.status_code == 422
    assert sentence in html
    field = "note" if sentence in ("Напишите, какая причина", "200") else "reason"
    assert f'href="#{field}-{pk}"' in html
    # The red mark and the sentence belong to the field that is wrong.
    marked = re.findall(r'<(?:input|select)[^>]*aria-invalid="true"[^>]*>', html)
    assert len(marked) == 1
    assert f'name="{field}-{pk}"' in marked[0]
    assert f'aria-describedby="said-{pk}"' in marked[0]
    assert "is-invalid" in marked[0]
    assert html.count('aria-invalid="true"') == 1
    again = fields(response.content.decode())
    assert again[f"minutes-{pk}"] == typed["minutes"]
    assert again[f"note-{pk}"] == typed.get("note", "")
    assert again[f"reason-{other}"] == str(floor.visit.pk)
    if typed["reason"] in reasons:
        assert again[f"reason-{pk}"] == values[f"reason-{pk}"]
    assert not Attendance.objects.exists()


def test_a_long_short_day_that_stands_already_hinders_nobody(master: Client, floor: Floor) -> None:
    """From elsewhere, or from before the shift grew shorter: the sheet can still be sent."""
    pk, other = floor.placements[1].pk, floor.placements[2].pk
    floor.attend(AttendedDay(pk, FRIDAY, 500, floor.short.pk))
    values = opened(master, floor.url())
    sent = master.post(floor.url(), values | {f"reason-{other}": str(floor.visit.pk)})
    assert sent.status_code == 302
    assert Attendance.objects.get(placement=pk).minutes == 500
    values = opened(master, floor.url())
    assert master.post(floor.url(), values | {f"minutes-{pk}": "479"}).status_code == 302
    assert Attendance.objects.get(placement=pk).minutes == 479


def test_what_a_service_refuses_stands_at_its_line(master: Client, floor: Floor) -> None:
    pk = floor.placements[1].pk
    values = opened(master, floor.url())
    floor.make(Output(pk, floor.cutting.pk, FRIDAY, 4))
    response = master.post(floor.url(), values | {f"reason-{pk}": str(floor.sick.pk)})
    assert response.status_code == 422
    assert "№ 1602 за этот день есть выработка: 4 шт." in text(response)
    assert fields(response.content.decode())[f"reason-{pk}"] == str(floor.sick.pk)


def test_what_somebody_else_saved_stands_beside_what_was_typed(
    master: Client, floor: Floor
) -> None:
    """Two people differ on one; on another only the other one entered something."""
    first, second, third = (one.pk for one in floor.placements)
    values = opened(master, floor.url())
    floor.attend(
        AttendedDay(first, FRIDAY, 0, floor.sick.pk),
        AttendedDay(second, FRIDAY, 0, floor.sick.pk),
        actor=floor.cast.labour_officer,
    )
    values[f"reason-{first}"] = str(floor.visit.pk)
    response = master.post(floor.url(), values)
    html, again = text(response), fields(response.content.decode())
    assert response.status_code == 422
    told = f"Сохранено в 12:00, {floor.cast.labour_officer.get_full_name()}: Болезнь"
    assert html.count(told) == 2
    # Mine stays where I typed, theirs where I did not.
    assert again[f"reason-{first}"] == str(floor.visit.pk)
    assert again[f"reason-{second}"] == str(floor.sick.pk)
    assert not Attendance.objects.filter(placement=third).exists()
    # Seen, the same act is a correction.
    assert master.post(floor.url(), again).status_code == 302
    assert Attendance.objects.get(placement=first).reason == floor.visit
    assert Attendance.objects.get(placement=second).reason == floor.sick
    assert ShiftChange.objects.get().placement_id == first


def test_who_was_not_touched_keeps_theirs_and_the_master_is_told(
    master: Client, floor: Floor
) -> None:
    values = opened(master, floor.url())
    floor.attend(
        AttendedDay(floor.placements[0].pk, FRIDAY, 0, floor.sick.pk),
        actor=floor.cast.labour_officer,
    )
    html = text(master.post(floor.url(), values, follow=True))
    assert f"{floor.cast.labour_officer.get_full_name()}: изменена 1 запись" in html
    assert Attendance.objects.get(placement=floor.placements[0]).reason == floor.sick


def test_a_form_sent_twice_is_saved_once(master: Client, floor: Floor) -> None:
    values = opened(master, floor.url())
    master.post(floor.url(), values)
    assert "ничего не изменилось" in text(master.post(floor.url(), values, follow=True))
    assert (Attendance.objects.count(), ShiftChange.objects.count()) == (3, 0)


@pytest.mark.parametrize(
    "seen", ["", "null", "[" * 5000, '{"1": 5}', "\x00", '{"x": [[]]}', '{"x": ' + "9" * 5000]
)
def test_a_broken_token_overwrites_nothing_unseen(master: Client, floor: Floor, seen: str) -> None:
    floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 0, floor.sick.pk))
    values = opened(master, floor.url())
    values[f"reason-{floor.placements[0].pk}"] = str(floor.visit.pk)
    response = master.post(floor.url(), values | {"seen": seen})
    assert response.status_code == 422
    assert Attendance.objects.get().reason == floor.sick


def test_half_a_character_in_the_token_is_no_fault(master: Client, floor: Floor) -> None:
    values = opened(master, floor.url())
    pk = floor.placements[0].pk
    seen = f'{{"{pk}": [480, null, "\\ud800", true]}}'
    response = master.post(floor.url(), values | {"seen": seen, f"minutes-{pk}": "много"})
    assert response.status_code == 422


def test_somebody_placed_while_the_page_was_open_is_not_guessed(
    master: Client, floor: Floor
) -> None:
    values = opened(master, floor.url())
    late = {name: value for name, value in values.items() if not name.endswith(f"-{_last(floor)}")}
    master.post(floor.url(), late)
    assert Attendance.objects.count() == 2
    assert "Внесено: 2 из 3" in text(master.get(floor.url()))


def test_what_was_typed_for_somebody_who_left_meanwhile_is_told(
    master: Client, floor: Floor
) -> None:
    values = opened(master, floor.url())
    Placement.objects.filter(pk=_last(floor)).update(effective_to=FRIDAY)
    typed = values | {f"reason-{_last(floor)}": str(floor.sick.pk), f"minutes-{_last(floor)}": ""}
    response = master.post(floor.url(), typed)
    assert response.status_code == 422
    assert "кого-то, чей день вы изменили, уже нет" in text(response)
    assert not Attendance.objects.exists()
    again = fields(text(response))
    assert not any(name.endswith(f"-{_last(floor)}") for name in again)
    assert master.post(floor.url(), again).status_code == 302
    assert Attendance.objects.count() == 2


def test_who_left_meanwhile_untouched_hinders_nobody(master: Client, floor: Floor) -> None:
    values = opened(master, floor.url())
    Placement.objects.filter(pk=_last(floor)).update(effective_to=FRIDAY)
    assert master.post(floor.url(), values).status_code == 302
    assert Attendance.objects.count() == 2


def _last(floor: Floor) -> int:
    return floor.placements[-1].pk


def test_corrections_are_shown_with_who_and_what(master: Client, floor: Floor) -> None:
    pk = floor.placements[0].pk
    floor.attend(AttendedDay(pk, FRIDAY, 480))
    floor.attend(AttendedDay(pk, FRIDAY, 0, floor.sick.pk), actor=floor.cast.labour_officer)
    floor.make(Output(floor.placements[1].pk, floor.cutting.pk, FRIDAY, 4))
    floor.make(Output(floor.placements[1].pk, floor.cutting.pk, FRIDAY, 0))
    html = text(master.get(floor.url()))
    assert "№ 1601: 480 мин → Болезнь" in html
    assert floor.cast.labour_officer.get_full_name() in html
    assert "№ 1602: 4 шт. → не внесено" in html
    assert "Раскрой" in html
