"""Stories of corrections: each person works from August to October of 2026, and is paid each month.

A story runs up to its first `yield`, then August is calculated, approved and paid; what follows is
changed before September, and before October. What the payslips then say is in past_stories.txt.
"""

from collections.abc import Callable, Iterator
from datetime import date

from tests.inmates.golden.past_people import AUGUST, OCTOBER, SEPTEMBER, Person, money

Story = Callable[[Person], Iterator[None]]
STORIES: list[Story] = []
NINTH, TENTH = date(2026, 9, 1), date(2026, 10, 1)
EIGHTH = date(2026, 8, 1)


def story(one: Story) -> Story:
    STORIES.append(one)
    return one


@story
def a_day_more(p: Person) -> Iterator[None]:
    p.works()
    yield
    p.more(AUGUST)


@story
def a_day_less(p: Person) -> Iterator[None]:
    p.works()
    yield
    p.less(AUGUST)


@story
def a_shorter_day(p: Person) -> Iterator[None]:
    p.works()
    yield
    p.on_day(AUGUST, 3, minutes=125)


@story
def days_of_two_months_at_once(p: Person) -> Iterator[None]:
    p.works()
    yield
    yield
    p.more(AUGUST)
    p.less(SEPTEMBER)


@story
def a_change_of_a_change(p: Person) -> Iterator[None]:
    p.works()
    yield
    p.on_day(AUGUST, 3, minutes=240)
    yield
    p.on_day(AUGUST, 3, minutes=300)


@story
def a_change_taken_back_after_it_was_paid(p: Person) -> Iterator[None]:
    p.works()
    yield
    p.on_day(AUGUST, 3, minutes=240)
    yield
    p.on_day(AUGUST, 3, minutes=480)


@story
def a_change_taken_back_before_it_was_paid(p: Person) -> Iterator[None]:
    p.works()
    yield
    p.on_day(AUGUST, 3, minutes=240)
    p.on_day(AUGUST, 3, minutes=480)


@story
def several_changes_of_one_day(p: Person) -> Iterator[None]:
    p.works()
    yield
    p.on_day(AUGUST, 3, minutes=240)
    p.on_day(AUGUST, 3, minutes=300)
    p.on_day(AUGUST, 3, night_minutes=60)


@story
def night_hours_entered_late(p: Person) -> Iterator[None]:
    p.works()
    yield
    p.on_day(AUGUST, 1, night_minutes=120)


@story
def overtime_entered_late(p: Person) -> Iterator[None]:
    p.works()
    yield
    p.on_day(AUGUST, 1, minutes=600, overtime_minutes=120)


@story
def a_sunday_entered_late(p: Person) -> Iterator[None]:
    p.works()
    yield
    p.at_work(date(2026, 8, 16))


@story
def a_worked_day_was_paid_leave(p: Person) -> Iterator[None]:
    p.works()
    yield
    p.was_away(AUGUST, 10, "leave")


@story
def sick_days_found_late(p: Person) -> Iterator[None]:
    p.works(10, 10, 10)
    yield
    yield
    p.away(SEPTEMBER, "sick", 21, 22, 23)


@story
def idle_time_found_late(p: Person) -> Iterator[None]:
    p.works()
    yield
    yield
    p.away(SEPTEMBER, "idle", 24)


@story
def the_average_of_leave_follows_the_month_before(p: Person) -> Iterator[None]:
    p.works(10, 10, 10)
    p.away(SEPTEMBER, "leave", 21, 22)
    yield
    yield
    p.on_day(AUGUST, 1, minutes=240)


@story
def leave_of_this_month_counts_the_difference(p: Person) -> Iterator[None]:
    p.works(10, 10, 10)
    p.away(OCTOBER, "leave", 28, 29)
    yield
    yield
    p.on_day(SEPTEMBER, 1, minutes=240)


@story
def a_month_that_was_not_worked_at_all(p: Person) -> Iterator[None]:
    p.works()
    yield
    p.less(AUGUST, 10)


@story
def two_months_that_were_not_worked_and_no_wages_to_take_it_from(p: Person) -> Iterator[None]:
    p.works(10, 10, 0)
    yield
    yield
    p.less(AUGUST, 10)
    p.less(SEPTEMBER, 10)


