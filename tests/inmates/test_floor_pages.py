"""The tabs of the floor: downtime, defects, material of a shift, entered, withdrawn, taken back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmates.models import ShiftChange, WorkEntry
from portal.accounts.enums import Role
from tests.inmates.shifts import FRIDAY, MONDAY, NOON, THURSDAY, Floor, text
from tests.people import a_user, a_work_order, an_organisation
from workshops.models import Defect, Downtime, Equipment, FloorReason, MaterialIssue
from workshops.selectors.floor import parts_of
from workshops.services.floor_reasons import load_floor_reasons

pytestmark = pytest.mark.usefixtures("on_friday")
PARTS = ("downtime/", "defects/", "materials/")


@pytest.fixture(autouse=True)
def _reasons(db: None) -> None:
    load_floor_reasons()


def reason(code: str) -> str:
    return str(FloorReason.objects.get(code=code).pk)


def stand(client: Client, floor: Floor, **changes: Any) -> Any:
    values = {
        "thing": "workshop", "began": "9:00", "ended": "10:30",
        "reason": reason("no-electricity"), "note": "",
    }  # fmt: skip
    return client.post(floor.url(changes.pop("day", FRIDAY), "downtime/"), values | changes)


def fail(client: Client, floor: Floor, **changes: Any) -> Any:
    values = {
        "operation": str(floor.cutting.pk), "quantity": "2", "outcome": "rework",
        "reason": reason("wrong-size"), "note": "",
    }  # fmt: skip
    return client.post(floor.url(changes.pop("day", FRIDAY), "defects/"), values | changes)


def issue(client: Client, floor: Floor, **changes: Any) -> Any:
    values = {"part": "", "material": "Лак", "quantity": "2,5", "unit": "litre"}
    return client.post(floor.url(changes.pop("day", FRIDAY), "materials/"), values | changes)


def act(floor: Floor, kind: str, row: Any, name: str) -> str:
    args = [floor.cast.workshop.code, FRIDAY.isoformat(), kind, row.pk, name]
    return reverse("inmates:floor_act", args=args)


# --- who and what -----------------------------------------------------------------------------
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    ("who", "status"),
    [("master", 200), ("labour_officer", 200), ("operator", 403), ("accountant", 403),
     ("head", 403), ("buyer", 403)],
)  # fmt: skip
def test_a_tab_by_role(client: Client, floor: Floor, part: str, who: str, status: int) -> None:
    client.force_login(getattr(floor.cast, who))
    assert client.get(floor.url(part=part)).status_code == status


@pytest.mark.parametrize("part", [*PARTS, "report.pdf"])
def test_a_master_elsewhere_and_a_stranger_see_nothing(
    client: Client, floor: Floor, part: str
) -> None:
    assert client.get(floor.url(part=part)).status_code == 302
    colony = an_organisation("institution", "Учреждение № 77 (тест)", 77)
    client.force_login(a_user("m77@example.kz", colony, Role.MASTER))
    assert client.get(floor.url(part=part)).status_code == 404


@pytest.mark.parametrize("part", PARTS)
def test_days_that_are_none(master: Client, floor: Floor, part: str) -> None:
    for day in ("20261120", "2026-13-01", "yesterday"):
        address = f"/shift/{floor.cast.workshop.code}/{day}/{part}"
        assert master.get(address).status_code == 404
    assert master.get(floor.url(MONDAY, part)).status_code == 409
    assert master.delete(floor.url(part=part)).status_code == 405


def test_the_tabs_stand_beside_attendance_and_output(master: Client, floor: Floor) -> None:
    html = text(master.get(floor.url(part="downtime/")))
    for part in ("", "output/", *PARTS, "report.pdf"):
        assert f'href="{floor.url(part=part)}"' in html
    assert f'href="{floor.url(part="downtime/")}" aria-current="true"' in html
    assert "В этот день простоев не было." in html


# --- downtime ---------------------------------------------------------------------------------
def test_a_tab_and_its_table_are_called_by_their_name(master: Client, floor: Floor) -> None:
    stand(master, floor)
    page = text(master.get(floor.url(part="downtime/")))
    assert 'role="region" aria-label="Простои"' in page
    assert "<title>Простои, " in page


def test_a_downtime_is_entered_and_shown(master: Client, floor: Floor) -> None:
    assert stand(master, floor).status_code == 302
    html = text(master.get(floor.url(part="downtime/")))
    assert "Вся мастерская" in html
    assert "20.11.2026, 09:00–10:30" in html
    assert "Нет электроэнергии" in html
    assert "Дольше смены" not in html


@pytest.mark.parametrize(
    ("typed", "minutes"), [("9", 90), ("09.00", 90), ("9-00", 90), (" 09:00 ", 90)]
)
def test_times_as_people_type_them(master: Client, floor: Floor, typed: str, minutes: int) -> None:
    stand(master, floor, began=typed)
    row = Downtime.objects.get()
    assert (row.ended_at - row.began_at) == timedelta(minutes=minutes)


@pytest.mark.parametrize("typed", ["25:00", "9:60", "утром", "9:5", "٩:٠٠", "-1"])
def test_times_that_are_none(master: Client, floor: Floor, typed: str) -> None:
    response = stand(master, floor, began=typed)
    assert response.status_code == 422
    assert "Такого времени нет. Напишите так: 13:30." in text(response)
    assert not Downtime.objects.exists()


def test_an_end_before_the_beginning_is_of_the_next_day(master: Client, floor: Floor) -> None:
    assert stand(master, floor, day=THURSDAY, began="22:00", ended="2:30").status_code == 302
    row = Downtime.objects.get()
    assert row.ended_at - row.began_at == timedelta(hours=4, minutes=30)
    html = text(master.get(floor.url(FRIDAY, "downtime/")))
    assert "19.11.2026, 22:00 – 20.11.2026, 02:30" in html


def test_a_thing_is_chosen_from_the_workshop(master: Client, floor: Floor) -> None:
    machine = Equipment.objects.create(
        workshop=floor.cast.workshop, name="Форматный станок", inventory_number="И-1",
        made_in_year=2015, condition="good",
    )  # fmt: skip
    stand(master, floor, thing=f"machine-{machine.pk}")
    stand(master, floor, thing=f"post-{floor.cast.joiners.pk}")
    assert stand(master, floor, thing="machine-0").status_code == 422
    assert set(Downtime.objects.values_list("post", "equipment")) == {
        (None, machine.pk), (floor.cast.joiners.pk, None),
    }  # fmt: skip
    assert "Форматный станок, И-1" in text(master.get(floor.url(part="downtime/")))


def test_what_the_service_refuses_stands_above_the_form(master: Client, floor: Floor) -> None:
    stand(master, floor)
    response = stand(master, floor, began="10:00")
    assert response.status_code == 422
    assert "простой того же места, станка или мастерской уже внесён" in text(response)
    assert 'value="10:00"' in text(response)


def test_one_that_goes_on_is_ended_on_its_page(master: Client, floor: Floor) -> None:
    stand(master, floor, ended="")
    row = Downtime.objects.get()
    page = text(master.get(floor.url(part="downtime/")))
    assert "с 20.11.2026, 09:00" in page
    assert act(floor, "downtime", row, "end") in page
    form = text(master.get(act(floor, "downtime", row, "end")))
    assert 'value="20.11.2026"' in form
    assert 'value="12:00"' in form
    late = master.post(act(floor, "downtime", row, "end"), {"day": "20.11.2026", "ended": "12:30"})
    assert late.status_code == 422
    master.post(act(floor, "downtime", row, "end"), {"day": "20.11.2026", "ended": "11:15"})
    row.refresh_from_db()
    assert row.ended_at - row.began_at == timedelta(hours=2, minutes=15)
    assert "Снова работает" not in text(master.get(floor.url(part="downtime/")))


def test_one_longer_than_a_shift_is_asked_about(master: Client, floor: Floor) -> None:
    stand(master, floor, day=THURSDAY, began="8:00", ended="")
    assert "Дольше смены (480 мин)" in text(master.get(floor.url(part="downtime/")))


def test_a_withdrawn_one_stays_with_its_reason(master: Client, floor: Floor) -> None:
    stand(master, floor)
    row = Downtime.objects.get()
    address = act(floor, "downtime", row, "withdraw")
    assert "Вся мастерская" in text(master.get(address))
    short = master.post(address, {"why": "нет"})
    assert short.status_code == 422
    assert "не меньше 5 букв" in text(short)
    assert master.post(address, {"why": "внесли не туда"}).status_code == 302
    html = text(master.get(floor.url(part="downtime/")))
    assert "Отозвано 20.11.2026, Master: внесли не туда" in html
    assert address not in html
    assert master.post(address, {"why": "внесли не туда"}).status_code == 422


def test_past_the_window_the_form_asks_why(master: Client, floor: Floor) -> None:
    day = FRIDAY - timedelta(days=4)
    page = text(master.get(floor.url(day, "downtime/")))
    assert "Почему вносите только сейчас" in page
    assert "Почему вносите только сейчас" not in text(master.get(floor.url(part="downtime/")))
    assert stand(master, floor, day=day).status_code == 422
    wrong = stand(master, floor, day=day, late_why="123")
    assert "Напишите в нескольких словах" in text(wrong)
    assert stand(master, floor, day=day, late_why="нашли журнал").status_code == 302
    assert "Внесено позже: нашли журнал" in text(master.get(floor.url(day, "downtime/")))


# --- defects ----------------------------------------------------------------------------------
def test_a_defect_is_entered_shown_and_never_output(master: Client, floor: Floor) -> None:
    assert fail(master, floor).status_code == 302
    row = Defect.objects.get()
    assert (row.quantity, row.outcome, row.found_on) == (2, "rework", FRIDAY)
    html = text(master.get(floor.url(part="defects/")))
    assert "Не тот размер" in html
    assert "Переделать" in html
    assert not WorkEntry.objects.exists()
    assert not ShiftChange.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"quantity": "0"}, "Количество"),
        ({"quantity": "две"}, "Количество"),
        ({"operation": "0"}, "нет в списке"),
        ({"outcome": "lost"}, "нет в списке"),
    ],
)
def test_defects_that_are_refused(master: Client, floor: Floor, change: Any, sentence: str) -> None:
    assert fail(master, floor, **change).status_code == 422
    assert not Defect.objects.exists()


def test_another_reason_asks_for_its_text(master: Client, floor: Floor) -> None:
    response = fail(master, floor, reason=reason("defect-other"))
    assert response.status_code == 422
    assert "Напишите" in text(response)
    assert fail(master, floor, reason=reason("defect-other"), note="упала").status_code == 302


def test_a_defect_is_withdrawn(master: Client, floor: Floor) -> None:
    fail(master, floor)
    row = Defect.objects.get()
    master.post(act(floor, "defects", row, "withdraw"), {"why": "всё исправили"})
    assert "всё исправили" in text(master.get(floor.url(part="defects/")))
    for kind, name in (("defects", "end"), ("downtime", "back"), ("people", "withdraw")):
        assert master.get(act(floor, kind, row, name)).status_code == 404


def test_an_entry_of_another_day_is_not_found_here(master: Client, floor: Floor) -> None:
    fail(master, floor, day=THURSDAY)
    assert master.get(act(floor, "defects", Defect.objects.get(), "withdraw")).status_code == 404


# --- material ---------------------------------------------------------------------------------
def test_material_is_issued_in_words_or_by_the_bill(master: Client, floor: Floor) -> None:
    assert issue(master, floor).status_code == 302
    part = parts_of(floor.order).get()
    by_bill = issue(master, floor, part=str(part.pk), material="", quantity="3", unit="piece")
    assert by_bill.status_code == 302
    html = text(master.get(floor.url(part="materials/")))
    assert "2,5 л" in html
    assert "Берёза, Шанырак" in html


@pytest.mark.parametrize(
    "change",
    [
        {"material": ""},
        {"part": "0", "material": ""},
        {"quantity": "0"},
        {"quantity": "-1"},
        {"quantity": "много"},
        {"unit": "bag"},
    ],
)
def test_issues_that_are_refused(master: Client, floor: Floor, change: Any) -> None:
    assert issue(master, floor, **change).status_code == 422
    assert not MaterialIssue.objects.exists()


def test_both_a_line_and_words_are_one_too_many(master: Client, floor: Floor) -> None:
    part = parts_of(floor.order).get()
    response = issue(master, floor, part=str(part.pk))
    assert "что-то одно" in text(response)


def test_what_comes_back_is_said_with_its_reason(master: Client, floor: Floor) -> None:
    issue(master, floor)
    row = MaterialIssue.objects.get()
    address = act(floor, "materials", row, "back")
    too_much = master.post(address, {"quantity": "3", "why": "осталось лишнее"})
    assert "Не больше 2,5." in text(too_much)
    master.post(address, {"quantity": "1", "why": "осталось лишнее"})
    assert MaterialIssue.objects.get(returns=row).quantity == Decimal(-1)
    html = text(master.get(floor.url(part="materials/")))
    assert "вернулось: 1" in html
    assert "Возвращено: осталось лишнее" in html
    master.post(address, {"quantity": "1,5", "why": "осталось лишнее"})
    assert address not in text(master.get(floor.url(part="materials/")))


def test_material_is_booked_on_the_work_order_its_page_showed(master: Client, floor: Floor) -> None:
    """Closed while somebody typed: the next one in the list gets nothing of it."""
    page = text(master.get(floor.url(part="materials/")))
    assert f'action="?order={floor.order.pk}"' in page
    a_work_order(floor.cast, 5)
    type(floor.order).objects.filter(pk=floor.order.pk).update(status="completed")
    address = floor.url(part="materials/") + f"?order={floor.order.pk}"
    values = {"part": "", "material": "Лак", "quantity": "2,5", "unit": "litre"}
    assert master.post(address, values).status_code == 302
    assert MaterialIssue.objects.get().work_order_id == floor.order.pk
    type(floor.order).objects.filter(pk=floor.order.pk).update(status="cancelled")
    refused = master.post(address, values)
    assert refused.status_code == 422
    assert "отменено: на него ничего не вносят" in text(refused)
    assert "Лак" in text(refused)
    assert master.post(floor.url(part="materials/") + "?order=999999", values).status_code == 404
    assert MaterialIssue.objects.count() == 1


def test_defects_of_a_work_order_closed_meanwhile_are_not_lost(
    master: Client, floor: Floor
) -> None:
    type(floor.order).objects.update(status="completed")
    assert fail(master, floor).status_code == 302
    assert Defect.objects.get().work_order_operation_id == floor.cutting.pk
    type(floor.order).objects.update(status="cancelled")
    refused = fail(master, floor, quantity="3", note="трещина у края")
    assert refused.status_code == 422
    assert "трещина у края" in text(refused)
    assert Defect.objects.count() == 1


def test_without_a_work_order_nothing_is_entered(master: Client, floor: Floor) -> None:
    type(floor.order).objects.update(status="cancelled")
    for part in ("defects/", "materials/"):
        html = text(master.get(floor.url(part=part)))
        assert "Сейчас здесь нечего делать" in html
        assert "<form method" not in html.split("<main", 1)[1]


@pytest.mark.parametrize(
    ("part", "names"),
    [
        ("downtime/", ("thing", "began", "ended", "reason", "note")),
        ("defects/", ("operation", "quantity", "outcome", "reason", "note")),
        ("materials/", ("part", "material", "quantity", "unit")),
    ],
)
@pytest.mark.parametrize("day", [FRIDAY, FRIDAY - timedelta(days=4)])
def test_every_field_of_a_form_is_on_its_page(
    master: Client, floor: Floor, part: str, names: tuple[str, ...], day: Any
) -> None:
    html = text(master.get(floor.url(day, part)))
    assert all(f'name="{name}"' in html for name in names)
    assert master.get(floor.url(day, part))["Cache-Control"] == "no-store"
    assert ('name="late_why"' in html) is (day != FRIDAY)


def test_the_form_of_a_return_asks_how_much_and_why(master: Client, floor: Floor) -> None:
    issue(master, floor)
    html = text(master.get(act(floor, "materials", MaterialIssue.objects.get(), "back")))
    assert 'name="quantity"' in html
    assert 'name="why"' in html


# --- lists ------------------------------------------------------------------------------------
@pytest.mark.parametrize(("part", "enter"), list(zip(PARTS, (stand, fail, issue), strict=True)))
def test_a_tab_of_many_asks_no_more(master: Client, floor: Floor, part: str, enter: Any) -> None:
    counts = []
    for size in (1, 3):
        with time_machine.travel(NOON + timedelta(hours=size), tick=False):
            for hour in range(size):
                more = {"began": f"{hour + size}:00", "ended": f"{hour + size}:30"}
                assert enter(master, floor, **(more if enter is stand else {})).status_code == 302
            master.get(floor.url(part=part))
            with CaptureQueriesContext(connection) as captured:
                master.get(floor.url(part=part))
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- the slow line ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("part", "label"),
    [("downtime/", "Простои"), ("defects/", "Брак"), ("materials/", "Материалы")],
)
def test_each_form_waits_for_the_line_under_the_name_of_its_entry(
    master: Client, floor: Floor, part: str, label: str
) -> None:
    html = text(master.get(floor.url(part=part)))
    assert f'data-outbox="{label}, Столярный цех, 20.11.2026"' in html
    assert 'data-outbox-add="yes"' in html
    assert html.count('name="submission"') == 1


@pytest.mark.parametrize(
    ("quantity", "sentence"),
    [("9999999999", "999 999,999"), ("0,0001", "0,001"), ("0", "0,001")],
)
def test_a_wrong_quantity_of_material_is_refused_once(
    master: Client, floor: Floor, quantity: str, sentence: str
) -> None:
    response = issue(master, floor, quantity=quantity)
    errors = response.context["form"].errors["quantity"]
    assert response.status_code == 422
    assert len(errors) == 1
    assert sentence in errors[0].replace("\N{NO-BREAK SPACE}", " ")
    assert "0.001" not in text(response)
    assert not MaterialIssue.objects.exists()
