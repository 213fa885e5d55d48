"""What was changed of a month's days after its wages were calculated; asked by the run's page."""

from datetime import date

from inmates.enums import RunStatus
from inmates.models import PayrollRun, ShiftChange
from portal.kernel.clock import day_of
from portal.kernel.periods import Month


def preview_of(run: PayrollRun) -> date | None:
    """The day a run was calculated on where its month was not over yet; None for any other run.

    The days entered after it are first entries and no corrections, so `changes_after` is silent.
    """
    if run.status != RunStatus.CALCULATED or run.calculated_at is None:
        return None
    day = day_of(run.calculated_at)
    return day if day <= Month.of(run.month).last_day else None


def changes_after(run: PayrollRun) -> tuple[int, list[str]]:
    """How many changes of days of this run came after it, and the numbers of the people; one query.

    Nothing of what was changed: a private employer's accountant never learns why somebody was
    absent.
    """
    if run.calculated_at is None:
        return 0, []
    month = Month.of(run.month)
    numbers = list(
        ShiftChange.objects.filter(
            worked_on__range=(month.first_day, month.last_day),
            at__gt=run.calculated_at,
            placement__payer=run.payer_id,
            placement__post__workshop__institution=run.institution_id,
        ).values_list("placement__inmate__personnel_number", flat=True)
    )
    return len(numbers), sorted(set(numbers))
