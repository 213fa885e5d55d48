"""What a spreadsheet of people is compared with, and the files waiting for a decision.

Called by the service and the pages of the import; the number of queries does not grow with rows.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from inmates.desk_refusals import SMALLEST_AGE
from inmates.enums import ConsentKind
from inmates.identity import hmac_of_iin
from inmates.models import Consent, CustodyStay, Inmate, InmateIdentity, PeopleImport, Placement
from inmates.people_heads import folded
from inmates.people_plan import Consented, Known, KnownPerson, Operated
from inmates.people_sheet import Sheet
from inmates.selectors.open_days import shift_rules
from inmates.shifts import full_minutes
from portal.accounts.enums import PRIVATE_KINDS, Role
from portal.accounts.selectors import organisation_ids
from portal.kernel.identifiers import birth_date_of
from portal.kernel.periods import Period, overlap_q
from workshops.models import Institution, Post, Workshop, WorkshopOperator

YEAR = timedelta(days=365)
# As a placement on the page of one person.
FURTHEST_DAYS = 366


def import_institutions(user: Any, on: date) -> "QuerySet[Institution]":
    """The institutions into which the reader may import."""
    return (
        Institution.objects.filter(organisation__in=organisation_ids(user, on, Role.LABOUR_OFFICER))
        .select_related("organisation")
        .order_by("sort_order", "id")
    )


def imports_visible_to(user: Any, on: date) -> "QuerySet[PeopleImport]":
    """The imports of the reader's institutions, the newest first; without their cells."""
    return (
        PeopleImport.objects.filter(institution__in=import_institutions(user, on))
        .select_related("institution__organisation", "uploaded_by")
        .order_by("-uploaded_at", "-id")
    )


def known_for(institution: Institution, sheet: Sheet, on: date) -> Known:
    """Everything the rows of the sheet are compared with."""
    people = [*sheet.people, *sheet.doubtful_people]
    jobs = [*sheet.jobs, *sheet.doubtful_jobs]
    numbers = {person.number for person in people} | {job.number for job in jobs}
    iins = {person.iin for person in people if person.iin}
    workshops = list(Workshop.objects.filter(institution=institution))
    posts = Post.objects.filter(workshop__institution=institution).select_related("workshop")
    norm = shift_rules(on).norm
    return Known(
        workshops=_workshops(workshops),
        posts=_posts(posts),
        operators=_operators(workshops),
        people=_people(numbers, institution, norm),
        seats=dict(posts.values_list("pk", "seats")),
        seated=_seated(posts, on),
        iins=_known_iins(iins),
        consents=_consents(numbers),
        births={iin: born for iin in iins if (born := birth_date_of(iin))},
        latest=on,
        furthest=on + timedelta(days=FURTHEST_DAYS),
        full_minutes=full_minutes(norm, None),
        smallest_age=SMALLEST_AGE,
    )


def _workshops(workshops: Iterable[Workshop]) -> dict[str, str]:
    found = {}
    for one in workshops:
        for text in (one.code, one.name_ru, one.name_kk, one.name_en):  # type: ignore[attr-defined]  # of modeltranslation
            if text:
                found[folded(text)] = one.code
    return found


def _posts(posts: "QuerySet[Post]") -> dict[tuple[str, str], int]:
    """By the code of the workshop and the name in any language."""
    found = {}
    for post in posts:
        for text in (post.name_ru, post.name_kk, post.name_en):  # type: ignore[attr-defined]  # of modeltranslation
            if text:
                found[post.workshop.code, folded(text)] = post.pk
    return found


def _operators(workshops: Iterable[Workshop]) -> dict[str, list[Operated]]:
    found: dict[str, list[Operated]] = defaultdict(list)
    rows = WorkshopOperator.objects.filter(workshop__in=workshops)
    for row in rows.select_related("workshop", "operator").order_by("effective_from"):
        operator = row.operator
        found[row.workshop.code].append(
            Operated(
                operator.pk,
                operator.bin,
                Period(row.effective_from, row.effective_to),
                needs_consent=operator.kind in PRIVATE_KINDS,
            )
        )
    return dict(found)


def _people(
    numbers: Iterable[str], institution: Institution, norm: dict[str, int]
) -> dict[str, KnownPerson]:
    found = {one.pk: one for one in Inmate.objects.filter(personnel_number__in=numbers)}
    stays: dict[int, list[Period]] = defaultdict(list)
    for row in CustodyStay.objects.filter(inmate__in=found, institution=institution):
        stays[row.inmate_id].append(Period(row.effective_from, row.effective_to))
    full = {pk: full_minutes(norm, one.disability_group) for pk, one in found.items()}
    work: dict[int, list[tuple[Period, int]]] = defaultdict(list)
    places: dict[int, list[tuple[int, Period]]] = defaultdict(list)
    for job in Placement.objects.filter(inmate__in=found):
        minutes = full[job.inmate_id] if job.is_full_time else job.daily_minutes or 0
        period = Period(job.effective_from, job.effective_to)
        work[job.inmate_id].append((period, minutes))
        places[job.inmate_id].append((job.post_id, period))
    return {
        one.personnel_number: KnownPerson(
            inmate_id=pk,
            is_here=bool(stays[pk]),
            stays=tuple(stays[pk]),
            work=tuple(work[pk]),
            posts=tuple(places[pk]),
            full_minutes=full[pk],
        )
        for pk, one in found.items()
    }


def _seated(posts: "QuerySet[Post]", on: date) -> dict[int, tuple[Period, ...]]:
    """Who sits at each post from a year before on: older rows of a file are history."""
    found: dict[int, list[Period]] = defaultdict(list)
    rows = Placement.objects.filter(overlap_q(Period(on - YEAR)), post__in=posts)
    for post_id, begin, end in rows.values_list("post_id", "effective_from", "effective_to"):
        found[post_id].append(Period(begin, end))
    return {post_id: tuple(periods) for post_id, periods in found.items()}


def _known_iins(iins: Iterable[str]) -> dict[str, str]:
    by_hmac = {hmac_of_iin(iin): iin for iin in iins}
    rows = InmateIdentity.objects.filter(iin_hmac__in=by_hmac)
    return {
        by_hmac[hmac]: number
        for hmac, number in rows.values_list("iin_hmac", "inmate__personnel_number")
    }


def _consents(numbers: Iterable[str]) -> list[Consented]:
    rows = Consent.objects.filter(
        inmate__personnel_number__in=numbers, kind=ConsentKind.PRIVATE_WORK
    )
    return [
        Consented(
            row.inmate.personnel_number, row.employer_id, Period(row.given_on, row.withdrawn_on)
        )
        for row in rows.select_related("inmate")
        # Given and withdrawn on one day it never held.
        if row.employer_id is not None and row.withdrawn_on != row.given_on
    ]


def posts_of(institutions: "QuerySet[Institution]") -> "QuerySet[Post]":
    """The posts of the institutions, by workshop: what the template offers."""
    return (
        Post.objects.filter(workshop__institution__in=institutions)
        .select_related("workshop")
        .order_by("workshop__code", "name", "id")
    )