@story
def a_month_that_nobody_had_entered(p: Person) -> Iterator[None]:
    p.works(0, 10, 10)
    yield
    for _day in range(4):
        p.more(AUGUST)


@story
def a_rate_from_the_first_of_august(p: Person) -> Iterator[None]:
    post = p.own_post("700.00")
    p.works(post=post)
    yield
    yield
    p.paid_since(EIGHTH, "750.00", post=post)


@story
def a_lower_rate_from_the_first_of_september(p: Person) -> Iterator[None]:
    post = p.own_post("700.00")
    p.works(post=post)
    yield
    yield
    p.paid_since(NINTH, "650.00", post=post)


@story
def a_rate_from_the_middle_of_the_month(p: Person) -> Iterator[None]:
    """Two lines stand where one stood: less under the old rate, more under the new."""
    post = p.own_post("700.00")
    p.works(post=post)
    yield
    p.paid_since(date(2026, 8, 10), "800.00", post=post)


@story
def a_salary_raised_late(p: Person) -> Iterator[None]:
    post = p.own_post("200000.00", unit="month")
    p.works(post=post)
    yield
    p.paid_since(EIGHTH, "210000.00", post=post)


@story
def more_pieces_than_were_counted(p: Person) -> Iterator[None]:
    work = p.operation("650.00")
    p.works(pay_form="piece")
    p.makes(work, 100, 100, 100)
    yield
    WorkOf(p).count(AUGUST, 110)


@story
def fewer_pieces_than_were_counted(p: Person) -> Iterator[None]:
    work = p.operation("650.00")
    p.works(pay_form="piece")
    p.makes(work, 100, 100, 100)
    yield
    WorkOf(p).count(AUGUST, 91)


@story
def pieces_of_another_operation(p: Person) -> Iterator[None]:
    first, second = p.operation("650.00"), p.operation("97.20", 3)
    p.works(pay_form="piece")
    p.makes(first, 100, 100, 100)
    yield
    WorkOf(p).count(AUGUST, 60)
    p.made(second, AUGUST, 1000)


@story
def a_piece_rate_that_came_late(p: Person) -> Iterator[None]:
    work = p.operation("38.75", 7)
    p.works(pay_form="piece")
    p.makes(work, 10_000, 10_000, 10_000)
    yield
    yield
    p.paid_since(EIGHTH, "40.00", operation=work.operation)


@story
def the_minimum_wage_lifts_less(p: Person) -> Iterator[None]:
    """Under the floor of the month: what pieces bring more, the top-up brings less."""
    work = p.operation("100.00")
    p.works(pay_form="piece")
    p.makes(work, 100, 100, 100)
    yield
    WorkOf(p).count(AUGUST, 150)


@story
def output_of_a_team_taken_away(p: Person) -> Iterator[None]:
    work = p.operation("650.00")
    p.works(pay_form="piece")
    p.makes(work, 80, 80, 80)
    entry = p.in_team(work, AUGUST, 40)
    yield
    entry.shares.all().delete()
    entry.delete()


@story
def an_apprentice_since_august(p: Person) -> Iterator[None]:
    work = p.operation("650.00")
    p.works(pay_form="piece")
    p.makes(work, 100, 100, 100)
    yield
    p.learns(EIGHTH, "0.80")


@story
def a_pension_known_late(p: Person) -> Iterator[None]:
    p.works()
    yield
    p.is_now(pension="age")


@story
def a_disability_known_late(p: Person) -> Iterator[None]:
    p.works()
    yield
    yield
    p.is_now(disability_group=2)


@story
def an_application_that_lay_in_a_drawer(p: Person) -> Iterator[None]:
    p.works(asks=False)
    yield
    yield
    p.asks()


@story
def an_application_for_september_alone(p: Person) -> Iterator[None]:
    p.works(asks=False)
    yield
    yield
    p.asks(NINTH)


@story
def an_application_given_up(p: Person) -> Iterator[None]:
    p.works(asks=False)
    paper = p.asks()
    yield
    yield
    type(paper).objects.filter(pk=paper.pk).update(effective_to=NINTH)


