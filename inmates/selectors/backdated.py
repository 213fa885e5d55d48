"""What was changed in approved months: the list of changes, and what of it a month waits for."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Count, Func, Max, Min, QuerySet
from django.db.models.functions import TruncMinute

from inmates.models import BackdatedChange, EarningKind, PayrollRun
from inmates.rules import PAYROLL_READERS
from inmates.selectors.pay_blockers import Blocker, past_sheet_blockers
from inmates.selectors.payroll import granted_q
from inmates.selectors.payroll_inputs import operation_titles, post_titles
from portal.accounts.models import Organisation, User
from portal.kernel.periods import Month
from workshops.models import Institution

# People who are named beside a change; of the others there is a count.
MOST_NUMBERS = 5
# One act that concerns many people is one line: what makes it one.
ONE_ACT = (
    "payer_id", "institution_id", "cause", "subject", "reason", "changed_by_id", "settled_by_id",
    "minute",
)  # fmt: skip


def changes_visible_to(user: Any, on: date) -> "QuerySet[BackdatedChange]":
    """The changes at payers in which the user is accountant or head, at their places."""
    granted = granted_q(user, on, PAYROLL_READERS, payer="payer", institution="institution")
    return BackdatedChange.objects.filter(granted)


def grouped(
    rows: "QuerySet[BackdatedChange]", *, is_open: bool, number: str = "", place: Any = None
) -> "QuerySet[BackdatedChange, dict[str, Any]]":
    """The changes by act, the newest first: how many people, who are the first of them."""
    rows = rows.filter(settled_by__isnull=is_open)
    if number:
        rows = rows.filter(inmate__personnel_number=number)
    if place is not None:
        rows = rows.filter(payer=place[0], institution=place[1])
    everybody = ArrayAgg("inmate__personnel_number", distinct=True)
    return (
        rows.annotate(minute=TruncMinute("changed_at"))
        .values(*ONE_ACT)
        .annotate(
            people=Count("inmate", distinct=True),
            numbers=Func(
                everybody,
                template=f"(%(expressions)s)[1:{MOST_NUMBERS}]",
                output_field=ArrayField(CharField()),
            ),
            since=Min("first_day"),
            at=Max("changed_at"),
        )
        .order_by("-at", "cause", "subject", "payer_id", "institution_id")
    )


@dataclass(slots=True)
class Change:
    """One act on the list, with the rows its keys stand for."""

    cause: str
    payer: Organisation
    institution: Institution
    since: date
    people: int
    numbers: list[str]
    at: datetime
    by: User | None
    reason: str
    run: PayrollRun | None
    # What was changed, as the mark keeps it: a word and a key.
    what: str = ""
    key: str = ""
    titles: dict[str, str] = field(default_factory=dict)


def with_names(found: list[dict[str, Any]]) -> list[Change]:
    """The acts of a page; seven queries at most, however many they are."""
    payers = Organisation.objects.in_bulk({row["payer_id"] for row in found})
    places = Institution.objects.select_related("organisation").in_bulk(
        {row["institution_id"] for row in found}
    )
    users = User.objects.in_bulk({row["changed_by_id"] for row in found} - {None})
    runs = PayrollRun.objects.in_bulk({row["settled_by_id"] for row in found} - {None})
    changes = []
    for row in found:
        what, _colon, key = row["subject"].partition(":")
        changes.append(
            Change(
                cause=row["cause"],
                payer=payers[row["payer_id"]],
                institution=places[row["institution_id"]],
                since=row["since"],
                people=row["people"],
                numbers=sorted(row["numbers"]),
                at=row["at"],
                by=users.get(row["changed_by_id"]),
                reason=row["reason"],
                run=runs.get(row["settled_by_id"]),
                what=what,
                key=key,
            )
        )
    _name_subjects(changes)
    return changes


def _name_subjects(changes: list[Change]) -> None:
    """Posts, operations and kinds of earnings by their names."""
    posts = post_titles(_keys(changes, "post"))
    operations = operation_titles(_keys(changes, "operation"))
    codes = {one.key for one in changes if one.what in ("kind", "extra")}
    kinds: dict[str, dict[str, str]] = {}
    if codes:
        for kind in EarningKind.objects.filter(code__in=codes).order_by("effective_from"):
            names = {code: getattr(kind, f"name_{code}") for code in ("ru", "kk", "en")}
            kinds[kind.code] = names
    found = {
        "post": {str(key): titles for key, titles in posts.items()},
        "operation": {str(key): titles for key, titles in operations.items()},
        "kind": kinds,
        "extra": kinds,
    }
    for one in changes:
        one.titles = found.get(one.what, {}).get(one.key, {})


def _keys(changes: list[Change], what: str) -> list[int]:
    return [int(one.key) for one in changes if one.what == what and one.key.isdigit()]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a month has to calculate of earlier ones: whose, since when, and what stops it."""

    people: int = 0
    since: date | None = None
    sheets: tuple[Blocker, ...] = ()


def waiting_changes(payer_id: int, institution_id: int, month: Month) -> Waiting:
    """Open changes of the months before; two queries."""
    found = BackdatedChange.objects.filter(
        settled_by=None, payer=payer_id, institution=institution_id, first_day__lt=month.first_day
    ).aggregate(people=Count("inmate", distinct=True), since=Min("first_day"))
    if not found["people"]:
        return Waiting()
    sheets = past_sheet_blockers(payer_id, institution_id, month)
    return Waiting(found["people"], found["since"], tuple(sheets))
