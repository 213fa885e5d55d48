"""The pages of a team: works, wrong method, same role elsewhere, no right, nobody; nothing lost."""

import re
import uuid

import pytest
from django.test import Client

from inmates.models import ShiftChange, TeamEntry
from inmates.services.attendance import AttendedDay
from tests.inmates.second_place import second_place
from tests.inmates.shifts import FRIDAY, MONDAY, NOON, THURSDAY, Floor, fields, text
from tests.inmates.team_floor import a_piece_floor, done, enter
from tests.people import a_user, a_work_order
from workshops.selectors.batches import batch_passed
from workshops.services.batches import make_batch_cards

pytestmark = pytest.mark.usefixtures("on_friday")
PART = "output/team/"


@pytest.fixture
def floor(db: None) -> Floor:
    return a_piece_floor()


def form(floor: Floor, quantity: str = "12", *places: int, **more: str) -> dict[str, str]:
    """What a browser sends: everybody's minutes and coefficients, the boxes of who took part."""
    data = {"order": str(floor.order.pk), "operation": str(floor.cutting.pk), "quantity": quantity}
    for one in floor.placements:
        data |= {f"minutes-{one.pk}": "480", f"coefficient-{one.pk}": "1"}
    chosen = places or (0, 1)
    return data | {f"member-{floor.placements[one].pk}": "1" for one in chosen} | more


def entry_url(floor: Floor, entry: TeamEntry) -> str:
    return floor.url(part=f"{PART}{entry.pk}/")


# --- the door ---------------------------------------------------------------------------------
def test_the_output_of_the_shift_leads_to_the_team(master: Client, floor: Floor) -> None:
    html = text(master.get(floor.url(part="output/")))
    assert f"{floor.url(part=PART)}?order={floor.order.pk}" in html
    assert "Бригады за этот день" in html


def test_a_team_is_listed_beside_the_output(master: Client, floor: Floor) -> None:
    entry = enter(floor, 12, {0: 480, 1: 240}, coefficients={0: "1.20"})
    html = text(master.get(floor.url(part="output/")))
    assert entry_url(floor, entry) in html
    assert "№ 1601 480 мин × 1,2, № 1602 240 мин" in html
    # The sum below the sheet is that of people and teams.
    assert re.search(r"<tfoot>.*?>12</td>", html, re.S)


def test_wrong_methods_days_and_orders(master: Client, floor: Floor) -> None:
    assert master.delete(floor.url(part=PART)).status_code == 405
    assert master.get(floor.url(MONDAY, PART)).status_code == 409
    assert master.get(f"{floor.url(part=PART)}?order=999999").status_code == 404
    assert master.get(floor.url(part=f"{PART}999999/")).status_code == 404
    entry = enter(floor)
    assert master.get(floor.url(THURSDAY, f"{PART}{entry.pk}/")).status_code == 404


def test_a_master_elsewhere_sees_nothing(client: Client, floor: Floor) -> None:
    entry = enter(floor)
    institution, _post = second_place(floor.cast)
    client.force_login(a_user("m2@example.kz", institution.organisation, "master"))
    assert client.get(floor.url(part=PART)).status_code == 404
    assert client.get(entry_url(floor, entry)).status_code == 404


def test_no_right_and_nobody(client: Client, floor: Floor) -> None:
    assert client.get(floor.url(part=PART)).status_code == 302
    client.force_login(floor.cast.accountant)
    assert client.get(floor.url(part=PART)).status_code == 403


# --- entering ---------------------------------------------------------------------------------
def test_the_form_begins_with_the_minutes_attended(master: Client, floor: Floor) -> None:
    first, second = floor.placements[0].pk, floor.placements[1].pk
    floor.attend(AttendedDay(first, FRIDAY, 450), AttendedDay(second, FRIDAY, 0, floor.sick.pk))
    html = text(master.get(floor.url(part=PART)))
    values = fields(html)
    assert values[f"minutes-{first}"] == "450"
    assert values[f"coefficient-{first}"] == "1"
    # Who was absent has nothing to tick.
    assert f"member-{second}" not in values
    assert "Больничный" in html or "Болезнь" in html


def test_a_team_is_saved(master: Client, floor: Floor) -> None:
    first = floor.placements[0].pk
    response = master.post(
        floor.url(part=PART), form(floor, "12", 0, 2, **{f"coefficient-{first}": "1,25"})
    )
    assert response.status_code == 302
    assert response["Location"] == f"{floor.url(part='output/')}?order={floor.order.pk}"
    entry = TeamEntry.objects.get()
    assert (entry.quantity, done(floor)) == (12, 12)
    assert str(entry.shares.get(placement=first).coefficient) == "1.25"
    assert entry.shares.filter(placement=floor.placements[2]).exists()


