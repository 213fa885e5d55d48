"""Rates, placements, people, writs and the law: what reaches a closed month marks its people."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from inmates.backdated_triggers import WAGE_CODES
from inmates.models import (
    Apprenticeship,
    BackdatedChange,
    CalendarDay,
    CustodyStay,
    EarningKind,
    Inmate,
    PayParameter,
    PayRate,
    TaxApplication,
    WritOfExecution,
    WritSuspension,
)
from inmates.parameters import PARAMETER_CODES
from inmates.wage_codes import EARNING_LAW_CODES
from portal.accounts.models import OrganisationTaxStatus
from portal.kernel.periods import period_q
from tests.inmates.marks.world import (
    BY_PIECE,
    BY_TIME,
    IN_TEAM,
    NOVEMBER_2,
    a_closed_month,
    marked,
    place_of,
)
from tests.inmates.months import FIRST, a_writ
from tests.people import NOW, Cast, a_placement, an_inmate

MIDDLE, LAST = date(2026, 10, 15), date(2026, 10, 31)
NOVEMBER = date(2026, 11, 1)
# Wages are the same whatever it is; what pays a debt back stays as it was in a closed month.
SETTLED_BY = "overpayment_recovery_share"
EVERYBODY = (BY_TIME, BY_PIECE, IN_TEAM)


def time_rate(pay: Cast) -> Any:
    return PayRate.objects.filter(post=pay.joiners)


def parameter(code: str, on: date = FIRST) -> Any:
    rows = PayParameter.objects.filter(code=code, effective_from__lte=on)
    return PayParameter.objects.filter(pk=rows.order_by("-effective_from").first().pk)


def of_all(cause: str, subject: str, day: date = FIRST) -> list[tuple[str, str, date, str]]:
    return [(number, cause, day, subject) for number in EVERYBODY]


# --- rates ------------------------------------------------------------------------------------
def test_a_rate_that_follows_another_reaches_back_to_its_first_day(pay: Cast) -> None:
    a_closed_month(pay)

    def succeed() -> None:
        time_rate(pay).update(effective_to=MIDDLE)
        PayRate.objects.create(
            payer=pay.enterprise, post=pay.joiners, amount=Decimal("700.00"), effective_from=MIDDLE,
            recorded_by=pay.accountant, recorded_at=NOW,
        )  # fmt: skip

    # The end of the old one says it already; the new one names whoever entered it.
    assert marked(succeed) == [(BY_TIME, "rate", MIDDLE, "post")] * 2
    assert set(BackdatedChange.objects.values_list("first_day", "cause", "subject")) == {
        (MIDDLE, "rate", f"post:{pay.joiners.pk}")
    }


def test_a_rate_from_the_open_month_on_marks_nobody(pay: Cast) -> None:
    a_closed_month(pay)
    assert marked(lambda: time_rate(pay).update(effective_to=NOVEMBER)) == []


def test_a_rate_for_pieces_marks_whoever_made_them(pay: Cast) -> None:
    a_closed_month(pay)
    rates = PayRate.objects.filter(operation=pay.cutting)
    assert marked(lambda: rates.update(amount=Decimal("651.00"))) == [
        (BY_PIECE, "rate", FIRST, "operation"),
        (IN_TEAM, "rate", date(2026, 10, 5), "operation"),
    ]


def test_a_rate_of_other_days_marks_nobody(pay: Cast) -> None:
    a_closed_month(pay)
    rates = PayRate.objects.filter(operation=pay.cutting)
    rates.update(effective_from=date(2026, 10, 1))
    BackdatedChange.objects.all().delete()
    assert marked(lambda: rates.update(effective_from=date(2026, 9, 20))) == []


# --- placements and stays ---------------------------------------------------------------------
def test_the_end_of_a_placement_in_a_closed_month_marks_its_person(pay: Cast) -> None:
    a_closed_month(pay)
    placement = place_of()

    def end() -> None:
        placement.effective_to = LAST
        placement.save(update_fields=["effective_to"])

    # The day before the first one without it: a month whose last day it is pays what is due then.
    assert marked(end) == [(BY_TIME, "placement", date(2026, 10, 30), "placement")]


def test_an_end_on_the_first_of_the_open_month_concerns_the_closed_one(pay: Cast) -> None:
    a_closed_month(pay)
    placement = place_of()

    def end() -> None:
        placement.effective_to = NOVEMBER
        placement.save(update_fields=["effective_to"])

    assert marked(end) == [(BY_TIME, "placement", LAST, "placement")]


def test_who_is_placed_back_in_a_closed_month_is_marked(pay: Cast) -> None:
    a_closed_month(pay)
    inmate = an_inmate(pay, "1900")
    assert marked(lambda: a_placement(pay, inmate, effective_from=MIDDLE)) == [
        ("1900", "placement", MIDDLE, "placement")
    ]


def test_who_is_placed_from_the_open_month_on_is_not(pay: Cast) -> None:
    a_closed_month(pay)
    inmate = an_inmate(pay, "1901")
    assert marked(lambda: a_placement(pay, inmate, effective_from=NOVEMBER)) == []
    assert marked(lambda: inmate.placements.update(basis="договор № 2")) == []


def test_the_end_of_custody_in_a_closed_month_marks_the_person(pay: Cast) -> None:
    a_closed_month(pay)
    stay = CustodyStay.objects.get(inmate=place_of().inmate)

    def release() -> None:
        stay.effective_to = MIDDLE
        stay.save(update_fields=["effective_to"])

    assert marked(release) == [(BY_TIME, "person", date(2026, 10, 14), "stay")]


# --- people -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "values", [{"pension": "age"}, {"disability_group": 2}, {"born_on": date(1970, 1, 1)}]
)
def test_a_fact_about_a_person_marks_all_that_was_paid(pay: Cast, values: Any) -> None:
    a_closed_month(pay)
    people = Inmate.objects.filter(personnel_number=BY_TIME)
    assert marked(lambda: people.update(**values)) == [(BY_TIME, "person", FIRST, "person")]
    assert marked(lambda: people.update(language="kk")) == []


def an_apprenticeship(pay: Cast, begin: date) -> Apprenticeship:
    return Apprenticeship.objects.create(
        inmate=place_of(BY_PIECE).inmate, trade=pay.trade, free_mentor="мастер", planned_hours=40,
        norm_coefficient=Decimal("0.8000"), basis="договор", effective_from=begin,
        recorded_by=pay.labour_officer, recorded_at=NOW,
    )  # fmt: skip


def test_an_apprenticeship_in_a_closed_month_marks_the_person(pay: Cast) -> None:
    a_closed_month(pay)
    assert marked(lambda: an_apprenticeship(pay, MIDDLE)) == [
        (BY_PIECE, "apprenticeship", MIDDLE, "apprenticeship")
    ]
    assert BackdatedChange.objects.get().changed_by == pay.labour_officer
    rows = Apprenticeship.objects.all()
    assert marked(lambda: rows.update(effective_to=date(2026, 11, 10))) == []
    # The first mark says it already, as long as nothing was calculated since.
    assert marked(lambda: rows.update(norm_coefficient=Decimal("0.9000"))) == []
    BackdatedChange.objects.all().delete()
    assert marked(lambda: rows.update(norm_coefficient=Decimal("0.7000"))) == [
        (BY_PIECE, "apprenticeship", MIDDLE, "apprenticeship")
    ]


def test_an_application_marks_at_its_own_payer_alone(pay: Cast) -> None:
    a_closed_month(pay)
    rows = TaxApplication.objects.filter(inmate=place_of().inmate)
    assert marked(lambda: rows.update(effective_to=NOVEMBER_2)) == []
    assert marked(lambda: rows.update(effective_to=LAST)) == [
        (BY_TIME, "application", LAST, "application")
    ]
    other = TaxApplication(
        inmate=place_of(BY_PIECE).inmate, payer=pay.entrepreneur, effective_from=FIRST
    )
    assert marked(other.save) == []


# --- writs ------------------------------------------------------------------------------------
def test_a_writ_that_came_late_marks_from_its_day(pay: Cast) -> None:
    a_closed_month(pay)
    person = place_of().inmate
    quarter = {"share_numerator": 1, "share_denominator": 4}

    def add(number: str, begin: date) -> Callable[[], Any]:
        return lambda: a_writ(person, number, effective_from=begin, **quarter)

    assert marked(add("1", MIDDLE)) == [(BY_TIME, "writ", MIDDLE, "writ")]
    assert marked(add("2", NOVEMBER)) == []
    writs = WritOfExecution.objects.filter(number="1")
    assert marked(lambda: writs.update(payee="другой")) == []
    third = {"share_denominator": 3}
    assert marked(lambda: writs.update(effective_from=FIRST)) == [(BY_TIME, "writ", FIRST, "writ")]
    # The mark of the first says it already.
    assert marked(lambda: writs.update(**third)) == []
    assert WritOfExecution.objects.get(number="1").share_denominator == 3


def test_a_suspension_marks_whom_the_writ_is_of(pay: Cast) -> None:
    a_closed_month(pay)
    writ = a_writ(
        place_of().inmate, "7", effective_from=NOVEMBER, share_numerator=1, share_denominator=4
    )
    row = WritSuspension(writ=writ, effective_from=MIDDLE, basis="определение")
    assert marked(row.save) == [(BY_TIME, "writ", MIDDLE, "writ")]
    assert BackdatedChange.objects.get().subject == f"writ:{writ.pk}"
    assert marked(lambda: WritSuspension.objects.update(basis="другое")) == []


# --- the law ----------------------------------------------------------------------------------
def test_a_figure_of_the_law_marks_everybody_who_was_paid_by_it(pay: Cast) -> None:
    a_closed_month(pay)
    found = marked(lambda: parameter("mrp").update(value=5000))
    assert found == of_all("parameter", "parameter")
    assert set(BackdatedChange.objects.values_list("subject", flat=True)) == {"parameter:mrp"}


def test_a_figure_that_follows_another_marks_from_its_day(pay: Cast) -> None:
    a_closed_month(pay)
    assert marked(lambda: parameter("mzp").update(effective_to=MIDDLE)) == of_all(
        "parameter", "parameter", MIDDLE
    )


def test_a_figure_from_the_open_month_on_or_of_no_wages_marks_nobody(pay: Cast) -> None:
    a_closed_month(pay)
    assert marked(lambda: parameter("mzp").update(effective_to=NOVEMBER)) == []
    assert marked(lambda: parameter("mzp").update(note="сверено")) == []


def test_each_figure_that_the_engine_reads_marks_and_no_other_one_does(pay: Cast) -> None:
    """The clock of questions, the places of a queue, a rule told in words: of no wage."""
    a_closed_month(pay)
    others = PayParameter.objects.exclude(code__in=WAGE_CODES)
    names = set(others.values_list("code", flat=True))
    assert {"wage_question_workdays", "shift_correction_days", "queue_weights"} < names
    assert marked(lambda: others.update(value=9)) == []
    assert names.isdisjoint({*PARAMETER_CODES, *EARNING_LAW_CODES} - {SETTLED_BY})
    in_force = PayParameter.objects.filter(period_q(LAST), code__in=WAGE_CODES)
    marked(lambda: in_force.update(value=9))
    assert set(BackdatedChange.objects.values_list("subject", flat=True)) == {
        f"parameter:{code}" for code in WAGE_CODES
    }


def test_a_code_that_is_new_to_the_table_marks_nobody(pay: Cast) -> None:
    """A month is not calculated without a figure it needs: it was never paid by this one."""
    a_closed_month(pay)
    row = PayParameter(
        code="new_figure", value=1, source="проба", confidence="проба", effective_from=FIRST
    )
    assert marked(row.save) == []


def test_a_kind_of_earnings_marks_whoever_earned_it(pay: Cast) -> None:
    a_closed_month(pay)
    assert marked(lambda: EarningKind.objects.filter(code="time").update(in_opv=False)) == [
        (BY_TIME, "kind", FIRST, "kind")
    ]
    team = EarningKind.objects.filter(code="piece_team")
    assert marked(lambda: team.update(in_average=False)) == [
        (BY_PIECE, "kind", FIRST, "kind"),
        (IN_TEAM, "kind", FIRST, "kind"),
    ]
    assert marked(lambda: EarningKind.objects.filter(code="idle").update(in_opv=False)) == []
    assert marked(lambda: EarningKind.objects.filter(code="time").update(name_en="Time")) == []


def test_a_day_of_the_calendar_marks_everybody_of_its_month(pay: Cast) -> None:
    a_closed_month(pay)
    day = CalendarDay.objects.filter(day=MIDDLE)
    assert marked(lambda: day.update(is_workday=False)) == of_all("calendar", "calendar", MIDDLE)
    november = CalendarDay.objects.filter(day=NOVEMBER_2)
    assert marked(lambda: november.update(is_workday=False)) == []
    assert marked(lambda: day.update(name="перенос")) == []


def test_the_tax_regime_marks_the_people_of_the_payer(pay: Cast) -> None:
    a_closed_month(pay)
    own = OrganisationTaxStatus.objects.filter(organisation=pay.enterprise)
    assert marked(lambda: own.update(vat_certificate="1")) == []
    assert marked(lambda: own.update(regime="simplified")) == of_all("regime", "regime")
    other = OrganisationTaxStatus.objects.filter(organisation=pay.entrepreneur)
    assert marked(lambda: other.update(regime="simplified")) == []
