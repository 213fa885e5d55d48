"""One payer in several institutions: work that begins or ends in one concerns the others."""

from datetime import date

import pytest

from inmates.models import BackdatedChange, Placement
from portal.accounts.models import OrganisationTaxStatus
from tests.inmates.marks.world import IN_TEAM, a_closed_month, marked, place_of
from tests.inmates.months import OCTOBER
from tests.inmates.second_place import second_place
from tests.people import Cast, a_placement, an_inmate

NOVEMBER = date(2026, 11, 1)
LAST = date(2026, 10, 31)


def ended(on: date) -> Placement:
    """The person's work ended in the closed month, and its marks are forgotten."""
    placement = place_of(IN_TEAM)
    placement.effective_to = on
    placement.save(update_fields=["effective_to"])
    return placement


def test_work_elsewhere_from_the_next_day_on_is_marked_where_it_ended(pay: Cast) -> None:
    """The leave that October paid at the end of work is not due: the work went on."""
    a_closed_month(pay)
    placement = ended(NOVEMBER)
    _there, post = second_place(pay)

    def begin() -> None:
        a_placement(pay, placement.inmate, post=post, effective_from=NOVEMBER)

    assert marked(begin) == [(IN_TEAM, "placement", LAST, "placement")]


def test_work_from_the_first_of_the_next_month_is_no_dismissal(pay: Cast) -> None:
    """October asks whether the person works for the payer on the first of November."""
    a_closed_month(pay)
    placement = ended(date(2026, 10, 21))

    def begin() -> None:
        a_placement(pay, placement.inmate, effective_from=NOVEMBER)

    assert marked(begin) == [(IN_TEAM, "placement", LAST, "placement")]


@pytest.mark.parametrize("day", [date(2026, 11, 2), date(2026, 11, 16)])
def test_work_from_a_later_day_on_concerns_no_month_behind_it(pay: Cast, day: date) -> None:
    a_closed_month(pay)
    placement = ended(date(2026, 10, 21))
    assert marked(lambda: a_placement(pay, placement.inmate, effective_from=day)) == []


def test_work_elsewhere_within_the_month_is_marked_where_it_ended(pay: Cast) -> None:
    """The last place of the payer pays the leave, from that day on."""
    run = a_closed_month(pay)
    placement = ended(date(2026, 10, 10))
    _there, post = second_place(pay)
    begin = date(2026, 10, 20)
    assert marked(lambda: a_placement(pay, placement.inmate, post=post, effective_from=begin)) == [
        (IN_TEAM, "placement", begin, "placement")
    ]
    mark = BackdatedChange.objects.latest("id")
    assert (mark.payer, mark.institution) == (run.payer, run.institution)


def test_other_payers_of_the_person_are_not_concerned(pay: Cast) -> None:
    a_closed_month(pay)
    placement = ended(NOVEMBER)
    _there, post = second_place(pay)

    payer = post.workshop.institution.organisation

    def begin() -> None:
        a_placement(pay, placement.inmate, post=post, effective_from=NOVEMBER, payer=payer)

    assert marked(begin) == []


def test_a_placement_that_is_taken_back_is_marked_like_one_that_is_added(pay: Cast) -> None:
    a_closed_month(pay)
    placement = ended(NOVEMBER)
    _there, post = second_place(pay)
    later = a_placement(pay, placement.inmate, post=post, effective_from=NOVEMBER)
    BackdatedChange.objects.all().delete()
    assert marked(lambda: Placement.objects.filter(pk=later.pk).delete()) == [
        (IN_TEAM, "placement", LAST, "placement")
    ]


def test_who_begins_on_the_first_of_the_open_month_is_not_marked(pay: Cast) -> None:
    a_closed_month(pay)
    inmate = an_inmate(pay, "1901")
    assert marked(lambda: a_placement(pay, inmate, effective_from=NOVEMBER)) == []


def test_a_tax_regime_that_is_taken_away_marks_the_people_of_the_payer(pay: Cast) -> None:
    a_closed_month(pay)
    own = OrganisationTaxStatus.objects.filter(organisation=pay.enterprise)
    found = marked(own.delete)
    assert {(cause, day) for _number, cause, day, _what in found} == {("regime", OCTOBER.first_day)}
    assert len(found) == 3
