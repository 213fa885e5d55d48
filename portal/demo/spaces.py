"""Adverts of idle areas, free people by trade, visits asked for; made through the services."""

from datetime import date, datetime, timedelta
from uuid import uuid5

from django.contrib.auth.models import AnonymousUser

from inmates.services.availability import refresh_labour_availability
from orders.models import SpaceApplication
from orders.services.space_owners import (
    SEND_LETTER,
    hand_over_space_application,
    note_overdue_visits,
)
from orders.services.spaces import (
    Wanted,
    agree_visit,
    decline_space_application,
    send_space_application,
)
from portal.accounts.models import User
from portal.demo.codes import demo_bin
from portal.demo.orders import NAMESPACE, moment
from portal.demo.sources import read_data
from portal.kernel.models import TaskRun
from portal.kernel.queue import run_here
from portal.kernel.workdays import add_workdays, is_workday
from workshops.models import ProductionSpace
from workshops.services.spaces import confirm_advert

# The first confirmation: every application of the demo falls into its thirty days.
FIRST_CONFIRMED = 28
ONE_DAY = timedelta(days=1)


def make_visits(users: dict[str, User], today: date) -> None:
    """What businesses see and asked: in time, late, handed over, agreed, declined."""
    data = read_data("visits")
    officers = {number: users[code] for number, code in data["owners"].items()}
    refresh_labour_availability(on=today)
    shown = {
        row["code"]: row["confirmed"] for row in read_data("places")["spaces"] if "code" in row
    }
    _confirm(officers, dict.fromkeys(shown, FIRST_CONFIRMED), today)
    applications = []
    for number, row in enumerate(data["rows"]):
        application = _send(number, row, today)
        applications.append(application)
        _answer(application, row, users, today)
    _confirm(
        officers, {code: days for code, days in shown.items() if days < FIRST_CONFIRMED}, today
    )
    _let_run_out(shown, today)
    for back in range(FIRST_CONFIRMED, -1, -1):
        day = today - back * ONE_DAY
        note_overdue_visits(on=day, at=moment(day, 0, 10))
    _leave_out_letters(applications)


def _confirm(officers: dict[str, User], days_ago: dict[str, int], today: date) -> None:
    for space in ProductionSpace.objects.filter(code__in=days_ago).select_related("institution"):
        at = moment(today - days_ago[str(space.code)] * ONE_DAY, 9)
        confirm_advert(actor=officers[space.institution.number], space_id=space.pk, at=at)


def _let_run_out(shown: dict[str, int], today: date) -> None:
    """An advert that nobody has confirmed for longer than it holds."""
    for code, days in shown.items():
        if days > FIRST_CONFIRMED:
            ProductionSpace.objects.filter(code=code).update(confirmed_on=today - days * ONE_DAY)


def _send(number: int, row: dict, today: date) -> SpaceApplication:
    return send_space_application(
        actor=AnonymousUser(),
        space_code=row["space"],
        submission=uuid5(NAMESPACE, f"visit {number}"),
        wanted=Wanted(
            contact_name=row["contact"],
            contact_phone=f"+7 000 000 07 {number + 1:02d}",
            contact_email=f"visit{number + 1}@demo.example",
            activity=row["activity"],
            jobs=row["jobs"],
            message=row.get("message", ""),
            company=row["company"],
            bin=demo_bin(row["serial"]),
        ),
        language="ru",
        at=moment(_workday_before(today, row["workdays_ago"]), 9 + number, 11 * number),
    )


def _answer(application: SpaceApplication, row: dict, users: dict[str, User], today: date) -> None:
    owner = application.owner
    if "handed_over" in row:
        handed = row["handed_over"]
        hand_over_space_application(
            actor=owner,
            application_id=application.pk,
            to_id=users[handed["to"]].pk,
            reason=handed["reason"],
            at=_later(application, handed["after"]),
        )
    if "agreed" in row:
        agree_visit(
            actor=owner,
            application_id=application.pk,
            visit_on=add_workdays(today, row["visit_in"]),
            note=row["agreed"],
            at=_later(application, row["answered"]),
        )
    if "declined" in row:
        decline_space_application(
            actor=owner,
            application_id=application.pk,
            reason=row["declined"],
            at=_later(application, row["answered"]),
        )


def _later(application: SpaceApplication, workdays: int) -> datetime:
    return moment(add_workdays(application.sent_at.date(), workdays), 15, 40)


def _workday_before(today: date, count: int) -> date:
    """The working day so many working days before today."""
    day = today
    while count:
        day -= ONE_DAY
        count -= is_workday(day)
    return day


def _leave_out_letters(applications: list[SpaceApplication]) -> None:
    """Nobody can read mail at the demo's addresses: the letters count as sent."""
    for application in applications:
        for run in TaskRun.objects.filter(name=SEND_LETTER, key__startswith=f"{application.pk}:"):
            run_here(run, lambda _progress: None)
