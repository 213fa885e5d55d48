"""Who edited an input of a month last: the person who then does not approve its wages."""

from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from inmates.enums import OFF_CYCLE_RUNS, RunKind, RunStatus
from inmates.models import (
    Apprenticeship,
    Attendance,
    CustodyStay,
    ExtraPay,
    Inmate,
    PayParameter,
    PayRate,
    PayrollRun,
    Placement,
    ShiftChange,
    TaxApplication,
    TeamEntry,
    WorkEntry,
    WritOfExecution,
)
from inmates.selectors.payroll_inputs import placed_in_month
from portal.kernel.models import AuditEvent, StateChange
from portal.kernel.periods import Month, overlap_q
from portal.kernel.states import subject_type

# Of what carries no hand of its own, or is gone, the audit tells who it was (services.writs,
# services.extra_pay).
WRIT_EDITS = ("writ_added", "writ_changed", "writ_suspended", "writ_resumed", "writ_ended")
EXTRA_REMOVED = "extra_pay_removed"
PLACED, WORK_ENDED = ("inmate_placed",), ("placement_ended",)
MOVEMENTS = ("inmate_transferred", "inmate_released")
LAW_CHANGED = ("pay_parameter_changed",)


def last_editor(run: PayrollRun) -> int | None:
    """The user behind the newest day, output, team, correction, extra payment, rate, application,
    writ, placement, movement, training or figure of the law of the month.

    One query. A row that nobody signed (brought in with the first data) names nobody.
    """
    if run.kind == RunKind.REVERSAL:
        return None
    found = _newest_edits(run)
    return max(found)[1] if found else None


def edited_after(run: PayrollRun) -> datetime | None:
    """When an input of the month was last edited, where that was after the calculation.

    One query; for the page of a run that somebody is about to approve.
    """
    if run.status != RunStatus.CALCULATED or run.calculated_at is None:
        return None
    if run.kind == RunKind.REVERSAL:
        return None
    last: datetime | None = max((row[0] for row in _newest_edits(run)), default=None)
    return last if last is not None and last > run.calculated_at else None


def _newest_edits(run: PayrollRun) -> list[Any]:
    """The newest of each kind of edit: when, and by whom."""
    first, *others = (rows[:1] for rows in _edits_of(run))
    return list(first.union(*others, all=True))


def _edits_of(run: PayrollRun) -> list["QuerySet[Any]"]:
    month = Month.of(run.month)
    days = Q(worked_on__range=(month.first_day, month.last_day))
    here = {
        "placement__payer": run.payer_id,
        "placement__post__workshop__institution": run.institution_id,
    }
    extra = ExtraPay.objects.filter(
        payer=run.payer_id, institution=run.institution_id, month=run.month
    )
    if run.kind in OFF_CYCLE_RUNS:
        here["placement__inmate__in"] = _people(run, month)
        extra = extra.filter(inmate__in=_people(run, month))
    shares = {f"shares__{name}": value for name, value in here.items()}
    return [
        _signed(Attendance.objects.filter(days, **here), "recorded"),
        _signed(WorkEntry.objects.filter(days, **here), "recorded"),
        _signed(TeamEntry.objects.filter(days, **shares), "recorded"),
        _signed(extra, "recorded"),
        _signed(PayRate.objects.filter(overlap_q(month.period), payer=run.payer_id), "recorded"),
        _signed(_applications(run, month), "recorded"),
        _acted(ShiftChange.objects.filter(days, **here)),
        _acted(_of_writs(run, month)),
        _acted(_of_removed_extra(run, month)),
        _acted(_of_work_begun(run, month)),
        _acted(_of_work_ended(run, month)),
        _acted(_of_movements(run, month)),
        _signed(_trainings(run, month), "recorded"),
        _acted(_of_trainings(run, month)),
        _acted(_of_law(month)),
    ]


def _until(month: Month) -> Q:
    """In force in the month, or ended by its very first day: to end it was an edit too."""
    ends = Q(effective_to=None) | Q(effective_to__gte=month.first_day)
    return ends & Q(effective_from__lte=month.last_day)


