"""The one-off sums of the demo: entered by the payers' accountants for people of a whole month."""

from datetime import date

from inmates.models import ExtraPay, Placement
from portal.demo.extra_pay import SUMS, make_extra_pay
from portal.demo.placements import Job
from portal.demo.places import Places
from tests.inmates.months import OCTOBER, make_pay
from tests.people import Cast, a_placement, an_inmate

TODAY = date(2026, 11, 23)


def a_job(cast: Cast, placement: Placement) -> Job:
    return Job(
        placement_id=placement.pk, inmate=placement.inmate, employer=placement.employer,
        institution=0, workshop="wood-16", trade="joiner", pay_form="time", is_full_time=True,
        begin=placement.effective_from, end=placement.effective_to,
    )  # fmt: skip


def made(cast: Cast, jobs: list[Job]) -> int:
    organisations = {"enterprise": cast.enterprise, "bereke": cast.entrepreneur}
    users = {"accountant": cast.accountant, "accountant2": cast.accountant}
    places = Places(institutions=[cast.institution])
    return make_extra_pay(jobs, places, organisations, users, TODAY)


def test_the_first_of_a_whole_month_get_a_sum_each(db: None) -> None:
    cast = make_pay()
    jobs = [a_job(cast, a_placement(cast, an_inmate(cast, str(1700 + n)))) for n in range(5)]
    assert made(cast, jobs) == len(SUMS)
    rows = ExtraPay.objects.order_by("inmate__personnel_number")
    assert [(row.inmate.personnel_number, row.kind) for row in rows] == [
        ("1700", "bonus"), ("1701", "bonus"), ("1702", "compensation"),
    ]  # fmt: skip
    for row in rows:
        assert (row.payer, row.institution) == (cast.enterprise, cast.institution)
        assert (row.month, row.recorded_by) == (OCTOBER.first_day, cast.accountant)
    assert [row.basis for row in rows] == ["№ ДЕМО-001", "№ ДЕМО-002", "№ ДЕМО-003"]


def test_who_came_or_left_in_the_month_gets_none(db: None) -> None:
    cast = make_pay()
    came = a_placement(cast, an_inmate(cast, "1700"), effective_from=date(2026, 10, 2))
    gone = a_placement(cast, an_inmate(cast, "1701"), effective_to=date(2026, 10, 31))
    to_the_end = a_placement(cast, an_inmate(cast, "1702"), effective_to=date(2026, 11, 1))
    assert made(cast, [a_job(cast, one) for one in (came, gone, to_the_end)]) == 1
    assert ExtraPay.objects.get().inmate.personnel_number == "1702"


def test_nobody_means_nothing(db: None) -> None:
    assert made(make_pay(), []) == 0
    assert not ExtraPay.objects.exists()
