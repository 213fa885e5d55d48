"""The wages of the last two full months, through the services of accountant, head and worker.

Every state of a month is there to be looked at: the month before is paid, and of the last one an
institution is paid, others wait for the first signature, and one waits for its timesheets. A bonus
that came after the payment waits in a run of its own; an application found too late, for the next
wages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from inmates.enums import RunKind, RunStatus
from inmates.models import PayrollRun
from inmates.selectors.off_cycle import Scope
from inmates.selectors.timesheets import sheet_count
from inmates.services.approval import approve_payroll_run
from inmates.services.calculation import calculate_payroll_run
from inmates.services.extra_pay import NewExtraPay, add_extra_pay
from inmates.services.off_cycle import NewRun, start_off_cycle_run
from inmates.services.paying import pay_payroll_run
from inmates.services.payroll import start_payroll_run
from inmates.services.posting import post_payroll_run
from inmates.services.tax_applications import enter_application
from portal.accounts.models import Organisation, User
from portal.accounts.selectors import first_signature_holder
from portal.demo.orders import moment
from portal.demo.placements import Job
from portal.demo.places import Places
from portal.demo.rates import calculated_month
from portal.kernel.periods import Month, Period
from portal.kernel.queue import Progress, run_here

ACCOUNTANTS = {"enterprise": "accountant", "bereke": "accountant2"}
# By number: where the month before was paid, and where the last one is paid already.
PAID_BEFORE = ("16",)
PAID = ("13",)
# Days after the month: calculated, approved and posted, paid.
CALCULATED_ON, APPROVED_ON, PAID_ON, BONUS_ON = 2, 4, 9, 10
BONUS = Decimal("15000.00")


@dataclass(frozen=True, slots=True)
class Payroll:
    """Who does what in the demo's wages, and until when it is done by today."""

    places: Places
    accountants: dict[int, User]
    today: date

    def at(self, month: Month, days: int, hour: int) -> datetime:
        """So many days after the month, or today where that is ahead."""
        return moment(min(month.next().first_day + timedelta(days=days), self.today), hour, 14)


def calculate_wages(
    jobs: list[Job],
    places: Places,
    organisations: dict[str, Organisation],
    users: dict[str, User],
    today: date,
) -> list[PayrollRun]:
    """Runs of the month before in one institution, and of the last month in every institution
    whose timesheets are all locked; the runs of the last month.

    Wages beside a timesheet that is still being entered would be refused.
    """
    accountants = {organisations[code].pk: users[user] for code, user in ACCOUNTANTS.items()}
    payroll = Payroll(places, accountants, today)
    last = calculated_month(today)
    for institution, payer_id in _pairs(jobs, last.previous()):
        if places.institutions[institution].number in PAID_BEFORE:
            run = _calculated(payroll, institution, payer_id, last.previous())
            if run is not None:
                _paid(payroll, run)
    runs = []
    for institution, payer_id in _pairs(jobs, last):
        run = _calculated(payroll, institution, payer_id, last)
        if run is None:
            continue
        if places.institutions[institution].number in PAID:
            _paid(payroll, run)
            _rewarded(payroll, run)
            _applied_late(payroll, run)
        run.refresh_from_db()
        runs.append(run)
    return runs


def _pairs(jobs: list[Job], month: Month) -> list[tuple[int, int]]:
    """The institutions and payers of who worked in the month."""
    return sorted(
        {
            (job.institution, job.employer.pk)
            for job in jobs
            if Period(job.begin, job.end).overlaps(month.period)
        }
    )


def _calculated(
    payroll: Payroll, institution: int, payer_id: int, month: Month
) -> PayrollRun | None:
    """The run of the month with its payslips; None while a timesheet is not locked."""
    institution_id = payroll.places.institutions[institution].pk
    sheets = sheet_count([institution_id], month)
    if sheets.locked < sheets.due or not sheets.due:
        return None
    at = payroll.at(month, CALCULATED_ON, 9)
    run = start_payroll_run(
        actor=payroll.accountants[payer_id],
        payer_id=payer_id,
        institution_id=institution_id,
        month=month,
        at=at,
    )
    return _worked_off(run, calculate_payroll_run, at)


def _paid(payroll: Payroll, run: PayrollRun) -> None:
    """Approved by who holds the first signature, posted, and paid by the accountant."""
    month = Month.of(run.month)
    at = payroll.at(month, APPROVED_ON, 11)
    if run.difference_count or run.problems.exists():
        return
    holder = User.objects.get(pk=first_signature_holder(run.payer_id, at.date()))
    run = approve_payroll_run(actor=holder, run_id=run.pk, at=at)
    run = _worked_off(run, post_payroll_run, at)
    paid_at = payroll.at(month, PAID_ON, 15)
    pay_payroll_run(
        actor=payroll.accountants[run.payer_id],
        run_id=run.pk,
        paid_on=paid_at.date(),
        document=f"ПП ДЕМО-{run.pk:04d}",
        at=paid_at,
    )


def _rewarded(payroll: Payroll, run: PayrollRun) -> None:
    """Somebody of the paid run is given a bonus, which waits in a run outside the order."""
    run.refresh_from_db()
    slip = run.payslips.select_related("inmate").order_by("inmate__personnel_number").first()
    if run.status != RunStatus.PAID or slip is None:
        return
    scope = Scope(run.payer_id, run.institution_id, Month.of(run.month))
    actor, number = payroll.accountants[run.payer_id], slip.inmate.personnel_number
    extra = NewExtraPay(
        run.payer_id, run.institution_id, scope.month, number, "bonus", BONUS, "приказ № ДЕМО-9"
    )
    add_extra_pay(actor=actor, extra=extra, at=payroll.at(scope.month, BONUS_ON, 16))
    at = payroll.at(scope.month, BONUS_ON, 17)
    new = NewRun(RunKind.BONUS, [number], "Премия по приказу № ДЕМО-9")
    late = start_off_cycle_run(actor=actor, scope=scope, new=new, at=at)
    _worked_off(late, calculate_payroll_run, at)


def _applied_late(payroll: Payroll, run: PayrollRun) -> None:
    """Somebody's application is found after the payment: the difference waits for next wages."""
    # Nobody else gives it to them: the deduction is given at one place.
    slips = run.payslips.filter(inmate__tax_applications=None).select_related("inmate")
    slip = slips.order_by("-inmate__personnel_number").first()
    if run.status != RunStatus.PAID or slip is None:
        return
    month = Month.of(run.month)
    enter_application(
        actor=payroll.accountants[run.payer_id],
        payer_id=run.payer_id,
        number=slip.inmate.personnel_number,
        on=month.first_day,
        correction="Заявление подано в срок, найдено после выплаты",
        at=payroll.at(month, BONUS_ON, 18),
    )


def _worked_off(run: PayrollRun, service: Callable[..., Any], at: datetime) -> PayrollRun:
    """What a worker would do with the task of the run."""

    def work(progress: Progress) -> None:
        service(run_id=run.pk, progress=progress, at=at)

    run_here(run.task_run, work)
    run.refresh_from_db()
    return run
