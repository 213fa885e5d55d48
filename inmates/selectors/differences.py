"""Differences between the two calculations of a run, for the page that shows both sides."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, IntegerField, QuerySet, Value, When

from inmates.models import (
    EarningKind,
    ExtraPay,
    PayrollDifference,
    PayrollRun,
    WritOfExecution,
)
from inmates.selectors.payroll_inputs import operation_titles, post_titles
from portal.kernel.periods import Month, period_q

# The order of a payslip; what concerns the whole slip last.
KINDS = ("person", "earning", "withheld", "writ", "demanded", "employer", "settlement", "total")


def run_differences(run: PayrollRun) -> "QuerySet[PayrollDifference]":
    """The differences of a run by person, each person's in the order of the payslip."""
    place = Case(
        *[When(kind=kind, then=Value(number)) for number, kind in enumerate(KINDS)],
        default=Value(len(KINDS)),
        output_field=IntegerField(),
    )
    return run.differences.select_related("inmate").order_by(
        "inmate__personnel_number", "inmate_id", place, "code", "subject", "rate", "occurrence"
    )


@dataclass(slots=True)
class Subjects:
    """What the lines are about: names in three languages by subject, and of kinds by code."""

    kinds: dict[str, str] = field(default_factory=dict)
    titles: dict[str, dict[str, str]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    # Of the runs that are settled with this one: the month they are for.
    months: dict[str, date] = field(default_factory=dict)


def subjects_of(run: PayrollRun, differences: Iterable[PayrollDifference]) -> Subjects:
    """The names behind some differences, in the reader's language; six queries at most."""
    ids: dict[str, set[int]] = {}
    for one in differences:
        what, _colon, number = one.subject.partition(":")
        if number:
            ids.setdefault(what, set()).add(int(number))
    kinds = EarningKind.objects.filter(period_q(Month.of(run.month).last_day))
    found = Subjects({kind.code: kind.name for kind in kinds})
    for what, read in (("post", post_titles), ("operation", operation_titles)):
        if what in ids:
            for number, title in read(ids[what]).items():
                found.titles[f"{what}:{number}"] = title
    writs = WritOfExecution.objects.filter(pk__in=ids.get("writ", ()))
    found.words |= {f"writ:{writ.pk}": writ.number for writ in writs}
    papers = ExtraPay.objects.filter(pk__in=ids.get("extra", ()))
    found.words |= {f"extra:{paper.pk}": paper.basis for paper in papers}
    if "run" in ids:
        together = PayrollRun.objects.filter(pk__in=ids["run"]).values_list("pk", "month")
        found.months = {f"run:{key}": month for key, month in together}
    return found
