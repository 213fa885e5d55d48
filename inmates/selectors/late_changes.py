"""What was changed of a month's days after its wages were calculated; asked by the run's page."""

from django.db.models import Q

from inmates.enums import RunKind
from inmates.models import PayrollRun, ShiftChange
from portal.kernel.periods import Month


def changes_after(run: PayrollRun) -> tuple[int, list[str]]:
    """How many changes of days of this run came after it, and the numbers of the people; one query.

    Nothing of what was changed: a private employer's accountant never learns why somebody was
    absent.
    """
    if run.calculated_at is None:
        return 0, []
    # A reversal mirrors what was approved, whatever became of the days.
    if run.kind == RunKind.REVERSAL:
        return 0, []
    month = Month.of(run.month)
    whose = Q(placement__inmate__in=run.chosen.values("inmate"))
    numbers = list(
        ShiftChange.objects.filter(
            Q() if run.kind == RunKind.REGULAR else whose,
            worked_on__range=(month.first_day, month.last_day),
            at__gt=run.calculated_at,
            placement__payer=run.payer_id,
            placement__post__workshop__institution=run.institution_id,
        ).values_list("placement__inmate__personnel_number", flat=True)
    )
    return len(numbers), sorted(set(numbers))
