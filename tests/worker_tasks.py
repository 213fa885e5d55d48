"""Tasks that only the tests' workers know: what a fault does to them can be counted."""

import time

from portal.kernel import audit, clock
from portal.kernel.queue import Progress, portal_task

STARTED = "tests_slow_work_began"


@portal_task("tests.fail_with_a_name")
def fail_with_a_name(progress: Progress) -> None:
    """What the log must not repeat stands in the message of the error."""
    raise ValueError("no placement of Сейтқали Әсел Маратқызы, IIN 900517300123")


@portal_task("tests.work_slowly")
def work_slowly(progress: Progress, *, seconds: float) -> None:
    """Leaves a trace of each time it begins, and takes long enough to meet another delivery."""
    audit.record(actor=None, action=STARTED, at=clock.now(), task_run=str(progress.run.pk))
    time.sleep(seconds)
    progress.report(done=1, total=1)
