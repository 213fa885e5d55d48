"""The log of one's own record: what one reader did on a day for one purpose is one line."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from inmates.models import Inmate
from inmates.presenters.own_record import look_rows
from inmates.selectors import own_looks
from inmates.selectors.own_looks import looks_at_person
from inmates.selectors.people import identities, identities_on_list
from portal.accounts.enums import Role
from portal.kernel import audit, clock
from tests.inmates.months import an_identity, calculated
from tests.inmates.terminals.worlds import a_reader
from tests.people import LONG_AGO, NOW, Cast, a_user

TO = NOW.date() + timedelta(days=1)


@pytest.fixture
def inmate(pay: Cast) -> Inmate:
    person = a_reader(pay)
    an_identity(person)
    return person


def look(inmate: Inmate, actor: object, purpose: str, minute: int = 0, days: int = 0) -> None:
    at = NOW - timedelta(days=days) + timedelta(minutes=minute)
    identities(actor=actor, inmates=[inmate], purpose=purpose, at=at)


def told(inmate: Inmate) -> list[tuple[str, str]]:
    with translation.override("ru"):
        return [
            (row["when"].replace("\N{NO-BREAK SPACE}", " "), row["what"])
            for row in look_rows(looks_at_person(inmate, LONG_AGO, TO))
        ]


def test_equal_looks_of_a_day_are_one_line_with_their_count(pay: Cast, inmate: Inmate) -> None:
    for minute in range(3):
        look(inmate, pay.accountant, "payslip", minute)
    look(inmate, pay.accountant, "payslip", days=1)
    look(inmate, pay.accountant, "safety", 5)
    rows = told(inmate)
    assert len(rows) == 3
    assert "Безопасность" in rows[0][1]
    assert "раз" not in rows[0][1]
    assert rows[1] == (f"{NOW:%d.%m.%Y}", "Расчётный листок – 3 раза")
    assert rows[2][1] == "Расчётный листок"
    assert ":" in rows[2][0], "a single look has its minute"


def test_two_people_of_one_role_are_two_lines(pay: Cast, inmate: Inmate) -> None:
    second = a_user("second@example.kz", pay.enterprise, Role.ACCOUNTANT)
    for who in (pay.accountant, second, pay.accountant):
        look(inmate, who, "payslip")
    found = looks_at_person(inmate, LONG_AGO, TO)
    assert sorted(one.times for one in found) == [1, 2]
    assert found[0].as_whom == found[1].as_whom


def test_a_look_at_one_and_on_a_list_are_told_apart(pay: Cast, inmate: Inmate) -> None:
    other = a_reader(pay, "1650")
    an_identity(other, "Чужова Чужая", "900101400812")
    run = calculated(pay)
    for people in ([inmate, other], [inmate, other], [inmate]):
        identities_on_list(
            actor=pay.accountant, inmates=people, purpose="payslips", at=NOW, subject=run
        )
    found = looks_at_person(inmate, LONG_AGO, TO)
    assert sorted((one.is_list, one.times) for one in found) == [(False, 1), (True, 2)]
    assert [one.is_list for one in looks_at_person(other, LONG_AGO, TO)] == [True]


def test_many_equal_looks_do_not_push_out_the_older_ones(
    pay: Cast, inmate: Inmate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_looks, "MOST_LOOKS", 3)
    look(inmate, pay.head, "payslip", days=9)
    for minute in range(8):
        look(inmate, pay.accountant, "payslip", minute)
    assert [one.times for one in looks_at_person(inmate, LONG_AGO, TO)] == [8, 1]


def test_what_a_private_payer_prints_is_not_pushed_out_by_others(
    pay: Cast, inmate: Inmate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_looks, "MOST_LOOKS", 2)
    look(inmate, pay.accountant, "payslip", days=9)
    for day in range(4):
        look(inmate, pay.labour_officer, "safety", days=day)
    found = looks_at_person(inmate, LONG_AGO, TO, of_payer=pay.enterprise.pk)
    assert [one.purpose for one in found] == ["payslip"]


def test_a_day_is_one_of_this_country(pay: Cast, inmate: Inmate) -> None:
    """Midnight in Almaty, not in Greenwich, parts two looks."""
    midnight = timezone.localtime(NOW).replace(hour=0, minute=0, second=0, microsecond=0)
    for at in (midnight - timedelta(minutes=1), midnight + timedelta(minutes=1)):
        identities(actor=pay.accountant, inmates=[inmate], purpose="payslip", at=at)
    today = clock.day_of(midnight)
    days = [clock.day_of(one.at) for one in looks_at_person(inmate, LONG_AGO, TO)]
    assert days == [today, today - timedelta(days=1)]


def test_the_queries_are_three(pay: Cast, inmate: Inmate) -> None:
    for minute in range(3):
        look(inmate, pay.accountant, "payslip", minute)
        look(inmate, pay.labour_officer, "safety", minute)
    audit.record(actor=None, action="pin_locked", at=NOW, subject=inmate)
    for of_payer in (None, pay.enterprise.pk):
        with CaptureQueriesContext(connection) as seen:
            looks_at_person(inmate, date(2020, 1, 1), TO, of_payer=of_payer)
        assert len(seen) == 3
