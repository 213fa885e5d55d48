"""Builds the whole demo in one transaction; called by `manage.py seed` and the tests.

The same every time: seeded generators, one for each part, and the day is passed in. Only the
passwords, the ciphertext of identities and the times of the queue differ.
"""

import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

from django.db import connection, transaction

from inmates.refusals import ParameterMissing
from inmates.services.consent_texts import load_consent_texts
from inmates.services.directories import load_calendar, load_earning_kinds
from inmates.services.parameters import load_pay_parameters
from portal.accounts.models import Organisation
from portal.demo.clearing import clear_database
from portal.demo.consents import make_consents
from portal.demo.days import plan_days
from portal.demo.desk import furnish_desk
from portal.demo.extra_pay import make_extra_pay
from portal.demo.facts import make_facts
from portal.demo.floor import make_floor
from portal.demo.history import make_reasons, play_population, write_stays_and_states
from portal.demo.orders import OPERATORS, make_orders
from portal.demo.organisations import make_organisations, make_tax_statuses, make_vat_rates
from portal.demo.payroll import calculate_wages
from portal.demo.people import make_people
from portal.demo.placements import write_jobs
from portal.demo.places import make_places
from portal.demo.population import Population
from portal.demo.products import make_products
from portal.demo.questions import make_questions
from portal.demo.rates import make_rates
from portal.demo.registers import make_registers
from portal.demo.requests import make_requests
from portal.demo.safety import make_safety
from portal.demo.spaces import make_visits
from portal.demo.terminals import make_terminals
from portal.demo.timesheets import make_timesheets
from portal.demo.users import make_users, write_accounts
from portal.demo.wage_papers import make_wage_papers
from portal.demo.work import (
    make_stock_orders,
    plan_output,
    write_attendance,
    write_output,
)
from portal.demo.writs import make_writs

# 2 005 of them able-bodied, 1 243 of those in paid work: 62 %.
PEOPLE = 2228
SEED = "sheberhana demo 1"


class Stopwatch:
    """Says after each part how long it took."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.began = time.monotonic()

    def lap(self, part: str) -> None:
        now = time.monotonic()
        self.say(f"{now - self.began:6.1f} s  {part}")
        self.began = now


def is_empty() -> bool:
    """Whether the seed may build: no organisation is entered yet."""
    return not Organisation.objects.exists()


def build_demo(
    *,
    today: date,
    people: int = PEOPLE,
    is_fresh: bool = False,
    say: Callable[[str], None] = lambda _line: None,
) -> None:
    """Everything or nothing: an interrupted seed leaves the database as it was.

    `is_fresh` empties the database first. The accounts file is written last, inside the
    transaction: without it nobody could sign in.
    """
    watch = Stopwatch(say)
    with transaction.atomic():
        if is_fresh:
            clear_database()
        lines = _build(today, people, watch)
        write_accounts(lines)
    _analyze()
    watch.lap("statistics of the database")


def _build(today: date, people: int, watch: Stopwatch) -> str:
    population = play_population(people, today, _generator("population"))
    watch.lap("two years played")
    load_pay_parameters()
    load_earning_kinds()
    load_calendar()
    load_consent_texts()
    make_vat_rates()
    organisations = make_organisations()
    make_tax_statuses(organisations)
    users, lines = make_users(organisations)
    places = make_places(organisations, _most_at_once(population), today)
    catalogue = make_products(organisations, places, today)
    watch.lap("organisations, accounts, places, products")
    reasons = make_reasons()
    inmates = make_people(population.people, _generator("people"), today)
    write_stays_and_states(population, inmates, places, reasons)
    jobs = write_jobs(population, inmates, places, _generator("jobs"))
    make_rates(places, catalogue, today)
    make_writs(jobs, today, _generator("writs"))
    furnish_desk(population, inmates, reasons, jobs, users["labour"], _generator("desk"), today)
    watch.lap("people, states, placements, rates, writs")
    days = plan_days(jobs, today, _generator("days"))
    write_attendance(days, reasons, users["master"])
    watch.lap("attendance")
    demands, made = plan_output(days, today, _generator("output"))
    operators = {organisations[code].pk: users[user] for code, user in OPERATORS.items()}
    works = make_stock_orders(demands, places, catalogue, operators)
    works |= make_orders(catalogue, organisations, users, today)
    make_requests(organisations, users, places, operators, today)
    write_output(made, works, users["master"], days)
    make_floor(today, users["master"], _generator("floor"))
    watch.lap("orders, work orders, output, the floor beside it")
    # Else what follows is planned for empty tables: minutes instead of seconds.
    _analyze()
    make_visits(users, today)
    make_safety(jobs, places, users["labour"], _generator("safety"), today)
    watch.lap("areas on offer, visits asked for, clearances, an accident, trainings")
    make_consents(jobs, places, users["labour"], today)
    watch.lap("terms of consents, withdrawals, places offered")
    make_terminals(places, users, today)
    make_timesheets(users, today)
    watch.lap("timesheets of two months")
    _pay_wages(jobs, places, organisations, users, today, watch)
    make_wage_papers(jobs, organisations, users, today)
    make_questions(users, today)
    make_facts(users, today)
    watch.lap("questions about wages, daily facts, some months closed")
    return lines


def _pay_wages(
    jobs: Any, places: Any, organisations: Any, users: Any, today: date, watch: Stopwatch
) -> None:
    try:
        make_extra_pay(jobs, places, organisations, users, today)
        calculate_wages(jobs, places, organisations, users, today)
    except ParameterMissing as missing:
        # The law of that year is not entered yet: better a demo without its wages than none.
        # A month before it, of a year with a law, is paid already and stays.
        watch.lap(f"no wages from {missing.on:%Y-%m} on: {missing}")
    else:
        watch.lap("wages of the last two full months")
        make_registers(organisations, users, today)
        watch.lap("registers of payments, a statement of the bank")


def _analyze() -> None:
    """The planner knows how much there is; inside a transaction it sees its own rows."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _generator(part: str) -> Random:
    """A generator of its own for each part: a change in one leaves the others as they were."""
    return Random(f"{SEED} {part}")


def _most_at_once(population: Population) -> dict[tuple[str, str], int]:
    """People now at each post; with a few free seats that is its size."""
    return dict(Counter(p.job.what.key for p in population.people if p.job is not None))
