"""One-off sums in the demo's last full month: bonuses, and a compensation that is no wage.

Entered by the accountants of the payers, a few in each institution, before the wages.
"""

from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from inmates.services.extra_pay import NewExtraPay, add_extra_pay
from portal.accounts.models import Organisation, User
from portal.demo.orders import moment
from portal.demo.payroll import ACCOUNTANTS
from portal.demo.placements import Job
from portal.demo.places import Places
from portal.demo.rates import calculated_month

# Kind and sum; one person each, of every payer in every institution.
SUMS = (("bonus", "5000.00"), ("bonus", "3500.00"), ("compensation", "2400.00"))


def make_extra_pay(
    jobs: list[Job],
    places: Places,
    organisations: dict[str, Organisation],
    users: dict[str, User],
    today: date,
) -> int:
    """How many were entered: of each payer in each institution the first who work all month."""
    month = calculated_month(today)
    at = moment(min(month.last_day + timedelta(days=1), today), 9, 30)
    accountants = {organisations[code].pk: users[user] for code, user in ACCOUNTANTS.items()}
    whole = [
        job
        for job in jobs
        if job.begin <= month.first_day and (job.end is None or job.end > month.last_day)
    ]
    whole.sort(key=_of_payer)
    entered = 0
    for (institution, payer_id), found in groupby(whole, key=lambda job: _of_payer(job)[:2]):
        numbers = dict.fromkeys(job.inmate.personnel_number for job in found)
        for number, (kind, amount) in zip(numbers, SUMS, strict=False):
            entered += 1
            extra = NewExtraPay(
                payer_id=payer_id,
                institution_id=places.institutions[institution].pk,
                month=month,
                number=number,
                kind=kind,
                amount=Decimal(amount),
                # A number and no words: the slip may be in either language.
                basis=f"№ ДЕМО-{entered:03d}",
            )
            add_extra_pay(actor=accountants[payer_id], extra=extra, at=at)
    return entered


def _of_payer(job: Job) -> tuple[int, int, str]:
    return job.institution, job.employer.pk, job.inmate.personnel_number