@story
def work_that_had_ended_in_august(p: Person) -> Iterator[None]:
    """Leave that was not taken is paid with the difference of the month of the end."""
    p.works(10, 0, 0)
    yield
    p.leaves(date(2026, 8, 29))


@story
def work_that_went_on_after_all(p: Person) -> Iterator[None]:
    p.works(10, 0, 0)
    p.leaves(date(2026, 8, 29))
    yield
    yield
    p.leaves(None)
    p.more(OCTOBER)


@story
def alimony_that_came_late(p: Person) -> Iterator[None]:
    p.works()
    yield
    yield
    p.owes(share_numerator=1, share_denominator=4, effective_from=NINTH)


@story
def alimony_that_had_ended(p: Person) -> Iterator[None]:
    p.works()
    writ = p.owes(share_numerator=1, share_denominator=4)
    yield
    yield
    type(writ).objects.filter(pk=writ.pk).update(effective_to=NINTH)


@story
def the_creditor_has_a_part_of_the_difference(p: Person) -> Iterator[None]:
    p.works()
    p.owes(share_numerator=1, share_denominator=4)
    yield
    p.more(AUGUST)


@story
def a_debt_that_was_smaller(p: Person) -> Iterator[None]:
    p.works()
    writ = p.claims("30000.00")
    yield
    yield
    type(writ).objects.filter(pk=writ.pk).update(debt=money("25000.00"))


@story
def a_debt_paid_off_earlier(p: Person) -> Iterator[None]:
    """More is withheld in August, so less in September: the debt is paid once."""
    p.works()
    p.claims("40000.00")
    yield
    yield
    p.more(AUGUST)


@story
def a_suspension_known_late(p: Person) -> Iterator[None]:
    p.works()
    writ = p.claims("100000.00")
    yield
    yield
    p.suspended(writ, NINTH, TENTH)


@story
def a_fixed_sum_and_a_day_less(p: Person) -> Iterator[None]:
    p.works()
    p.owes(amount=money("22000.00"))
    yield
    p.less(AUGUST)


@story
def a_bonus_for_august(p: Person) -> Iterator[None]:
    p.works()
    yield
    yield
    p.given(AUGUST, "bonus", "15000.00")


@story
def a_bonus_taken_back(p: Person) -> Iterator[None]:
    p.works()
    bonus = p.given(AUGUST, "bonus", "15000.00")
    yield
    bonus.delete()


@story
def a_bonus_over_the_first_step_of_the_tax(p: Person) -> Iterator[None]:
    """The income of the year passes the step in August: September is taxed by the second."""
    p.works(asks=False)
    yield
    yield
    p.given(AUGUST, "bonus", "45000000.00")


@story
def half_is_withheld_and_the_rest_carried_over(p: Person) -> Iterator[None]:
    p.works(20, 10, 10)
    yield
    p.less(AUGUST, 20)


@story
def writs_leave_no_room_for_what_was_overpaid(p: Person) -> Iterator[None]:
    p.works()
    p.owes(share_numerator=1, share_denominator=2)
    yield
    p.less(AUGUST, 5)


@story
def writs_leave_some_room(p: Person) -> Iterator[None]:
    p.works()
    p.owes(share_numerator=1, share_denominator=3)
    yield
    p.less(AUGUST, 5)


@story
def one_month_pays_for_the_other(p: Person) -> Iterator[None]:
    """Overpaid in August and underpaid in September: only the rest is withheld."""
    p.works()
    yield
    yield
    p.less(AUGUST, 4)
    p.more(SEPTEMBER)


@story
def what_is_owed_is_set_off_against_a_later_difference(p: Person) -> Iterator[None]:
    p.works(10, 4, 10)
    yield
    p.less(AUGUST, 10)
    yield
    p.more(SEPTEMBER)
    p.more(SEPTEMBER)


class WorkOf:
    """The output of a person."""

    def __init__(self, person: Person) -> None:
        self._entries = type(person.job.entries.first()).objects.filter(placement=person.job)

    def count(self, month: object, pieces: int) -> None:
        days = (month.first_day, month.last_day)  # type: ignore[attr-defined]
        self._entries.filter(worked_on__range=days).update(quantity=pieces)
