"""Analysts whose grant is limited to one institution: what they order, see and fetch."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from portal.accounts.enums import Role
from portal.accounts.models import Membership, Organisation, RoleGrant, User
from portal.kernel.errors import Forbidden
from portal.reports import services, tasks
from portal.reports.models import StoredReport
from portal.reports.selectors import (
    analyst_department,
    institutions_visible_to,
    stored_reports_visible_to,
)
from tests.people import LONG_AGO, NOW, TODAY, Cast, a_user
from tests.reports.worlds import a_worker, an_institution

ORDER = "/reports/employment/order"


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def a_limited(cast: Cast, email: str, *places: Organisation, **period: Any) -> User:
    """An analyst of the department who sees these places only."""
    user = a_user(email)
    membership = Membership.objects.create(
        user=user, organisation=cast.department, effective_from=LONG_AGO
    )
    for place in places:
        RoleGrant.objects.create(
            membership=membership,
            role=Role.ANALYST,
            scope=place,
            **({"effective_from": LONG_AGO} | period),
        )
    return user


def order(cast: Cast, actor: User, **fields: Any) -> StoredReport:
    values = {
        "actor": actor,
        "department": cast.department,
        "kind": "day",
        "value": "2026-11-20",
        "language": "ru",
        "on": TODAY,
        "at": NOW,
    }
    return services.order_employment_report(**(values | fields))


def seen_by(user: User) -> list[StoredReport]:
    return list(stored_reports_visible_to(user, TODAY))


def test_two_limited_analysts_who_order_the_same_both_get_theirs(cast: Cast) -> None:
    """The second must not be told of a report that is not in their list."""
    first = a_limited(cast, "first@example.kz", cast.colony)
    second = a_limited(cast, "second@example.kz", cast.colony)
    one, other = order(cast, first), order(cast, second)
    assert one != other
    assert seen_by(first) == [one]
    assert seen_by(second) == [other]


def test_limited_analyst_gets_no_report_of_the_whole_departments_analyst(cast: Cast) -> None:
    """With one institution both orders are alike to the letter."""
    limited = a_limited(cast, "near@example.kz", cast.colony)
    whole = order(cast, cast.analyst)
    assert order(cast, limited) != whole
    assert order(cast, limited).created_by == limited


def test_analyst_of_the_whole_department_shares_what_is_under_way(cast: Cast) -> None:
    limited = a_limited(cast, "near@example.kz", cast.colony)
    under_way = order(cast, limited)
    assert order(cast, cast.analyst) == under_way
    assert under_way in seen_by(cast.analyst)


def test_page_that_says_ordered_leads_to_a_row(cast: Cast) -> None:
    order(cast, a_limited(cast, "first@example.kz", cast.colony))
    client = Client()
    client.force_login(a_limited(cast, "second@example.kz", cast.colony))
    response = client.post(ORDER, {"day": "2026-11-20"})
    html = client.get("/reports/").content.decode()
    assert f'id="{response["Location"].partition("#")[2]}"' in html


def test_file_of_a_limited_analyst_holds_their_place_only(cast: Cast) -> None:
    other = an_institution(cast, "30")
    a_worker(cast, other)
    report = order(cast, a_limited(cast, "near@example.kz", cast.colony))
    assert report.parameters["institutions"] == [cast.institution.pk]
    tasks.build_employment_report.run(task_run=str(report.task_run_id))
    report.refresh_from_db()
    assert report.is_ready
    whole = order(cast, cast.analyst, value="2026-11-19")
    assert set(whole.parameters["institutions"]) == {cast.institution.pk, other.pk}


def test_limited_analyst_does_not_fetch_what_others_ordered(cast: Cast) -> None:
    report = order(cast, cast.analyst)
    tasks.build_employment_report.run(task_run=str(report.task_run_id))
    client = Client()
    client.force_login(a_limited(cast, "near@example.kz", cast.colony))
    assert client.get(f"/reports/stored/{report.pk}/download").status_code == 404
    assert f"report-{report.pk}" not in client.get("/reports/").content.decode()


def test_two_places_are_both_seen_and_a_third_is_not(cast: Cast) -> None:
    near, far = an_institution(cast, "30"), an_institution(cast, "13")
    user = a_limited(cast, "two@example.kz", cast.colony, near.organisation)
    seen = institutions_visible_to(user, TODAY, cast.department)
    assert [one.number for one in seen] == ["16", "30"]
    assert far not in seen


def test_grant_that_ended_shows_no_place_and_orders_nothing(cast: Cast) -> None:
    user = a_limited(cast, "gone@example.kz", cast.colony, effective_to=TODAY)
    assert analyst_department(user, TODAY) is None
    assert list(institutions_visible_to(user, TODAY, cast.department)) == []
    with pytest.raises(Forbidden):
        order(cast, user)
    assert StoredReport.objects.count() == 0


def test_membership_that_ended_takes_the_reports_along(cast: Cast) -> None:
    report = order(cast, cast.analyst)
    assert seen_by(cast.analyst) == [report]
    Membership.objects.filter(user=cast.analyst).update(effective_to=TODAY)
    assert seen_by(User.objects.get(pk=cast.analyst.pk)) == []


def test_other_languages_are_other_reports(cast: Cast) -> None:
    russian, kazakh = order(cast, cast.analyst), order(cast, cast.analyst, language="kk")
    assert russian != kazakh
    assert order(cast, cast.analyst, language="kk") == kazakh
    assert services.file_name(kazakh) == "employment-2026-11-20-kk.xlsx"


def test_report_that_failed_is_ordered_anew(cast: Cast) -> None:
    first = order(cast, cast.analyst)
    type(first.task_run).objects.filter(pk=first.task_run_id).update(status="failed")
    assert order(cast, cast.analyst) != first
