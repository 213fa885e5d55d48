"""Work of the queue for wages: load, one service call."""

from inmates.services.calculation import calculate_payroll_run as calculate
from portal.kernel import clock
from portal.kernel.queue import Progress, portal_task


@portal_task("inmates.calculate_payroll_run")
def calculate_payroll_run(progress: Progress, *, run_id: int) -> None:
    """The payslips of a run; key: the run's id."""
    calculate(run_id=run_id, progress=progress, at=clock.now())
