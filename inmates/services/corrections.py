"""Differences of earlier months, which a regular run calculates, approves and pays together with it.

Called by the calculation of a run and by the acts that move a run on: a family acts as one.
"""

from inmates.models import PayrollRun


def family_of(run: PayrollRun) -> list[PayrollRun]:
    """The runs that are approved, posted and paid as one: those settled with it by month, then it.

    Of a member the family of the run it goes with; of a run that stands alone that run.
    """
    head = run if run.settled_with is None else run.settled_with
    together = PayrollRun.objects.filter(settled_with=head)
    return [*together.order_by("month", "pk"), head]
