"""Work of each day: beat asks for it often, the outbox holds one run a day.

Asked several times a day, a missed midnight, a Redis that was down or a failure is made up for.
"""

from datetime import datetime

from portal.kernel.clock import day_of
from portal.kernel.models import TaskRun, TaskStatus
from portal.kernel.queue import AlreadyRunning, enqueue


def enqueue_for_day(name: str, *, at: datetime) -> TaskRun | None:
    """Today's run of task `name` is ordered, with `on` as its argument; None if it was before.

    A run that failed is ordered again.
    """
    on = day_of(at).isoformat()
    ordered = TaskRun.objects.filter(name=name, key=on).exclude(status=TaskStatus.FAILED)
    if ordered.exists():
        return None
    try:
        return enqueue(name, key=on, actor=None, at=at, arguments={"on": on})
    except AlreadyRunning:
        # Another beat was quicker by a moment.
        return None
