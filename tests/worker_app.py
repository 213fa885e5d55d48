"""The Celery application of the portal for worker processes of the tests, slower if asked.

With PAYROLL_PAUSE each person of a payroll run is a batch of its own and takes so many seconds:
time enough for a test to kill the worker in the middle. PAYROLL_BATCH makes batches small, and
FAULTS names the folder of `tests.worker_faults`.
"""

import os
import time
from pathlib import Path
from typing import Any

from celery.signals import worker_init

from portal.celery import app

__all__ = ["app"]


@worker_init.connect
def slow_down(**_signal: Any) -> None:
    pause = float(os.environ.get("PAYROLL_PAUSE", "0"))
    if not pause:
        return
    from inmates.services import calculation

    real = calculation._work_off

    def work_off(*args: Any) -> tuple[int, int]:
        time.sleep(pause)
        return real(*args)

    calculation.BATCH = 1
    calculation._work_off = work_off


@worker_init.connect
def take_orders(**_signal: Any) -> None:
    from inmates.services import calculation

    if batch := os.environ.get("PAYROLL_BATCH"):
        calculation.BATCH = int(batch)
    if folder := os.environ.get("FAULTS"):
        from tests import worker_faults

        worker_faults.install(Path(folder))
