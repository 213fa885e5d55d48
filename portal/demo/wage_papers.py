"""Papers after the wages of the demo: notices to bailiffs, certificates, a file begun.

Somebody with alimony has just left a payer: the notices appear by themselves, one is sent. The
nearest release has two of its steps settled.
"""

from datetime import date, timedelta

from inmates.enums import FINAL_RUNS
from inmates.models import BailiffNotice, Payslip, WritOfExecution
from inmates.papers.enums import LeavingStepCode
from inmates.selectors.leaving import leaving
from inmates.services.bailiff_notices import note_bailiffs, send_notice
from inmates.services.certificates import make_certificate
from inmates.services.leaving_file import settle_step
from portal.accounts.models import Organisation, User
from portal.demo.orders import moment
from portal.demo.payroll import ACCOUNTANTS
from portal.demo.placements import Job
from portal.kernel.periods import Month

# Who left within so many days, and how many of them are given a writ.
DAYS_BACK, LEAVERS = 12, 3
CERTIFICATES = 2
AUTHORITY, LETTER = "Суд (демо)", "запрос № Д-12 (демо)"


def make_wage_papers(
    jobs: list[Job], organisations: dict[str, Organisation], users: dict[str, User], today: date
) -> None:
    """Notices, certificates and steps by the services that make them, at the end of the seed."""
    accountants = {organisations[code].pk: users[user] for code, user in ACCOUNTANTS.items()}
    _notices(jobs, accountants, today)
    _certificates(accountants, today)
    _steps(users["labour"], today)


def _notices(jobs: list[Job], accountants: dict[int, User], today: date) -> None:
    """A few who left lately had alimony to pay; the first bailiff is told already."""
    # No writ reaches back into a month that is paid.
    since = max(today - timedelta(days=DAYS_BACK), today.replace(day=1))
    gone = [job for job in jobs if job.end is not None and since <= job.end <= today]
    for number, job in enumerate(gone[:LEAVERS], start=1):
        WritOfExecution.objects.create(
            inmate=job.inmate, number=f"ДЕМО-ВЫБ-{number}", queue=1, kind="alimony",
            share_numerator=1, share_denominator=4, payee="Взыскатель алиментов (демо)",
            bailiff="ЧСИ Демонстрационный", effective_from=max(job.begin, today.replace(day=1)),
        )  # fmt: skip
    note_bailiffs(at=moment(today, 0, 20), since=since)
    first = BailiffNotice.objects.order_by("happened_on", "pk").first()
    actor = accountants.get(first.payer_id) if first else None
    if first is not None and actor is not None:
        send_notice(
            actor=actor, notice_id=first.pk, sent_on=first.happened_on,
            outgoing_number="ДЕМО-1", at=moment(today, 9, 30),
        )  # fmt: skip


def _certificates(accountants: dict[int, User], today: date) -> None:
    """One at the person's request, one at an authority's."""
    slips = (
        Payslip.objects.filter(run__status__in=FINAL_RUNS, run__payer__in=accountants)
        .select_related("run")
        .order_by("inmate__personnel_number", "pk")[:CERTIFICATES]
    )
    for slip, asked in zip(slips, ({}, {"authority": AUTHORITY, "letter": LETTER}), strict=False):
        month = Month.of(slip.run.month)
        make_certificate(
            actor=accountants[slip.run.payer_id], payer_id=slip.run.payer_id,
            inmate_id=slip.inmate_id, first=month, last=month, at=moment(today, 10, 5), **asked,
        )  # fmt: skip


def _steps(officer: User, today: date) -> None:
    """Of the nearest release the officer's papers are ready."""
    stay = leaving(officer, today).first()
    if stay is None:
        return
    for code in (LeavingStepCode.WORK_CERTIFICATE, LeavingStepCode.SKILL_PASSPORT):
        settle_step(
            actor=officer, stay_id=stay.pk, code=code, act="finish", at=moment(today, 10, 40)
        )
