"""Small worlds with known answers, made by hand or by a seeded generator."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from inmates.models import Attendance, CustodyStay, Inmate, LabourState, Placement, Reason
from portal.accounts.enums import OrganisationKind
from tests.people import LONG_AGO, NOW, Cast, a_placement, an_organisation
from workshops.models import Institution, Post, Workshop

ONE_DAY = timedelta(days=1)


def an_institution(cast: Cast, number: str, **fields: Any) -> Institution:
    """Another institution of the cast's department, or of `department`."""
    organisation = an_organisation(
        OrganisationKind.INSTITUTION, f"Учреждение № {number} (тест)", 100 + int(number)
    )
    values = {"department": cast.department, "security": "medium", "sort_order": int(number)}
    return Institution.objects.create(organisation=organisation, number=number, **(values | fields))


def a_post(institution: Institution, cast: Cast) -> Post:
    workshop = Workshop.objects.create(
        institution=institution, code=f"shop-{institution.number}", name_ru="Цех"
    )
    return Post.objects.create(workshop=workshop, name_ru="Столяр", trade=cast.trade, seats=9)


_numbers = iter(range(5000, 10_000_000))


def a_person(
    institution: Institution,
    since: date = LONG_AGO,
    until: date | None = None,
    *,
    ability: str | None = "able",
    subject: bool = True,
    reason: Reason | None = None,
) -> Inmate:
    """Somebody held in the institution; `ability=None` leaves the labour state out."""
    inmate = Inmate.objects.create(personnel_number=str(next(_numbers)), born_on=date(1990, 5, 17))
    CustodyStay.objects.create(
        inmate=inmate, institution=institution, effective_from=since, effective_to=until
    )
    if ability is not None:
        a_state(inmate, since, ability=ability, subject=subject, reason=reason)
    return inmate


def a_state(
    inmate: Inmate,
    since: date,
    until: date | None = None,
    *,
    ability: str = "able",
    subject: bool = True,
    reason: Reason | None = None,
) -> LabourState:
    return LabourState.objects.create(
        inmate=inmate,
        ability=ability,
        is_subject_to_labour=subject,
        reason=reason,
        effective_from=since,
        effective_to=until,
    )


def a_worker(cast: Cast, institution: Institution, **fields: Any) -> Placement:
    """An able-bodied person with a placement since 2026-01-01."""
    return a_placement(cast, a_person(institution), **fields)


def a_sheet(
    placement: Placement, day: date, minutes: int = 480, reason: Reason | None = None
) -> Attendance:
    return Attendance.objects.create(
        placement=placement, worked_on=day, minutes=minutes, reason=reason, recorded_at=NOW
    )


def reasons() -> dict[str, Reason]:
    """`sick` and `no_place`: one that keeps from working, one that does not."""
    rows = {
        "sick": ("attendance", "Болезнь", "Ауру", False),
        "training": ("attendance", "Обучение", "Оқу", True),
        "no_place": ("not_working", "Нет рабочего места", "Жұмыс орны жоқ", True),
        "quarantine": ("not_working", "Карантин", "Карантин", False),
        "disability": ("not_working", "Инвалидность", "Мүгедектік", False),
    }
    return {
        code: Reason.objects.create(
            code=code, group=group, name_ru=ru, name_kk=kk, counts_as_available=counts
        )
        for code, (group, ru, kk, counts) in rows.items()
    }


@dataclass
class Spell:
    """A half-open stretch of somebody's life with what was true in it."""

    begin: date
    end: date | None
    facts: dict[str, Any] = field(default_factory=dict)

    def holds(self, day: date) -> bool:
        return self.begin <= day and (self.end is None or day < self.end)


@dataclass
class Life:
    """One invented person as plain Python: what the SQL is counted against."""

    stays: list[Spell] = field(default_factory=list)
    states: list[Spell] = field(default_factory=list)
    placements: list[Spell] = field(default_factory=list)
    sheets: list[tuple[int, date, int, str | None]] = field(default_factory=list)


def _spells(rng: random.Random, begin: date, days: int, chance: float) -> list[Spell]:
    """Stretches one after another, some with gaps, the last one perhaps open."""
    spells = []
    at = begin + timedelta(days=rng.randint(-20, days))
    while at < begin + timedelta(days=days) and rng.random() < chance:
        length = rng.randint(1, days)
        is_open = rng.random() < 0.3
        spells.append(Spell(at, None if is_open else at + timedelta(days=length)))
        if is_open:
            break
        at += timedelta(days=length + rng.choice((0, 0, 1, 7)))
    return spells


def random_lives(seed: int, people: int, begin: date, days: int, places: int) -> list[Life]:
    """People who come, move, go, change state, work here or there, are absent, are unknown."""
    rng = random.Random(seed)  # noqa: S311 - an invented world, the same every time
    lives = []
    for _number in range(people):
        life = Life(
            stays=_spells(rng, begin, days, 0.95),
            states=_spells(rng, begin, days, 0.9),
            placements=_spells(rng, begin, days, 0.8) + _spells(rng, begin, days, 0.3),
        )
        for stay in life.stays:
            stay.facts["place"] = rng.randrange(places)
        for state in life.states:
            state.facts |= {
                "ability": rng.choice(("able", "able", "able", "unable", "unknown")),
                "subject": rng.random() < 0.8,
                "reason": rng.choice((None, None, "no_place", "quarantine")),
            }
        for index, placement in enumerate(life.placements):
            for offset in range(-20, days + 20):
                day = begin + timedelta(days=offset)
                if placement.holds(day) and rng.random() < 0.5:
                    life.sheets.append((index, day, *_entry(rng)))
        lives.append(life)
    return lives


def _entry(rng: random.Random) -> tuple[int, str | None]:
    minutes = rng.choice((0, 240, 480))
    reason = rng.choice((None, "sick", "training")) if minutes else None
    return minutes, reason or (None if minutes else rng.choice(("sick", "training")))


def store_lives(
    cast: Cast, lives: list[Life], places: list[Institution], known: dict[str, Reason]
) -> None:
    """The same lives as rows."""
    stays, states, sheets = [], [], []
    for life in lives:
        inmate = Inmate.objects.create(
            personnel_number=str(next(_numbers)), born_on=date(1990, 1, 1)
        )
        for stay in life.stays:
            place = places[stay.facts["place"]]
            stays.append(_row(CustodyStay, stay, inmate=inmate, institution=place))
        for state in life.states:
            facts = {
                "ability": state.facts["ability"],
                "is_subject_to_labour": state.facts["subject"],
                "reason": known.get(state.facts["reason"]),
            }
            states.append(_row(LabourState, state, inmate=inmate, **facts))
        placements = [
            a_placement(
                cast,
                inmate,
                effective_from=one.begin,
                effective_to=one.end,
                is_full_time=False,
            )
            for one in life.placements
        ]
        sheets += [
            Attendance(
                placement=placements[index],
                worked_on=day,
                minutes=minutes,
                reason=known.get(reason),
                recorded_at=NOW,
            )
            for index, day, minutes, reason in life.sheets
        ]
    CustodyStay.objects.bulk_create(stays)
    LabourState.objects.bulk_create(states)
    Attendance.objects.bulk_create(sheets)


def _row(model: Any, spell: Spell, **fields: Any) -> Any:
    return model(effective_from=spell.begin, effective_to=spell.end, **fields)
