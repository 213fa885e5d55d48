"""The demo's papers after the wages: notices that appear by themselves, certificates, a file."""

from datetime import date, timedelta

import pytest

from inmates.models import (
    BackdatedChange,
    BailiffNotice,
    Inmate,
    LeavingStep,
    Placement,
    WageCertificate,
    WritOfExecution,
)
from portal.demo.placements import Job
from portal.demo.wage_papers import CERTIFICATES, LEAVERS, make_wage_papers
from tests.demo.test_extra_pay import a_job
from tests.inmates.wage_papers.quarters import a_quarter
from tests.inmates.wage_papers.test_leaving import expected_to_leave
from tests.people import Cast, a_placement, an_inmate

TODAY = date(2026, 11, 23)


@pytest.fixture
def jobs(cast: Cast) -> list[Job]:
    """Some who left the enterprise this month, and one who stays."""
    placements: list[Placement] = [
        a_placement(
            cast, an_inmate(cast, str(1700 + number)),
            effective_to=None if number == 9 else TODAY - timedelta(days=number),
        )
        for number in (1, 2, 3, 4, 9)
    ]  # fmt: skip
    return [a_job(cast, one) for one in placements]


def made(cast: Cast, jobs: list[Job]) -> None:
    organisations = {"enterprise": cast.enterprise, "bereke": cast.entrepreneur}
    users = {
        "accountant": cast.accountant, "accountant2": cast.accountant,
        "labour": cast.labour_officer,
    }  # fmt: skip
    make_wage_papers(jobs, organisations, users, TODAY)


def test_a_few_who_left_have_a_notice_and_one_is_sent(cast: Cast, jobs: list[Job]) -> None:
    made(cast, jobs)
    notices = BailiffNotice.objects.order_by("happened_on")
    assert [one.status for one in notices] == ["told", "waiting", "waiting"]
    assert len(notices) == LEAVERS
    assert {one.cause for one in notices} == {"payer"}
    assert notices[0].sent_by == cast.accountant


def test_their_writs_reach_back_into_no_paid_month(cast: Cast, jobs: list[Job]) -> None:
    a_quarter(cast)
    made(cast, jobs)
    begins = set(WritOfExecution.objects.values_list("effective_from", flat=True))
    assert begins == {date(2026, 11, 1)}
    assert not BackdatedChange.objects.exists()


def test_certificates_are_asked_for_by_a_person_and_an_authority(cast: Cast) -> None:
    a_quarter(cast)
    made(cast, [])
    rows = WageCertificate.objects.order_by("pk")
    assert [one.asked_by for one in rows] == ["person", "authority"]
    assert len(rows) == CERTIFICATES


def test_the_nearest_release_has_two_steps_done(cast: Cast) -> None:
    expected_to_leave(an_inmate(cast), TODAY + timedelta(days=9))
    made(cast, [])
    steps = LeavingStep.objects.order_by("pk")
    assert [(one.code, one.status) for one in steps] == [
        ("work_certificate", "done"), ("skill_passport", "done"),
    ]  # fmt: skip


def test_nobody_means_nothing(cast: Cast) -> None:
    made(cast, [])
    assert not BailiffNotice.objects.exists()
    assert not WageCertificate.objects.exists()
    assert not LeavingStep.objects.exists()
    assert not Inmate.objects.exists()
