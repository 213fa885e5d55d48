"""Work of the queue for wages and for counts of people: load, one service call."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from inmates.law_desk.trials import try_parameter as try_value
from inmates.services.availability import refresh_labour_availability
from inmates.services.bailiff_notices import LATE_LETTER, raise_late_notices
from inmates.services.bailiff_notices import note_bailiffs as note_untold
from inmates.services.bailiff_notices import send_late_letter as send_letter
from inmates.services.bank import forget_bank_statements as forget_statements
from inmates.services.calculation import calculate_payroll_run as calculate
from inmates.services.facts import refresh_facts as refresh_daily_facts
from inmates.services.imports import forget_people_imports as forget_imports
from inmates.services.payslip_prints import forget_payslip_prints as forget_prints
from inmates.services.payslip_prints import make_archive
from inmates.services.posting import post_payroll_run as post
from portal.kernel import clock
from portal.kernel.queue import Progress, portal_task


@portal_task("inmates.calculate_payroll_run", label=_("Calculation of wages"))
def calculate_payroll_run(progress: Progress, *, run_id: int) -> None:
    """The payslips of a run; key: the run's id."""
    calculate(run_id=run_id, progress=progress, at=clock.now())


@portal_task("inmates.post_payroll_run", label=_("Posting of wages"))
def post_payroll_run(progress: Progress, *, run_id: int) -> None:
    """The books of an approved run; key: the run's id."""
    post(run_id=run_id, progress=progress, at=clock.now())


@portal_task("inmates.count_free_people", label=_("Count of free people by trade"))
def count_free_people(progress: Progress, *, on: str) -> None:
    """Each day, how many people are free by trade, handed down as numbers; key: the day."""
    rows = refresh_labour_availability(on=date.fromisoformat(on))
    progress.report(done=rows, total=rows)


@portal_task(
    "inmates.forget_people_imports", label=_("Spreadsheets of people nobody decided about")
)
def forget_people_imports(progress: Progress, *, on: str) -> None:
    """Each day, files that waited too long are dropped with the names in them; key: the day."""
    gone = forget_imports(at=clock.now())
    progress.report(done=gone, total=gone)


@portal_task(
    "inmates.forget_bank_statements", label=_("Statements of the bank nobody decided about")
)
def forget_bank_statements(progress: Progress, *, on: str) -> None:
    """Each day, statements that waited too long are dropped with their lines; key: the day."""
    gone = forget_statements(at=clock.now())
    progress.report(done=gone, total=gone)


@portal_task("inmates.refresh_facts", label=_("Daily facts of employment"))
def refresh_facts(progress: Progress, *, on: str) -> None:
    """Each night the day before becomes facts, and what changed since is made again; key: day."""
    refresh_daily_facts(on=date.fromisoformat(on), at=clock.now(), report=progress.report)


@portal_task("inmates.print_payslips", label=_("Payslips of everybody on paper"))
def print_payslips(progress: Progress, *, run_id: int) -> None:
    """One archive of a run; key: the run's id."""
    make_archive(run_id=run_id, progress=progress, at=clock.now())


@portal_task("inmates.forget_payslip_prints", label=_("Printed payslips past their days"))
def forget_payslip_prints(progress: Progress, *, on: str) -> None:
    """Each day, archives older than three days are deleted with the names in them; key: the day."""
    gone = forget_prints(at=clock.now())
    progress.report(done=gone, total=gone)


@portal_task("inmates.note_bailiffs", label=_("Notices to bailiffs: what happened, what is late"))
def note_bailiffs(progress: Progress, *, on: str) -> None:
    """Each day, movements nobody was told of get their notices, late ones are raised; key: day."""
    made = note_untold(at=clock.now())
    raised = raise_late_notices(at=clock.now())
    progress.report(done=made + raised, total=made + raised)


@portal_task(LATE_LETTER, label=_("Letter about late notices to bailiffs"))
def send_late_letter(progress: Progress, *, on: str, **whom: int) -> None:
    """To one person who answers for the payer; key: payer, place, person and day."""
    sent = send_letter(on=date.fromisoformat(on), **whom)
    progress.report(done=sent, total=sent)


@portal_task("inmates.try_parameter", label=_("Trial of a value of the law"))
def try_parameter(progress: Progress, *, proposal_id: int) -> None:
    """What a proposed value changes of the last month; key: the proposal's id."""
    try_value(proposal_id=proposal_id, progress=progress, at=clock.now())
