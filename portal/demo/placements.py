"""Writes the jobs that `population.py` played: consents, placements, tax applications."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from inmates.models import Consent, ConsentText, Inmate, Placement, TaxApplication
from portal.accounts.enums import PRIVATE_KINDS
from portal.accounts.models import Organisation
from portal.demo.places import Places
from portal.demo.population import Population
from portal.kernel.copying import copy_rows, next_ids

APPLIED = 0.93
PART_TIME = 0.015
WITHDRAWN = 0.3
COLUMNS = (
    *("id", "inmate_id", "post_id", "employer_id", "payer_id", "pay_form", "is_full_time"),
    *("basis", "effective_from", "effective_to"),
    "overfill_reason",
)


@dataclass(frozen=True)
class Job:
    """A placement as written, with what the daily work and pay need to know of it."""

    placement_id: int
    inmate: Inmate
    employer: Organisation
    institution: int
    workshop: str
    trade: str
    pay_form: str
    is_full_time: bool
    begin: date
    end: date | None


def write_jobs(
    population: Population, inmates: list[Inmate], places: Places, rng: Random
) -> list[Job]:
    """The placements, after the consents that those at a private employer rest on."""
    spans = [(person, span) for person in population.people for span in person.jobs]
    jobs = []
    for placement_id, (person, span) in zip(next_ids(Placement, len(spans)), spans, strict=True):
        workshop, trade = span.what.key
        jobs.append(
            Job(
                placement_id=placement_id,
                inmate=inmates[person.number],
                employer=places.operator_on(workshop, span.begin),
                institution=span.what.institution,
                workshop=workshop,
                trade=trade,
                pay_form=span.what.pay_form,
                is_full_time=rng.random() >= PART_TIME,
                begin=span.begin,
                end=span.end,
            )
        )
    _write_consents(jobs, rng)
    copy_rows(Placement, COLUMNS, [_row(job, places) for job in jobs])
    _write_tax_applications(jobs, rng)
    return jobs


def _row(job: Job, places: Places) -> tuple:
    post = places.posts[job.workshop, job.trade]
    basis = f"ДЕМО-{job.inmate.personnel_number} от {job.begin:%d.%m.%Y}"
    parties = (job.inmate.pk, post.pk, job.employer.pk, job.employer.pk)
    return (
        *(job.placement_id, *parties, job.pay_form, job.is_full_time),
        *(basis, job.begin, job.end, ""),
    )


def _write_consents(jobs: list[Job], rng: Random) -> None:
    """Two consents, never mixed: to private work and to the processing of personal data."""
    private: dict[tuple[int, int], list[Job]] = defaultdict(list)
    for job in jobs:
        if job.employer.kind in PRIVATE_KINDS:
            private[job.inmate.pk, job.employer.pk].append(job)
    texts = {text.kind: text for text in ConsentText.objects.filter(version=1)}
    consents = []
    for number, ((inmate_id, employer_id), worked) in enumerate(private.items(), start=1):
        language = "kk" if number % 3 else "ru"
        given_on = worked[0].begin - timedelta(days=rng.randrange(1, 6))
        ended = worked[-1].end
        consents.append(
            Consent(
                inmate_id=inmate_id,
                kind="private_work",
                employer_id=employer_id,
                text=texts["private_work"],
                language=language,
                document_number=f"ДЕМО-С-{number:04d}",
                given_on=given_on,
                withdrawn_on=ended if ended and rng.random() < WITHDRAWN else None,
            )
        )
        consents.append(
            Consent(
                inmate_id=inmate_id,
                kind="personal_data",
                text=texts["personal_data"],
                language=language,
                document_number=f"ДЕМО-ПД-{number:04d}",
                given_on=given_on,
            )
        )
    Consent.objects.bulk_create(consents)


def _write_tax_applications(jobs: list[Job], rng: Random) -> None:
    """Most have applied for the basic deduction at each payer, at one at a time. Of each
    institution who has worked there longest has not: that is found out in the demo's wages."""
    longest: dict[int, int] = {}
    for job in sorted(jobs, key=lambda job: (job.begin, job.inmate.pk)):
        if job.end is None:
            longest.setdefault(job.institution, job.inmate.pk)
    by_person: dict[int, list[Job]] = defaultdict(list)
    for job in jobs:
        by_person[job.inmate.pk].append(job)
    rows = []
    for inmate_id, worked in by_person.items():
        spells = [
            job
            for number, job in enumerate(worked)
            if number == 0 or job.employer.pk != worked[number - 1].employer.pk
        ]
        ends = [job.begin for job in spells[1:]] + [None]
        has_applied = rng.random() < APPLIED
        if has_applied and inmate_id not in longest.values():
            rows += [
                (inmate_id, job.employer.pk, job.begin, end)
                for job, end in zip(spells, ends, strict=True)
            ]
    copy_rows(TaxApplication, ("inmate_id", "payer_id", "effective_from", "effective_to"), rows)
