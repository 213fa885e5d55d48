"""The stories of corrections, all in one month after the other: every payslip, line by line."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from inmates.models import BackdatedChange, PayrollRun, Payslip
from tests.inmates.books import check_books, first_signature
from tests.inmates.golden.past_people import MONTHS, Person
from tests.inmates.golden.past_stories import STORIES
from tests.inmates.months import make_pay
from tests.inmates.past_months import closed

TOLD = Path(__file__).with_name("past_stories.txt")
WITHHELD = ("withheld", "writ", "settlement")


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: object) -> Iterator[dict[str, Person]]:
    """Everybody by the name of their story, after October is paid.

    One transaction for the whole module: no test of it may have one of its own.
    """
    patch = pytest.MonkeyPatch()
    patch.setattr("portal.kernel.queue.send", lambda _run_id: True)
    # Without a test that asks for the database pytest-django makes none.
    assert connection.settings_dict["NAME"].startswith("test_")
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        cast = make_pay()
        first_signature(cast)
        everybody = {one.__name__: Person(cast, n) for n, one in enumerate(STORIES, 1)}
        lives = [one(everybody[one.__name__]) for one in STORIES]
        for month in MONTHS:
            for life in lives:
                next(life, None)
            closed(cast, month)
        yield everybody
        transaction.set_rollback(True)
    patch.undo()


def _line(line: object) -> str:
    sign = "-" if line.kind in WITHHELD else ""  # type: ignore[attr-defined]
    amount = -line.amount if sign else line.amount  # type: ignore[attr-defined]
    return f"{line.code} {amount:+.2f}"  # type: ignore[attr-defined]


def _told(person: Person) -> list[str]:
    """The person's payslips in the order in which they were paid."""
    rows = []
    slips = Payslip.objects.filter(inmate=person.inmate).select_related("run").order_by("pk")
    for slip in slips:
        lines = slip.lines.exclude(kind="employer").exclude(amount=0).order_by("sequence")
        what = "difference" if slip.is_difference else "month"
        rows.append(
            f"{what} {slip.run.month:%m}: {', '.join(map(_line, lines)) or 'nothing'}; "
            f"paid {slip.to_account + slip.settlement:.2f}"
            + (f", owed {slip.settlement:.2f}" if slip.settlement > 0 else "")
        )
    return rows


def _expected() -> dict[str, list[str]]:
    stories = TOLD.read_text(encoding="utf-8").strip().split("\n\n")
    return {head: rows for head, *rows in (one.split("\n") for one in stories)}


@pytest.fixture
def open_database(django_db_blocker: object) -> Iterator[None]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield


@pytest.mark.parametrize("name", [one.__name__ for one in STORIES])
def test_story(people: dict[str, Person], open_database: None, name: str) -> None:
    assert _told(people[name]) == _expected()[name]


@pytest.mark.django_db
def test_every_story_is_told_and_every_number_is_of_a_story() -> None:
    assert set(_expected()) == {one.__name__ for one in STORIES}
    assert len(STORIES) >= 40


def test_all_changes_are_answered_and_the_books_agree(
    people: dict[str, Person], open_database: None
) -> None:
    assert not BackdatedChange.objects.filter(settled_by=None).exists()
    assert BackdatedChange.objects.values("cause").distinct().count() >= 9
    assert check_books() == []
    assert not PayrollRun.objects.exclude(status="paid").exists()


def test_what_is_owed_is_never_below_nought(people: dict[str, Person], open_database: None) -> None:
    for person in people.values():
        owed = person.inmate.payslips.aggregate(total=Sum("settlement"))["total"]
        assert owed >= 0, person.inmate


if os.environ.get("PORTAL_TELL_STORIES"):

    def test_tell(people: dict[str, Person], open_database: None) -> None:
        """Writes the numbers down, to be read over before they are committed."""
        text = "\n\n".join("\n".join([name, *_told(person)]) for name, person in people.items())
        TOLD.write_text(text + "\n", encoding="utf-8")
