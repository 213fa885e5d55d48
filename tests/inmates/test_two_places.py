"""One person at two workshops on one day: shown, warned about above the norm, 24 hours at most."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inmates.models import Attendance, Placement
from inmates.refusals import SheetRefused
from inmates.selectors.two_places import minutes_of_people, other_places
from inmates.services.attendance import AttendedDay, MarkEdit, record_attendance, save_attendance
from inmates.shifts import Mark
from portal.kernel.errors import ConstraintRefused
from tests.inmates.shifts import FRIDAY, NOON, THURSDAY, Floor, fields, text
from tests.people import a_placement, an_inmate
from workshops.models import Post, Workshop

pytestmark = pytest.mark.usefixtures("on_friday")


@pytest.fixture
def second(floor: Floor) -> Placement:
    """The first person sews in the evening, part time, at another workshop of the institution."""
    workshop = Workshop.objects.create(
        institution=floor.cast.institution, code="sewing-16", name_ru="Швейный цех",
        name_kk="Тігін цехы",
    )  # fmt: skip
    post = Post.objects.create(workshop=workshop, name_ru="Швея", trade=floor.cast.trade, seats=5)
    return a_placement(floor.cast, floor.placements[0].inmate, post=post, is_full_time=False)


def line_of(client: Client, floor: Floor, place: int = 0) -> str:
    html = text(client.get(floor.url()))
    number = floor.placements[place].inmate.personnel_number
    return html.split(f'data-number="{number}"')[1].split("</tr>")[0]


# --- what is shown ----------------------------------------------------------------------------
def test_a_person_of_one_place_has_no_word_about_others(master: Client, floor: Floor) -> None:
    assert "«" not in line_of(master, floor)


def test_the_other_place_stands_beside_the_line(
    master: Client, floor: Floor, second: Placement
) -> None:
    line = line_of(master, floor)
    assert "Ждут и в «Швейный цех»." in line
    assert "status-warn" not in line
    assert "Швейный" not in line_of(master, floor, 1)


def test_more_than_a_full_shift_together_is_a_warning(
    master: Client, floor: Floor, second: Placement
) -> None:
    floor.attend(AttendedDay(second.pk, FRIDAY, 120))
    line = line_of(master, floor)
    assert "Ещё в «Швейный цех»: 120 мин." in line
    assert "Вместе 600 мин, полная смена — 480." in line
    assert "status-warn" in line


def test_a_full_shift_in_two_halves_is_no_warning(
    master: Client, floor: Floor, second: Placement
) -> None:
    floor.attend(
        AttendedDay(second.pk, FRIDAY, 240), AttendedDay(floor.placements[0].pk, FRIDAY, 240)
    )
    line = line_of(master, floor)
    assert "240 мин." in line
    assert "Вместе" not in line


def test_the_warning_goes_by_the_shorter_day_of_the_disabled(
    master: Client, floor: Floor, second: Placement
) -> None:
    inmate = floor.placements[0].inmate
    type(inmate).objects.filter(pk=inmate.pk).update(disability_group=1)
    floor.attend(
        AttendedDay(second.pk, FRIDAY, 200), AttendedDay(floor.placements[0].pk, FRIDAY, 240)
    )
    assert "Вместе 440 мин, полная смена — 432." in line_of(master, floor)


def test_a_warning_does_not_stop_the_save(master: Client, floor: Floor, second: Placement) -> None:
    floor.attend(AttendedDay(second.pk, FRIDAY, 240))
    values = fields(text(master.get(floor.url())))
    assert master.post(floor.url(), values).status_code == 302
    assert Attendance.objects.filter(worked_on=FRIDAY).count() == 4


def test_a_place_that_ended_is_no_other_place(floor: Floor, second: Placement) -> None:
    Placement.objects.filter(pk=second.pk).update(effective_to=FRIDAY)
    assert other_places(floor.placements, FRIDAY) == {}
    assert list(other_places(floor.placements, THURSDAY)) == [floor.placements[0].pk]


def test_the_other_places_of_all_are_one_query(floor: Floor, second: Placement) -> None:
    with CaptureQueriesContext(connection) as captured:
        found = other_places(floor.placements, FRIDAY)
    assert len(captured) == 1
    [other] = found[floor.placements[0].pk]
    assert (other.workshop, other.minutes) == ("Швейный цех", None)


# --- what is refused --------------------------------------------------------------------------
def test_more_than_the_hours_of_a_day_are_refused_at_the_line(
    floor: Floor, second: Placement
) -> None:
    floor.attend(AttendedDay(second.pk, FRIDAY, 1000))
    with pytest.raises(SheetRefused, match=r"№ 1601.*1.441 минут.*1.440") as refused:
        floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 441))
    assert list(refused.value.problems) == [floor.placements[0].pk]
    assert floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 440)) == 1


def test_both_places_in_one_list_are_counted_together(floor: Floor, second: Placement) -> None:
    first = floor.placements[0]
    with pytest.raises(SheetRefused) as refused:
        floor.attend(AttendedDay(first.pk, FRIDAY, 900), AttendedDay(second.pk, FRIDAY, 900))
    assert set(refused.value.problems) == {first.pk, second.pk}
    assert not Attendance.objects.exists()


def test_moving_minutes_from_one_place_to_the_other_is_possible(
    floor: Floor, second: Placement
) -> None:
    first = floor.placements[0]
    floor.attend(AttendedDay(first.pk, FRIDAY, 1400))
    moved = [AttendedDay(first.pk, FRIDAY, 40), AttendedDay(second.pk, FRIDAY, 1400)]
    assert record_attendance(actor=floor.cast.master, days=moved, at=NOON) == 2
    cleared = [(second.pk, FRIDAY)]
    back = [AttendedDay(first.pk, FRIDAY, 1440)]
    assert record_attendance(actor=floor.cast.master, days=back, cleared=cleared, at=NOON) == 2


def test_another_day_has_its_own_hours(floor: Floor, second: Placement) -> None:
    floor.attend(AttendedDay(second.pk, THURSDAY, 1000))
    assert floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 1000)) == 1


def test_an_absence_beside_a_long_day_is_no_hours(floor: Floor, second: Placement) -> None:
    floor.attend(AttendedDay(second.pk, FRIDAY, 1440))
    assert floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 0, floor.sick.pk)) == 1


def test_the_page_keeps_what_was_typed(master: Client, floor: Floor, second: Placement) -> None:
    floor.attend(AttendedDay(second.pk, FRIDAY, 1000))
    name = f"minutes-{floor.placements[0].pk}"
    values = fields(text(master.get(floor.url()))) | {name: "500"}
    response = master.post(floor.url(), values)
    assert response.status_code == 422
    assert f'name="{name}" value="500"' in text(response)
    assert "Договоритесь с другой мастерской" in text(response)


def test_the_minutes_of_people_are_one_query(floor: Floor, second: Placement) -> None:
    first = floor.placements[0]
    floor.attend(AttendedDay(first.pk, FRIDAY, 300), AttendedDay(second.pk, FRIDAY, 60))
    with CaptureQueriesContext(connection) as captured:
        found = minutes_of_people([first.pk], [FRIDAY, THURSDAY])
    assert len(captured) == 1
    assert found == {(first.inmate_id, FRIDAY): {first.pk: 300, second.pk: 60}}


# --- transferred and released during the day --------------------------------------------------
def test_who_was_transferred_while_the_sheet_was_open_is_named(
    master: Client, floor: Floor
) -> None:
    """The placement ended this morning; the page was opened before that."""
    one = floor.placements[0]
    values = fields(text(master.get(floor.url())))
    Placement.objects.filter(pk=one.pk).update(effective_to=FRIDAY)
    response = master.post(floor.url(), values)
    # Who is no longer on the sheet is left out, the others are saved.
    assert response.status_code == 302
    assert not Attendance.objects.filter(placement=one).exists()
    assert Attendance.objects.count() == 2


def test_who_was_released_between_the_look_and_the_save_refuses_the_list(floor: Floor) -> None:
    one = floor.placements[0]
    Placement.objects.filter(pk=one.pk).update(effective_to=FRIDAY)
    edits = [MarkEdit(p.pk, Mark(480), was_entered=False, mine=Mark(480)) for p in floor.placements]
    with pytest.raises(ConstraintRefused, match="нет такого трудоустройства"):
        save_attendance(actor=floor.cast.master, day=FRIDAY, edits=edits, at=NOON)
    assert not Attendance.objects.exists()


def test_the_last_day_before_a_release_is_entered(floor: Floor) -> None:
    one = floor.placements[0]
    Placement.objects.filter(pk=one.pk).update(effective_to=FRIDAY + timedelta(days=1))
    assert floor.attend(AttendedDay(one.pk, FRIDAY, 240)) == 1


def test_who_arrived_while_the_sheet_was_open_waits_for_the_next_look(
    master: Client, floor: Floor
) -> None:
    values = fields(text(master.get(floor.url())))
    late = a_placement(floor.cast, an_inmate(floor.cast, "1699"))
    assert master.post(floor.url(), values).status_code == 302
    assert not Attendance.objects.filter(placement=late).exists()
    assert "Не внесён 1 человек" in text(master.get(floor.url()))


# --- what people type -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("7,5", "7,5 часа — это 450 минут: внесите 450"),
        ("7.25", "7.25 часа — это 435 минут"),
        ("7:30", "это 450 минут"),
        ("4О0", "«4О0» среди цифр стоит буква"),
        ("48o", "среди цифр стоит буква"),
        ("четыре", "Введите целое число цифрами"),
        ("-5", "Число должно быть не меньше 0"),
        ("1441", "Число должно быть не больше 1 440"),
        ("7,333", "целое число"),
    ],
)
def test_minutes_typed_wrongly_come_back_with_a_sentence(
    master: Client, floor: Floor, typed: str, sentence: str
) -> None:
    name = f"minutes-{floor.placements[0].pk}"
    values = fields(text(master.get(floor.url()))) | {name: typed}
    response = master.post(floor.url(), values)
    assert response.status_code == 422
    assert sentence in text(response)
    assert f'name="{name}" value="{typed}"' in text(response)
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2024-02-29", 200), ("2026-02-29", 404), ("2025-02-29", 404), ("2026-2-1", 404),
        ("20260220", 404), ("2026-W08-5", 404), ("29.02.2024", 404), ("2026-11-31", 404),
        ("0000-01-01", 404), ("٢٠٢٤-02-29", 404),
    ],
)  # fmt: skip
@pytest.mark.parametrize("part", ["", "output/"])
def test_a_day_of_the_address_is_a_day_of_the_calendar(
    master: Client, floor: Floor, day: str, status: int, part: str
) -> None:
    assert master.get(f"/shift/wood-16/{day}/{part}").status_code == status


def test_the_leap_day_is_a_day_like_others(floor: Floor) -> None:
    leap = FRIDAY.replace(year=2024, month=2, day=29)
    one = floor.placements[0]
    Placement.objects.filter(pk=one.pk).update(effective_from=leap)
    record_attendance(
        actor=floor.cast.master, days=[AttendedDay(one.pk, leap, 480)], at=NOON,
        correction="Внесено по бумажному табелю",
    )  # fmt: skip
    assert Attendance.objects.get().worked_on == leap
