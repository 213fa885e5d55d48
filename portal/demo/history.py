"""Plays the two years and writes the reasons, the stays and the labour states."""

from datetime import date
from random import Random

from inmates.models import CustodyStay, Inmate, LabourState, Reason
from inmates.selectors.reasons import reasons_by_code
from inmates.services.reasons import load_reasons
from portal.demo.counts import MONTHS, heads_before, heads_of, spread
from portal.demo.places import Places, post_plans
from portal.demo.population import Population
from portal.demo.sources import read_data
from portal.kernel.copying import copy_rows
from portal.kernel.periods import Month


def play_population(people: int, today: date, rng: Random) -> Population:
    """Two years month by month up to today; touches no database."""
    reasons, places = read_data("reasons"), read_data("places")["institutions"]
    weights, unable = reasons["not_working"], reasons["unable"]
    population = Population(rng, post_plans(today), weights, unable, today)
    shares, rates = [row["share"] for row in places], [row["rate"] for row in places]
    heads, present = heads_of(people), Month.of(today)
    for months_ago in range(MONTHS, -1, -1):
        month = present.plus(-months_ago)
        targets = spread(heads_before(heads, months_ago, month.month), shares, rates)
        if months_ago == MONTHS:
            population.begin(month.first_day, targets)
        population.live(month.first_day, min(month.last_day, today), targets)
    return population


def make_reasons() -> dict[str, Reason]:
    """The shipped directory of reasons, by code."""
    load_reasons()
    return reasons_by_code()


def write_stays_and_states(
    population: Population, inmates: list[Inmate], places: Places, reasons: dict[str, Reason]
) -> None:
    """Where everybody was held, and in which state, by date.

    The records begin with the two years: what was before is not known, which is not "nobody".
    """
    begin = Month.of(population.today).plus(-MONTHS).first_day
    copy_rows(
        CustodyStay,
        ("inmate_id", "institution_id", "effective_from", "effective_to"),
        [
            (
                inmates[person.number].pk,
                places.institutions[s.what].pk,
                max(s.begin, begin),
                s.end,
            )
            for person in population.people
            for s in person.stays
            if s.end is None or s.end > begin
        ],
    )
    copy_rows(
        LabourState,
        (
            "inmate_id",
            "ability",
            "is_subject_to_labour",
            "reason_id",
            "effective_from",
            "effective_to",
        ),
        [
            (
                inmates[person.number].pk,
                s.what.ability,
                s.what.is_subject,
                reasons[s.what.reason].pk if s.what.reason else None,
                max(s.begin, begin),
                s.end,
            )
            for person in population.people
            for s in person.states
            if s.end is None or s.end > begin
        ],
    )
