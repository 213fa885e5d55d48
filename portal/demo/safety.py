"""Safety in the demo: clearances of everybody who works now, an accident, two apprentices.

All current workers are cleared but a few, whose papers ran out this morning; some run out soon.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from inmates.enums import AccidentKind, ClearanceKind
from inmates.models import Clearance, Qualification
from inmates.services.accidents import close_accident, record_accident, send_notice
from inmates.services.apprenticeship import begin_apprenticeship
from inmates.services.requirements import load_clearance_requirements, read_shipped_requirements
from portal.demo.placements import Job
from portal.demo.places import Places
from portal.kernel.clock import ALMATY
from portal.kernel.copying import copy_rows
from portal.kernel.workdays import add_workdays
from workshops.models import Workshop

WORKSHOP = "wood-16"
COLUMNS = (
    *("inmate_id", "kind", "trade_id", "document", "effective_from", "effective_to"),
    *("recorded_by_id", "recorded_at"),
)
# Of the demo master's workshop: whose briefing ran out this morning, whose does in a few days.
RAN_OUT, RUNS_OUT = 2, 4
ACCIDENT_DAYS_AGO, TRAINING_DAYS_AGO = 33, 45
COEFFICIENTS = (Decimal("0.6"), Decimal("0.8"))


def _trainings(jobs: Sequence[Job], places: Places, officer: Any, rng: Random, today: date) -> None:
    """Two apprentices of the demo's workshop: one learns from a person, one from a craftsman."""
    begin = today - timedelta(days=TRAINING_DAYS_AGO)
    here = [
        job
        for job in jobs
        if job.workshop == WORKSHOP and job.end is None and job.begin <= begin
        and job.pay_form == "piece" and job.is_full_time
    ]  # fmt: skip
    skilled = set(Qualification.objects.values_list("inmate_id", "trade_id"))
    learners = [job for job in here if not _has_grade(job, places, skilled)]
    learners = rng.sample(learners, min(len(learners), len(COEFFICIENTS)))
    at = datetime.combine(begin, time(9, 0), ALMATY)
    for number, (job, coefficient) in enumerate(zip(learners, COEFFICIENTS, strict=False)):
        same = [one for one in here if one.trade == job.trade and _has_grade(one, places, skilled)]
        # The first learns from one of the people, the second from a free craftsman.
        mentor = rng.choice(same) if same and number == 0 else None
        begin_apprenticeship(
            actor=officer,
            inmate_id=job.inmate.pk,
            trade_id=places.trades[job.trade].pk,
            mentor_id=mentor.inmate.pk if mentor else None,
            free_mentor="" if mentor else "мастер Верстаков С. (демо)",
            planned_hours=320,
            norm_coefficient=coefficient,
            basis=f"ДЕМО-У-{number + 1}",
            effective_from=begin,
            at=at,
        )


def _has_grade(job: Job, places: Places, skilled: set[tuple[int, int]]) -> bool:
    return (job.inmate.pk, places.trades[job.trade].pk) in skilled


def make_safety(
    jobs: Sequence[Job], places: Places, officer: Any, rng: Random, today: date
) -> None:
    """The clearances of whoever works now, what the trades ask for, trainings, an accident.

    The requirements come after the output: what was made before them is not looked at again.
    Before the wages of the last month are calculated, so that its payslips show the trainings.
    """
    current = [job for job in jobs if job.begin <= today and (job.end is None or job.end > today)]
    copy_rows(Clearance, COLUMNS, list(_rows(current, places, officer, rng, today)))
    load_clearance_requirements()
    _trainings(jobs, places, officer, rng, today)
    _accident(current, officer, today)


def _rows(
    jobs: Sequence[Job], places: Places, officer: Any, rng: Random, today: date
) -> list[tuple]:
    """One document of each kind that the trade asks for, in force today but for a few."""
    at = datetime.combine(today - timedelta(days=1), time(18, 0), ALMATY)
    asked: dict[str | None, list[tuple[str, int]]] = {}
    for row in read_shipped_requirements():
        asked.setdefault(row["trade"], []).append((row["kind"], row["valid_days"]))
    here = iter(job.inmate.pk for job in jobs if job.workshop == WORKSHOP)
    ran_out = {pk for pk, _place in zip(here, range(RAN_OUT), strict=False)}
    runs_out = {pk for pk, _place in zip(here, range(RUNS_OUT), strict=False)}
    rows = {}
    for job in jobs:
        pk = job.inmate.pk
        for kind, days in asked.get(None, []) + asked.get(job.trade, []):
            age = rng.randrange(1, days - 20)
            if kind == ClearanceKind.BRIEFING and pk in ran_out | runs_out:
                age = days if pk in ran_out else days - rng.randrange(3, 13)
            begin = today - timedelta(days=age)
            trade_id = None if (kind, days) in asked.get(None, []) else places.trades[job.trade].pk
            document = f"ДЕМО-{ClearanceKind(kind).name[0]}-{begin:%y%m}"
            end = begin + timedelta(days=days)
            row = (pk, kind, trade_id, document, begin, end, officer.pk, at.isoformat())
            rows[pk, kind, trade_id] = row
    return list(rows.values())


def _accident(jobs: Sequence[Job], officer: Any, today: date) -> None:
    """A light accident a month ago: told of on the next working day, looked into, closed."""
    workshop = Workshop.objects.get(code=WORKSHOP)
    day = today - timedelta(days=ACCIDENT_DAYS_AGO)
    hurt = next((job for job in jobs if job.workshop == WORKSHOP and job.begin <= day), None)
    if hurt is None:
        return
    happened_at = datetime.combine(day, time(11, 20), ALMATY)
    accident = record_accident(
        actor=officer,
        institution_id=workshop.institution_id,
        workshop_id=workshop.pk,
        kind=AccidentKind.LIGHT,
        happened_at=happened_at,
        inmate_ids=[hurt.inmate.pk],
        circumstances="Ушиб кисти при переноске щита; работа остановлена, помощь оказана. (демо)",
        at=happened_at + timedelta(hours=1),
    )
    sent_at = datetime.combine(add_workdays(day, 1), time(10, 0), ALMATY)
    for number, notice in enumerate(accident.notices.order_by("addressee"), start=1):
        send_notice(
            actor=officer, notice_id=notice.pk, document_number=f"ДЕМО-И-{number}",
            sent_at=sent_at, at=sent_at,
        )  # fmt: skip
    close_accident(
        actor=officer,
        accident_id=accident.pk,
        reason="Акт № ДЕМО-1: щиты носят вдвоём, инструктаж проведён повторно",
        at=sent_at + timedelta(days=9),
    )
