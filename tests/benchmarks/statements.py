"""The statement of a person's account over ten years, against one year and the reference page.

A hundred and twenty months of wages, each paid, every third with differences of the month before.
A page of it shows a hundred lines; the reference page shows twenty rows.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.urls import reverse

from inmates.enums import AccountKind, EntryPurpose, RunKind, RunStatus
from inmates.models import JournalEntry, LedgerAccount, PayrollRun, Payslip, Posting
from portal.kernel.clock import ALMATY
from portal.kernel.periods import Month
from tests.benchmarks import visitor
from tests.benchmarks.counting import CountingCursor
from tests.benchmarks.harness import Bar, Bench, Side, benchmark, pace
from tests.benchmarks.pages import REFERENCE
from tests.benchmarks.reference import make_articles
from tests.inmates.months import make_pay
from tests.people import Cast, a_placement, an_inmate

MONTHS = 120
LAST = Month(2026, 10)
TEN_YEARS, ONE_YEAR = "account statement of ten years", "account statement of one year"
# What one month does to the account of wages payable: codes with what they take.
TAKEN = {"opv": Decimal("9600.00"), "ipn": Decimal("4300.00"), "alimony": Decimal("20000.00")}
GROSS = Decimal("96000.00")
ZERO = Decimal("0.00")


def _run(cast: Cast, month: Month, head: PayrollRun | None = None) -> PayrollRun:
    at = datetime.combine(month.last_day + timedelta(days=5), time(12), ALMATY)
    return PayrollRun.objects.create(
        payer=cast.enterprise, institution=cast.institution,
        month=month.first_day if head is None else month.previous().first_day,
        kind=RunKind.REGULAR if head is None else RunKind.CORRECTION, settled_with=head,
        status=RunStatus.PAID, started_by=cast.accountant, created_at=at, calculated_at=at,
        ordered_at=at, checked_at=at, difference_count=0, approved_by=cast.head, approved_at=at,
        posted_at=at, paid_on=at.date(), paid_document="ПП",
        number=f"{month.first_day:%Y%m}{'' if head is None else 'К'}",
    )  # fmt: skip


def _slip(run: PayrollRun, inmate_id: int, gross: Decimal, taken: dict[str, Decimal]) -> Payslip:
    opv, ipn = taken.get("opv", ZERO), taken.get("ipn", ZERO)
    net, writs = gross - opv - ipn, taken.get("alimony", ZERO)
    return Payslip.objects.create(
        run=run, inmate_id=inmate_id, number=f"{run.number}/0001", gross=gross, opv=opv, vosms=ZERO,
        ipn=ipn, net=net, attachable=net, withheld_by_writs=writs, to_account=net - writs, so=ZERO,
        oosms=ZERO, opvr=ZERO, social_tax=ZERO, taxable=ZERO, days_worked=20, minutes_worked=9600,
        is_difference=run.kind != RunKind.REGULAR,
    )  # fmt: skip


def _posted(account: LedgerAccount, slip: Payslip, purpose: str, on: date, sums: dict) -> None:
    entry = JournalEntry.objects.create(
        payer_id=slip.run.payer_id, run=slip.run, payslip=slip, purpose=purpose, on=on,
        posted_at=slip.run.posted_at, document=slip.run.number,
    )  # fmt: skip
    Posting.objects.bulk_create(
        Posting(
            entry=entry, account=account, code=code, debit=max(one, ZERO), credit=max(-one, ZERO)
        )
        for code, one in sums.items()
    )


def ten_years(cast: Cast) -> LedgerAccount:
    """One account with all of it, written past the guards: the other sides are of no interest."""
    inmate = an_inmate(cast, "1648")
    a_placement(cast, inmate)
    account = LedgerAccount.objects.create(
        payer=cast.enterprise, kind=AccountKind.WAGES_PAYABLE, inmate=inmate
    )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        for place in range(MONTHS):
            month = LAST.plus(-place)
            run = _run(cast, month)
            slip = _slip(run, inmate.pk, GROSS, TAKEN)
            _posted(account, slip, EntryPurpose.WAGES, month.last_day, {"gross": -GROSS} | TAKEN)
            _posted(account, slip, EntryPurpose.PAYMENT, run.paid_on, {"paid": slip.to_account})
            if place % 3 == 0:
                less = _slip(_run(cast, month, run), inmate.pk, Decimal("-10.00"), {})
                _posted(account, less, EntryPurpose.WAGES, month.last_day, {"gross": Decimal(10)})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return account


@benchmark("statements", "Statement of an account")
def statements(bench: Bench) -> None:
    make_articles()
    cast = make_pay()
    account = ten_years(cast)
    cookie = visitor.session_cookie(cast.accountant)
    address = reverse("inmates:account_statement", args=[account.pk])
    since = {TEN_YEARS: LAST.plus(1 - MONTHS).first_day, ONE_YEAR: LAST.plus(-11).first_day}
    pages = {
        name: f"{address}?since={day:%d.%m.%Y}&until=20.11.2026" for name, day in since.items()
    }
    count = bench.size(full=50, quick=2)

    def side(name: str, path: str, who: str = "") -> Side:
        def ask() -> int:
            for _ in range(count):
                visitor.get(path, who)
            return count

        return Side(name, ask)

    sides = [side(REFERENCE, "/reference/"), *(side(*one, cookie) for one in pages.items())]
    times = bench.interleave(*sides)
    bench.floor(REFERENCE, times[REFERENCE], unit="pages", each=True)
    for name in pages:
        bench.line(name, times[name], unit="pages", each=True, against=times[REFERENCE])
    bench.bar(
        Bar("account statement of ten years against the reference page: 100 lines to its 20",
            pace(times[TEN_YEARS], times[REFERENCE]), at_least=0.1, goal=0.2)
    )  # fmt: skip
    bench.bar(
        Bar("account statement of ten years against one year",
            pace(times[TEN_YEARS], times[ONE_YEAR]), at_least=0.5, goal=0.8)
    )  # fmt: skip
    more = _statements(pages[TEN_YEARS], cookie) - _statements(pages[ONE_YEAR], cookie)
    bench.bar(
        Bar("statements of ten years of an account, more than of one", more, at_most=0, unit="")
    )


def _statements(path: str, cookie: str) -> int:
    visitor.get(path, cookie)
    before = CountingCursor.statements
    visitor.get(path, cookie)
    return CountingCursor.statements - before
