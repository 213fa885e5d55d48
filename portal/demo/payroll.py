"""The wages of the last full month, through the accountant's own services."""

from datetime import date, timedelta

from inmates.models import PayrollRun
from inmates.selectors.timesheets import sheet_count
from inmates.services.calculation import calculate_payroll_run
from inmates.services.payroll import start_payroll_run
from portal.accounts.models import Organisation, User
from portal.demo.orders import moment
from portal.demo.placements import Job
from portal.demo.places import Places
from portal.demo.rates import calculated_month
from portal.kernel.periods import Period
from portal.kernel.queue import Progress, run_here

ACCOUNTANTS = {"enterprise": "accountant", "bereke": "accountant2"}


def calculate_wages(
    jobs: list[Job],
    places: Places,
    organisations: dict[str, Organisation],
    users: dict[str, User],
    today: date,
) -> list[PayrollRun]:
    """A calculated run of each payer in each institution whose timesheets are all locked.

    Wages beside a timesheet that is still being entered would look like a mistake.
    """
    month = calculated_month(today)
    at = moment(min(month.next().first_day + timedelta(days=2), today), 9, 14)
    accountants = {organisations[code].pk: users[user] for code, user in ACCOUNTANTS.items()}
    pairs = sorted(
        {
            (job.institution, job.employer.pk)
            for job in jobs
            if Period(job.begin, job.end).overlaps(month.period)
        }
    )
    runs = []
    for institution, payer_id in pairs:
        sheets = sheet_count([places.institutions[institution].pk], month)
        if sheets.locked < sheets.due:
            continue
        run = start_payroll_run(
            actor=accountants[payer_id],
            payer_id=payer_id,
            institution_id=places.institutions[institution].pk,
            month=month,
            at=at,
        )

        def calculate(progress: Progress, run_id: int = run.pk) -> None:
            calculate_payroll_run(run_id=run_id, progress=progress, at=at)

        run_here(run.task_run, calculate)
        run.refresh_from_db()
        runs.append(run)
    return runs
