"""Small worlds with known answers: who is counted where and when; the public figure."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation

from inmates.selectors.facts import fact_summary, freshness_of_facts
from inmates.services.fact_periods import finalise_facts
from inmates.services.facts import refresh_facts
from portal.kernel.periods import Month
from portal.kernel.workdays import is_workday
from portal.reports import selectors as figures
from portal.reports.employment import presenters, selectors
from portal.reports.employment.measures import DayCount
from portal.reports.employment.period import (
    ReportPeriod,
    day_period,
    month_period,
    period_of,
)
from portal.reports.employment.presenters import facts_line
from portal.reports.employment.selectors import EmploymentReport
from tests.people import NOW, TODAY, Cast, a_consent, a_placement
from tests.reports.counted import (
    daily_counts,
    employment_headline,
    employment_report,
    facts_now,
    reasons_without_work,
)
from tests.reports.worlds import (
    ONE_DAY,
    a_person,
    a_post,
    a_sheet,
    a_state,
    a_worker,
    an_institution,
    reasons,
)
from workshops.models import Institution

OCTOBER = Month(2026, 10)
FRIDAY = date(2026, 10, 30)


def on(place: Institution, day: date) -> DayCount:
    (count,) = daily_counts([place.pk], day, day + ONE_DAY)
    return count


def october(*places: Institution) -> EmploymentReport:
    return employment_report(places, month_period(OCTOBER, TODAY), TODAY)


def test_arrival_counts_and_departure_does_not(cast: Cast) -> None:
    a_person(cast.institution, date(2026, 10, 11), date(2026, 10, 21))
    heads = {day: on(cast.institution, date(2026, 10, day)).heads[0] for day in (10, 11, 20, 21)}
    assert heads == {10: 0, 11: 1, 20: 1, 21: 0}
    line = october(cast.institution).total
    assert line is not None
    # Ten days of thirty-one.
    assert line.cells[0].heads == Decimal("0.3")


def test_somebody_who_goes_in_the_middle_is_half_a_person(cast: Cast) -> None:
    a_person(cast.institution, date(2025, 1, 1), date(2026, 9, 16))
    line = employment_report([cast.institution], month_period(Month(2026, 9), TODAY), TODAY).total
    assert line is not None
    assert line.cells[0].heads == line.cells[1].heads == Fraction(1, 2)


def test_transfer_is_counted_in_one_place_a_day(cast: Cast) -> None:
    other = an_institution(cast, "30")
    inmate = a_person(cast.institution, date(2026, 1, 1), date(2026, 10, 16))
    inmate.stays.create(institution=other, effective_from=date(2026, 10, 16))
    for day in OCTOBER.days():
        counts = daily_counts([cast.institution.pk, other.pk], day, day + ONE_DAY)
        assert sum(count.heads[0] for count in counts) == 1
    report = october(cast.institution, other)
    first, second = (one.line for one in report.lines)
    assert report.total is not None
    assert first is not None
    assert second is not None
    assert [first.cells[0].heads, second.cells[0].heads] == [
        pytest.approx(Fraction(5, 10)),
        pytest.approx(Fraction(5, 10)),
    ]
    assert report.total.cells[0].heads == first.cells[0].heads + second.cells[0].heads


def test_work_in_another_institution_counts_where_the_person_is(cast: Cast) -> None:
    other = an_institution(cast, "30")
    inmate = a_person(cast.institution)
    placement = a_placement(cast, inmate, post=a_post(other, cast))
    a_sheet(placement, FRIDAY)
    assert on(cast.institution, FRIDAY).employed[0] == 1
    assert on(cast.institution, FRIDAY).minutes == 480
    assert on(other, FRIDAY).employed[0] == on(other, FRIDAY).minutes == 0


def test_placement_is_in_force_up_to_but_not_including_its_end(cast: Cast) -> None:
    a_worker(
        cast,
        cast.institution,
        effective_from=date(2026, 10, 5),
        effective_to=date(2026, 10, 31),
    )
    employed = {
        day: on(cast.institution, date(2026, 10, day)).employed[0] for day in (4, 5, 30, 31)
    }
    assert employed == {4: 0, 5: 1, 30: 1, 31: 0}


def test_two_placements_are_one_employed_person(cast: Cast) -> None:
    inmate = a_person(cast.institution)
    for begin, end in ((1, 20), (10, 31)):
        placement = a_placement(
            cast,
            inmate,
            is_full_time=False,
            effective_from=date(2026, 10, begin),
            effective_to=date(2026, 10, end),
        )
        a_sheet(placement, date(2026, 10, 15), 240)
    count = on(cast.institution, date(2026, 10, 15))
    assert (count.employed[0], count.worked[0], count.sheets, count.minutes) == (1, 1, 1, 480)
    line = october(cast.institution).total
    assert line is not None
    # The 1st to the 30th, in one stretch: thirty days of thirty-one.
    assert line.rate == Fraction(30, 31)


def test_a_private_placement_is_paid_work_as_well(cast: Cast) -> None:
    inmate = a_person(cast.institution)
    a_consent(inmate, cast.entrepreneur)
    a_placement(cast, inmate, employer=cast.entrepreneur, payer=cast.entrepreneur)
    assert on(cast.institution, FRIDAY).employed[0] == 1


def test_leave_sickness_and_days_off_are_employed_and_not_worked(cast: Cast) -> None:
    known = reasons()
    placement = a_worker(cast, cast.institution)
    a_sheet(placement, FRIDAY, 0, known["sick"])
    for day in (FRIDAY, FRIDAY + ONE_DAY):
        count = on(cast.institution, day)
        assert (count.employed[0], count.worked[0], count.minutes) == (1, 0, 0)


def test_absence_takes_from_available_only_for_a_whole_day_that_keeps_away(cast: Cast) -> None:
    known = reasons()
    entries = [(0, known["sick"]), (240, known["sick"]), (0, known["training"]), (480, None)]
    for minutes, reason in entries:
        a_sheet(a_worker(cast, cast.institution), FRIDAY, minutes, reason)
    count = on(cast.institution, FRIDAY)
    assert count.heads == (4, 4, 4, 3)
    assert count.employed == (4, 4, 4, 3)
    assert count.worked == (2, 2, 2, 2)


def test_reason_of_the_state_takes_from_available_once(cast: Cast) -> None:
    known = reasons()
    inmate = a_person(cast.institution, reason=known["quarantine"])
    a_sheet(a_placement(cast, inmate), FRIDAY, 0, known["sick"])
    a_person(cast.institution, reason=known["no_place"])
    assert on(cast.institution, FRIDAY).heads == (2, 2, 2, 1)


def test_unknown_is_a_category_of_its_own(cast: Cast) -> None:
    a_person(cast.institution, ability=None)
    a_person(cast.institution, ability="unknown", subject=True)
    a_person(cast.institution, ability="unable", subject=False)
    gap = a_person(cast.institution, ability=None)
    a_state(gap, date(2026, 1, 1), FRIDAY)
    count = on(cast.institution, FRIDAY)
    assert count.heads == (4, 0, 1, 0)
    assert count.unknown == 3
    assert on(cast.institution, FRIDAY - ONE_DAY).unknown == 2


def test_numerators_stay_inside_their_denominators(cast: Cast) -> None:
    known = reasons()
    for ability, subject in (("able", True), ("unable", True), ("unknown", False), (None, False)):
        inmate = a_person(cast.institution, ability=ability, subject=subject)
        a_sheet(a_placement(cast, inmate), FRIDAY)
    a_person(cast.institution, reason=known["no_place"])
    count = on(cast.institution, FRIDAY)
    assert count.heads == (5, 2, 3, 2)
    assert count.employed == count.worked == (4, 1, 2, 1)


def test_months_do_not_share_their_border_days(cast: Cast) -> None:
    a_worker(
        cast,
        cast.institution,
        effective_from=date(2026, 9, 30),
        effective_to=date(2026, 10, 2),
    )
    report = october(cast.institution)
    rates = {str(month.period.month): month.line and month.line.rate for month in report.months}
    assert rates["2026-09"] == Fraction(1, 30)
    assert rates["2026-10"] == Fraction(1, 31)
    assert rates["2026-08"] == 0


def test_the_leap_day_is_a_day_of_its_month(cast: Cast) -> None:
    a_worker(
        cast,
        cast.institution,
        effective_from=date(2024, 2, 29),
        effective_to=date(2024, 3, 1),
    )
    report = employment_report([cast.institution], month_period(Month(2024, 2), TODAY), TODAY)
    assert report.total is not None
    assert report.total.rate == Fraction(1, 29)
    assert on(cast.institution, date(2024, 3, 1)).employed[0] == 0


def test_month_counts_the_timesheets_that_are_due(cast: Cast) -> None:
    placement = a_worker(cast, cast.institution)
    days = [day for day in OCTOBER.days() if is_workday(day)]
    for day in days[:-1]:
        a_sheet(placement, day)
    report = october(cast.institution)
    assert len(report.late) == 1
    assert report.late[0].line is not None
    assert report.late[0].line.missing == 1
    a_sheet(placement, days[-1])
    report = october(cast.institution)
    assert report.late == []
    assert report.total is not None
    assert report.total.minutes == 21 * 480
    assert report.total.worked_rate == 1


def close(cast: Cast, place: Institution) -> None:
    finalise_facts(
        actor=cast.analyst, institution_id=place.pk, month=OCTOBER,
        unknown_seen=fact_summary(place.pk, OCTOBER).unknown_days, on=TODAY, at=NOW,
    )  # fmt: skip


def test_month_is_final_when_the_facts_of_every_place_counted_are_closed(cast: Cast) -> None:
    other, empty = an_institution(cast, "30"), an_institution(cast, "13")
    for place in (cast.institution, other):
        a_person(place)
    places = (cast.institution, other, empty)
    facts_now()
    assert not october(*places).is_final
    close(cast, cast.institution)
    assert not october(*places).is_final
    assert october(cast.institution).is_final
    close(cast, other)
    report = october(*places)
    # Where nobody is held there is nothing to close.
    assert report.is_final
    finals = [str(month.period.month) for month in report.months if month.is_final]
    assert finals == ["2026-10"]


def test_what_comes_late_changes_no_final_figure(cast: Cast) -> None:
    placement = a_worker(cast, cast.institution)
    facts_now()
    close(cast, cast.institution)
    before = october(cast.institution)
    a_sheet(placement, FRIDAY)
    a_person(cast.institution)
    report = october(cast.institution)
    assert report.total == before.total
    assert report.is_final
    assert on(cast.institution, TODAY - ONE_DAY).heads[0] == 2


def test_report_says_how_fresh_its_facts_are(cast: Cast) -> None:
    assert facts_line(october(cast.institution).facts) != ""
    facts_now()
    refresh_facts(on=TODAY, at=NOW)
    assert "21.11.2026" in facts_line(freshness_of_facts())
    a_sheet(a_worker(cast, cast.institution), FRIDAY)
    told = freshness_of_facts()
    assert told.changed_people == 1
    assert facts_line(told) != facts_line(replace(told, changed_people=0))


def test_before_the_first_night_there_are_no_facts(cast: Cast) -> None:
    a_person(cast.institution)
    report = selectors.employment_report([cast.institution], month_period(OCTOBER, TODAY), TODAY)
    assert report.total is None
    assert not report.is_final
    assert facts_line(report.facts)
    assert figures.employment_headline(TODAY) is None


def test_a_month_in_progress_is_never_final(cast: Cast) -> None:
    a_person(cast.institution)
    assert not employment_report(
        [cast.institution], month_period(Month(2026, 11), TODAY), TODAY
    ).is_final


def test_without_people_nothing_is_final(cast: Cast) -> None:
    report = october(cast.institution)
    assert report.total is None
    assert not report.is_final


def test_without_institutions_there_is_no_report(cast: Cast) -> None:
    report = employment_report([], period_of(today=TODAY), TODAY)
    assert (report.total, report.lines) == (None, ())
    assert reasons_without_work([], period_of(today=TODAY)) == {}


def test_reasons_and_the_employed_are_all_in_custody(cast: Cast) -> None:
    known = reasons()
    for reason in ("no_place", "no_place", "quarantine", None):
        a_person(cast.institution, reason=known.get(reason or ""))
    a_person(cast.institution, ability="unable", subject=False, reason=known["disability"])
    a_person(cast.institution, ability=None)
    for _number in range(2):
        a_worker(cast, cast.institution)
    period = ReportPeriod("day", FRIDAY, FRIDAY + ONE_DAY, is_ended=True)
    able, unable, unknown = reasons_without_work([cast.institution], period)[cast.institution.pk]
    told = [(row.reason.code if row.reason else None, int(row.heads)) for row in able.rows]
    assert told == [("no_place", 2), ("quarantine", 1), (None, 1)]
    assert (unable.heads, unknown.heads) == (1, 1)
    count = on(cast.institution, FRIDAY)
    assert able.heads + unable.heads + unknown.heads + count.employed[0] == count.heads[0]


# --- The public figure ------------------------------------------------------------------------
def people_for_headline(cast: Cast, employed: int, others: int) -> None:
    for _number in range(employed):
        a_worker(cast, cast.institution)
    for _number in range(others):
        a_person(cast.institution)


def test_headline_is_of_the_day_before(cast: Cast) -> None:
    people_for_headline(cast, 6, 5)
    a_worker(cast, cast.institution, effective_from=TODAY)
    figure = employment_headline(TODAY)
    assert figure is not None
    assert (figure.day, figure.employed, figure.able) == (TODAY - timedelta(days=1), 6, 12)
    assert figure.rate == Fraction(1, 2)
    assert figure.definition.reference == "EMP-employed/1"


@pytest.mark.parametrize(("employed", "others"), [(4, 20), (20, 4), (0, 9), (9, 0), (0, 0)])
def test_headline_hides_small_cells_and_what_follows_from_them(
    cast: Cast, employed: int, others: int
) -> None:
    people_for_headline(cast, employed, others)
    assert employment_headline(TODAY) is None


# --- days without facts -------------------------------------------------------------------------


def test_days_whose_nights_were_missed_are_left_out_of_the_means(cast: Cast) -> None:
    """Four people on each counted day are four, not four times ten of thirty-one."""
    for _number in range(4):
        a_worker(cast, cast.institution)
    facts_now(date(2025, 10, 1), date(2026, 10, 11))
    period = month_period(Month(2026, 10), TODAY)
    report = selectors.employment_report([cast.institution], period, TODAY)
    assert report.period.last_day == date(2026, 10, 10)
    assert report.total.cells[0].heads == report.total.cells[0].employed == Decimal("4.0")
    assert report.months[-1].line.cells[0].heads == Decimal("4.0")
    assert not report.is_final
    with translation.override("ru"):
        assert "Посчитано по 10.10.2026 включительно: у дней после него ещё нет данных." in (
            presenters.standing(report.period, report.total, is_final=report.is_final)
        )
        assert "10.10.2026" in presenters.freshness(report.period, report.lines)
    # The month after has no facts at all: no data, and no zero.
    later = selectors.employment_report(
        [cast.institution], month_period(Month(2026, 11), TODAY), TODAY
    )
    assert (later.total, later.months[-1].line) == (None, None)


def test_today_has_no_data_before_its_night(cast: Cast) -> None:
    a_worker(cast, cast.institution)
    facts_now(date(2025, 12, 1), TODAY)
    period = day_period(TODAY, TODAY)
    report = selectors.employment_report([cast.institution], period, TODAY)
    assert (report.total, report.is_final) == (None, False)
    with translation.override("ru"):
        assert presenters.freshness(period, report.lines) == "Данных на 22.11.2026 нет."


def test_month_before_facts_begin_has_no_data(cast: Cast) -> None:
    a_worker(cast, cast.institution)
    facts_now(date(2026, 9, 1), TODAY)
    report = selectors.employment_report(
        [cast.institution], month_period(Month(2026, 8), TODAY), TODAY
    )
    assert report.total is None
    assert {month.line for month in report.months} == {None}
