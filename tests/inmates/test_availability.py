"""How many people are free, by institution and trade: who counts, who does not, and no names."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inmates.models import LabourState
from inmates.selectors.availability import free_people
from inmates.services.availability import refresh_labour_availability
from inmates.tasks import count_free_people
from portal.kernel.daily import enqueue_for_day
from portal.kernel.models import TaskRun
from tests.people import NOW, TODAY, Cast, a_cast, a_placement, an_inmate
from tests.reports.worlds import a_person, a_post, a_state, a_worker, an_institution, reasons
from workshops.models import LabourAvailability, Trade

ONE_DAY = timedelta(days=1)


def free(cast: Cast) -> dict[int | None, int]:
    return free_people(TODAY)[cast.institution.pk]


def test_institution_without_anybody_is_counted_too(cast: Cast) -> None:
    assert free_people(TODAY) == {cast.institution.pk: {}}


def test_person_who_never_worked_has_no_trade(cast: Cast) -> None:
    an_inmate(cast)
    assert free(cast) == {None: 1}


def test_person_in_paid_work_is_not_free(cast: Cast) -> None:
    a_placement(cast, an_inmate(cast))
    assert free(cast) == {}


def test_trade_is_that_of_the_last_work(cast: Cast) -> None:
    welder = Trade.objects.create(code="welder", name_ru="Сварщик")
    other = a_post(an_institution(cast, "30"), cast)
    other.trade = welder
    other.save()
    person = an_inmate(cast)
    a_placement(
        cast, person, effective_from=TODAY - 90 * ONE_DAY, effective_to=TODAY - 60 * ONE_DAY
    )
    a_placement(
        cast, person, post=other, effective_from=TODAY - 50 * ONE_DAY,
        effective_to=TODAY - 10 * ONE_DAY,
    )  # fmt: skip
    # What begins later is no work done yet.
    a_placement(cast, person, effective_from=TODAY + ONE_DAY)
    assert free(cast) == {welder.pk: 1}


@pytest.mark.parametrize(("ends_in", "expected"), [(-1, "free"), (0, "free"), (1, "busy")])
def test_last_day_of_work_is_the_one_before_its_end(
    cast: Cast, ends_in: int, expected: str
) -> None:
    a_placement(cast, an_inmate(cast), effective_to=TODAY + ends_in * ONE_DAY)
    assert free(cast) == ({cast.trade.pk: 1} if expected == "free" else {})


@pytest.mark.parametrize("ability", ["unable", "unknown", None])
def test_only_the_able_bodied_are_free(cast: Cast, ability: str | None) -> None:
    a_person(cast.institution, ability=ability)
    assert free(cast) == {}


@pytest.mark.parametrize(("code", "counts"), [("no_place", 1), ("quarantine", 0)])
def test_reason_decides_who_is_available(cast: Cast, code: str, counts: int) -> None:
    a_person(cast.institution, reason=reasons()[code])
    assert sum(free(cast).values()) == counts


def test_who_is_held_elsewhere_is_counted_there(cast: Cast) -> None:
    other = an_institution(cast, "30")
    a_person(other)
    a_person(other, until=TODAY)
    a_person(other, since=TODAY + ONE_DAY)
    assert free_people(TODAY) == {cast.institution.pk: {}, other.pk: {None: 1}}


def test_state_of_the_day_counts(cast: Cast) -> None:
    person = a_person(cast.institution, ability=None)
    a_state(person, TODAY - 30 * ONE_DAY, TODAY, ability="unable")
    a_state(person, TODAY)
    assert free(cast) == {None: 1}
    assert free_people(TODAY - ONE_DAY)[cast.institution.pk] == {}


def test_two_jobs_of_a_person_do_not_count_twice(cast: Cast) -> None:
    person = an_inmate(cast)
    for begin in (90, 80):
        a_placement(
            cast, person, is_full_time=False, effective_from=TODAY - begin * ONE_DAY,
            effective_to=TODAY - 20 * ONE_DAY,
        )  # fmt: skip
    assert free(cast) == {cast.trade.pk: 1}


def test_count_takes_the_same_queries_for_one_and_thirty(cast: Cast) -> None:
    a_person(cast.institution)
    with CaptureQueriesContext(connection) as few:
        free_people(TODAY)
    for number in range(3):
        place = an_institution(cast, str(30 + number))
        for _person in range(10):
            a_person(place)
            a_worker(cast, place)
    with CaptureQueriesContext(connection) as more:
        free_people(TODAY)
    assert len(more) == len(few) == 2


def test_refreshing_hands_numbers_down(cast: Cast) -> None:
    person = an_inmate(cast, "77001")
    a_placement(cast, person, effective_to=TODAY)
    a_person(cast.institution)
    for _time in range(2):
        assert refresh_labour_availability(on=TODAY) == 2
    rows = LabourAvailability.objects.order_by("trade__code")
    assert [(row.trade, row.people, row.day) for row in rows] == [
        (cast.trade, 1, TODAY),
        (None, 1, TODAY),
    ]
    assert "77001" not in str(list(rows.values()))


@pytest.mark.django_db(transaction=True)
def test_task_counts_the_day_it_is_for(own_messages: None) -> None:
    cast = a_cast()
    a_person(cast.institution)
    run = enqueue_for_day("inmates.count_free_people", at=NOW)
    assert run is not None
    LabourState.objects.update(ability="able")
    for _delivery in range(3):
        count_free_people.run(str(run.pk))
    assert [(row.day, row.people) for row in LabourAvailability.objects.all()] == [(TODAY, 1)]
    done = TaskRun.objects.get(pk=run.pk)
    assert (done.status, done.done, done.attempts) == ("done", 1, 1)