def test_the_form_sent_twice_is_one_team(master: Client, floor: Floor) -> None:
    data = form(floor, "5", submission=str(uuid.uuid4()))
    for _time in range(2):
        assert master.post(floor.url(part=PART), data).status_code == 302
    assert TeamEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"quantity": ""}, "Укажите, сколько штук сделала бригада."),
        ({"quantity": "12О"}, "не количество"),
        ({"operation": ""}, "Выберите операцию этого наряда."),
    ],
)
def test_what_is_wrong_of_the_pieces(
    master: Client, floor: Floor, changes: dict[str, str], sentence: str
) -> None:
    response = master.post(floor.url(part=PART), form(floor) | changes)
    assert response.status_code == 422
    assert sentence in text(response)
    assert not TeamEntry.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("minutes", "0", "Укажите минуты в бригаде."),
        ("minutes", "7:30", "450"),
        ("coefficient", "0", "0,01"),
        ("coefficient", "1,255", "1,255"),
    ],
)
def test_what_is_wrong_of_a_member_stands_beside_it(
    master: Client, floor: Floor, field: str, value: str, sentence: str
) -> None:
    pk = floor.placements[0].pk
    response = master.post(floor.url(part=PART), form(floor, **{f"{field}-{pk}": value}))
    assert response.status_code == 422
    html = text(response)
    assert sentence in html
    assert f'href="#member-{pk}"' in html
    # Nothing that was typed is lost.
    assert fields(html)[f"{field}-{pk}"] == value


def test_empty_fields_mean_what_they_suggest(master: Client, floor: Floor) -> None:
    pk = floor.placements[0].pk
    floor.attend(AttendedDay(pk, FRIDAY, 450))
    empty = {f"minutes-{pk}": "", f"coefficient-{pk}": ""}
    assert master.post(floor.url(part=PART), form(floor, "5", **empty)).status_code == 302
    share = TeamEntry.objects.get().shares.get(placement=pk)
    assert (share.minutes, str(share.coefficient)) == (450, "1.00")


def test_one_member_is_no_team(master: Client, floor: Floor) -> None:
    response = master.post(floor.url(part=PART), form(floor, "5", 1))
    assert response.status_code == 422
    assert "Выберите двух человек или больше." in text(response)


def test_somebody_who_is_gone_is_told(master: Client, floor: Floor) -> None:
    response = master.post(floor.url(part=PART), form(floor) | {"member-999999": "1"})
    assert response.status_code == 422
    assert "Ничего не сохранено" in text(response)


def test_a_refusal_of_the_service_stands_at_the_quantity(master: Client, floor: Floor) -> None:
    response = master.post(floor.url(part=PART), form(floor, "51"))
    assert response.status_code == 422
    assert 'id="quantity-said"' in text(response)


# --- changing ---------------------------------------------------------------------------------
def edited(floor: Floor, entry: TeamEntry, quantity: str, *places: int) -> dict[str, str]:
    return form(floor, quantity, *places, seen=entry.recorded_at.isoformat())


def test_an_entry_is_changed(master: Client, floor: Floor) -> None:
    entry = enter(floor, 12)
    html = text(master.get(entry_url(floor, entry)))
    assert 'value="12"' in html
    assert html.count(" checked") == 2
    assert master.post(entry_url(floor, entry), edited(floor, entry, "9", 1, 2)).status_code == 302
    entry.refresh_from_db()
    assert (entry.quantity, done(floor)) == (9, 9)
    html = text(master.get(floor.url(part="output/")))
    # The correction stands once though it is kept for each of three people.
    assert ShiftChange.objects.count() == 3
    assert html.count("бригада, 9 шт") == 1


def test_an_entry_is_taken_away(master: Client, floor: Floor) -> None:
    entry = enter(floor, 12)
    data = {"seen": entry.recorded_at.isoformat(), "act": "take_away"}
    assert master.post(entry_url(floor, entry), data).status_code == 302
    assert not TeamEntry.objects.exists()
    assert done(floor) == 0


def test_what_somebody_else_changed_is_said(master: Client, floor: Floor) -> None:
    entry = enter(floor, 12)
    data = form(floor, "9", seen="2026-11-20T01:00:00+00:00")
    response = master.post(entry_url(floor, entry), data)
    assert response.status_code == 422
    assert "изменил" in text(response)
    assert done(floor) == 12


def test_a_closed_day_asks_for_words(master: Client, floor: Floor) -> None:
    day = floor.url(FRIDAY.replace(day=2), PART)
    html = text(master.get(day))
    assert "correct=1" in html
    assert 'name="quantity"' not in html
    data = form(floor, "5")
    response = master.post(day, data)
    assert response.status_code == 422
    assert "correction" in text(response)
    assert master.post(day, data | {"correction": "Наряд нашли позже"}).status_code == 302


def test_the_pieces_of_a_batch_pass_its_card(master: Client, floor: Floor) -> None:
    card, *_rest = make_batch_cards(
        actor=floor.cast.master, work_order_id=floor.order.pk, size=25, at=NOON
    )
    response = master.post(floor.url(part=PART), form(floor, "12", batch=card.code))
    assert response.status_code == 302
    assert response["Location"].endswith(f"&batch={card.code}")
    assert batch_passed([card.pk]) == {(card.pk, floor.cutting.pk): 12}
    # What is on a card is taken away by the card alone.
    entry = TeamEntry.objects.get()
    data = {"seen": entry.recorded_at.isoformat(), "act": "take_away"}
    assert master.post(entry_url(floor, entry), data).status_code == 422
    assert master.post(entry_url(floor, entry), data | {"batch": card.code}).status_code == 302
    assert not TeamEntry.objects.exists()


def test_a_card_of_another_order_is_not_followed(master: Client, floor: Floor) -> None:
    other = a_work_order(floor.cast)
    card, *_rest = make_batch_cards(
        actor=floor.cast.master, work_order_id=other.pk, size=5, at=NOON
    )
    assert master.post(floor.url(part=PART), form(floor, "3", batch=card.code)).status_code == 302
    assert not batch_passed([card.pk])