def _people(run: PayrollRun, month: Month) -> "QuerySet[Any]":
    """Whose wages the run is of: outside the month's order those it was made for."""
    if run.kind in OFF_CYCLE_RUNS:
        return run.chosen.values("inmate")
    return placed_in_month(run.payer_id, run.institution_id, month).values("inmate")


def _applications(run: PayrollRun, month: Month) -> "QuerySet[TaxApplication]":
    return TaxApplication.objects.filter(
        _until(month), payer=run.payer_id, inmate__in=_people(run, month)
    )


def _of_writs(run: PayrollRun, month: Month) -> "QuerySet[AuditEvent]":
    """What was done to the writs that the month withholds by."""
    writs = WritOfExecution.objects.filter(_until(month), inmate__in=_people(run, month))
    return AuditEvent.objects.filter(
        subject_type=subject_type(WritOfExecution()),
        action__in=WRIT_EDITS,
        subject_id__in=writs.values("pk"),
    )


def _of_removed_extra(run: PayrollRun, month: Month) -> "QuerySet[AuditEvent]":
    """Extra payments of the month that somebody took back."""
    removed = AuditEvent.objects.filter(
        subject_type=subject_type(ExtraPay()), action=EXTRA_REMOVED, details__month=str(month)
    )
    whose = Cast(KeyTextTransform("inmate", "details"), BigIntegerField())
    return removed.annotate(whose=whose).filter(whose__in=_people(run, month))


def _of_work_begun(run: PayrollRun, month: Month) -> "QuerySet[AuditEvent]":
    """Who placed the people of the month."""
    here = placed_in_month(run.payer_id, run.institution_id, month)
    return _audited(Placement(), PLACED, here)


def _of_work_ended(run: PayrollRun, month: Month) -> "QuerySet[AuditEvent]":
    """Ends within the month, its last day among them: those of later days do not concern it."""
    here = Placement.objects.filter(
        _ended_in(month), payer=run.payer_id, post__workshop__institution=run.institution_id
    )
    return _audited(Placement(), WORK_ENDED, here)


def _of_movements(run: PayrollRun, month: Month) -> "QuerySet[AuditEvent]":
    """Releases and transfers of the month's people within the month."""
    gone = CustodyStay.objects.filter(_ended_in(month), inmate__in=_people(run, month))
    return _audited(Inmate(), MOVEMENTS, Inmate.objects.filter(pk__in=gone.values("inmate")))


def _ended_in(month: Month) -> Q:
    return Q(effective_to__gt=month.first_day, effective_to__lte=month.next().first_day)


def _trainings(run: PayrollRun, month: Month) -> "QuerySet[Apprenticeship]":
    return Apprenticeship.objects.filter(_until(month), inmate__in=_people(run, month))


def _of_trainings(run: PayrollRun, month: Month) -> "QuerySet[StateChange]":
    """Ends of trainings: they are steps of their machine."""
    ended = _trainings(run, month).filter(_ended_in(month))
    return StateChange.objects.filter(
        subject_type=subject_type(Apprenticeship()), subject_id__in=ended.values("pk")
    )


def _of_law(month: Month) -> "QuerySet[AuditEvent]":
    """Figures of the law in force in the month that were entered on the desk."""
    return _audited(PayParameter(), LAW_CHANGED, PayParameter.objects.filter(_until(month)))


def _audited(subject: Any, actions: tuple[str, ...], rows: "QuerySet[Any]") -> Any:
    return AuditEvent.objects.filter(
        subject_type=subject_type(subject), action__in=actions, subject_id__in=rows.values("pk")
    )


def _acted(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Of rows that tell what somebody did and when."""
    return rows.filter(actor__isnull=False).order_by("-at", "-id").values_list("at", "actor")


def _signed(rows: "QuerySet[Any]", verb: str) -> "QuerySet[Any]":
    return (
        rows.filter(**{f"{verb}_by__isnull": False})
        .order_by(f"-{verb}_at", "-id")
        .values_list(f"{verb}_at", f"{verb}_by")
    )
