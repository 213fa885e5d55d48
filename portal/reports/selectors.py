"""What an analyst sees: the department's institutions and stored reports; and the public figure."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet

from inmates.selectors.facts import freshness_of_facts
from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import Organisation
from portal.accounts.selectors import grants_of
from portal.kernel.disclosure import SMALLEST_PUBLIC_CELL
from portal.kernel.models import TaskStatus
from portal.reports.employment.measures import ABLE
from portal.reports.employment.period import ONE_DAY
from portal.reports.employment.selectors import daily_counts
from portal.reports.indicators import Indicator, indicator
from portal.reports.models import ReportKind, StoredReport
from workshops.models import Institution


@dataclass(frozen=True, slots=True)
class EmploymentHeadline:
    """The region's public figure: employed of able-bodied, with its day and definition."""

    day: date
    employed: int
    able: int
    rate: Fraction
    definition: Indicator


def analyst_department(user: Any, on: date) -> Organisation | None:
    """The department in which the user is an analyst; of several the one registered first."""
    ids = {grant.organisation_id for grant in grants_of(user, on) if grant.role == Role.ANALYST}
    return (
        Organisation.objects.filter(kind=OrganisationKind.DEPARTMENT, id__in=ids)
        .order_by("id")
        .first()
    )


def institutions_visible_to(
    user: Any, on: date, department: Organisation | None
) -> "QuerySet[Institution]":
    """The department's institutions; a grant limited to one place shows that place only."""
    if department is None:
        return Institution.objects.none()
    seen = Institution.objects.filter(department=department)
    scopes = _scopes(user, on, department.pk)
    if None not in scopes:
        seen = seen.filter(organisation_id__in=scopes)
    return seen.select_related("organisation").order_by("sort_order", "number", "id")


def _scopes(user: Any, on: date, department_id: int) -> set[int | None]:
    return {
        grant.scope_id
        for grant in grants_of(user, on)
        if grant.role == Role.ANALYST and grant.organisation_id == department_id
    }


def stored_reports_visible_to(user: Any, on: date) -> "QuerySet[StoredReport]":
    """Reports of departments where the user is an analyst, newest first.

    Whose grant is limited to one place sees only what they ordered themselves.
    """
    grants = [grant for grant in grants_of(user, on) if grant.role == Role.ANALYST]
    whole = {grant.organisation_id for grant in grants if grant.scope_id is None}
    limited = {grant.organisation_id for grant in grants} - whole
    return (
        StoredReport.objects.filter(
            Q(department_id__in=whole) | Q(department_id__in=limited, created_by=user)
        )
        .select_related("task_run", "created_by")
        .order_by("-created_at", "-id")
    )


def unfinished_report(
    seen: "QuerySet[StoredReport]", department_id: int, parameters: dict[str, Any], language: str
) -> StoredReport | None:
    """The same report among those that are seen, ordered and not finished yet."""
    return (
        seen.filter(department_id=department_id, parameters=parameters, language=language)
        .exclude(task_run__status__in=[TaskStatus.DONE, TaskStatus.FAILED])
        .order_by("id")
        .first()
    )


def reports_ordered(department_id: int, kind: str = ReportKind.EMPLOYMENT) -> int:
    """How many reports of a kind the department has ordered so far."""
    return StoredReport.objects.filter(department_id=department_id, kind=kind).count()


def employment_headline(on: date) -> EmploymentHeadline | None:
    """The region's employed of able-bodied on the last day before `on` that has its facts.

    None without data, and where either the employed or the rest of the able-bodied are fewer
    than five: the one is not told, and must not follow from the other.
    """
    made = freshness_of_facts().built_until
    if made is None:
        return None
    day = min(on, made) - ONE_DAY
    ids = list(Institution.objects.order_by("id").values_list("id", flat=True))
    counts = daily_counts(ids, day, day + ONE_DAY) if ids else []
    employed = sum(count.employed[ABLE] for count in counts)
    able = sum(count.heads[ABLE] for count in counts)
    if min(employed, able - employed) < SMALLEST_PUBLIC_CELL:
        return None
    return EmploymentHeadline(
        day, employed, able, Fraction(employed, able), indicator("employed", day)
    )
