"""What a person may read of their own: approved wages, debts, credits, who looked at the record.

Called by the pages of the terminals and by the paper of the same. Everything is asked by the
person's key alone; `payers` limits the paper that a payer prints to what that payer paid.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from inmates.enums import FINAL_RUNS, RunStatus
from inmates.models import (
    Inmate,
    Payslip,
    PayslipLine,
    TerminalVisit,
    WritOfExecution,
    WritSuspension,
)
from inmates.parameters import parameters_in_force
from inmates.pay_values import ZERO
from inmates.selectors.looks import LOOKS, PERSON
from inmates.selectors.payroll_inputs import parameter_rows_on
from inmates.selectors.writs import Balance, arrears_by_number, balances, months_of_writs
from inmates.terminal.forecast import Standing, months_until_paid
from portal.accounts.models import Organisation, RoleGrant
from portal.kernel.clock import day_of
from portal.kernel.models import AuditEvent
from portal.kernel.periods import Month, period_q

# Beside the looks at name and IIN: what was done about the person's own way to this page.
OF_PINS = ("pin_letter_printed", "pin_locked")
MOST_LOOKS = 100


@dataclass(slots=True)
class OwnMonth:
    """All approved slips of one month, corrections among them: their sums are what holds now."""

    month: Month
    slips: list[Payslip] = field(default_factory=list)

    def total(self, column: str) -> Decimal:
        return sum((getattr(slip, column) for slip in self.slips), ZERO)

    @property
    def gross(self) -> Decimal:
        return self.total("gross")

    @property
    def to_account(self) -> Decimal:
        return self.total("to_account")

    @property
    def withheld(self) -> Decimal:
        return self.gross - self.to_account

    @property
    def settlement(self) -> Decimal:
        return self.total("settlement")

    @property
    def is_paid(self) -> bool:
        return all(slip.run.status == RunStatus.PAID for slip in self.slips)


def own_slips(inmate_id: int, payers: Collection[int] | None = None) -> "QuerySet[Payslip]":
    """Approved slips alone, with their runs; the newest month first, in it as they were made."""
    rows = Payslip.objects.filter(inmate=inmate_id, run__status__in=FINAL_RUNS)
    if payers is not None:
        rows = rows.filter(run__payer__in=payers)
    return rows.select_related(
        "run__payer", "run__institution__organisation", "run__settled_with", "inmate"
    ).order_by("-run__month", "run__posted_at", "id")


def own_months(slips: Iterable[Payslip]) -> list[OwnMonth]:
    """By month, the newest first."""
    months: dict[Month, OwnMonth] = {}
    for slip in slips:
        month = Month.of(slip.run.month)
        months.setdefault(month, OwnMonth(month)).slips.append(slip)
    return list(months.values())


def with_lines(slips: "QuerySet[Payslip]") -> "QuerySet[Payslip]":
    """The slips with their lines, each with its writ and parameter."""
    lines = PayslipLine.objects.select_related("writ", "parameter").order_by("sequence")
    return slips.prefetch_related(Prefetch("lines", queryset=lines))


def year_months(months: Iterable[OwnMonth], year: int) -> OwnMonth:
    """All slips of the year as one."""
    slips = [slip for one in months if one.month.year == year for slip in one.slips]
    return OwnMonth(Month(year, 1), slips)


def owed_back(slips: Iterable[Payslip]) -> list[tuple[Organisation, Decimal]]:
    """Paid too much earlier and not settled yet, by payer."""
    owed: dict[Organisation, Decimal] = {}
    for slip in slips:
        owed[slip.run.payer] = owed.get(slip.run.payer, ZERO) + slip.settlement
    return [(payer, amount) for payer, amount in owed.items() if amount > 0]


@dataclass(frozen=True, slots=True)
class Credit:
    """What was sent to the person's account: when, by which document, for which months."""

    paid_on: date
    document: str
    payer: str
    months: list[Month]
    amount: Decimal


def credits(slips: Iterable[Payslip]) -> list[Credit]:
    """Of paid runs, one row for a payment, the newest first; of the balance nothing is known."""
    rows: dict[tuple[date, str, int], list[Payslip]] = {}
    for slip in slips:
        run = slip.run
        if run.status == RunStatus.PAID and run.paid_on is not None:
            rows.setdefault((run.paid_on, run.paid_document, run.payer_id), []).append(slip)
    return [
        Credit(
            paid_on,
            document,
            found[0].run.payer.name,
            sorted({Month.of(slip.run.month) for slip in found}),
            sum((slip.to_account + slip.settlement for slip in found), ZERO),
        )
        for (paid_on, document, _payer), found in sorted(rows.items(), reverse=True)
    ]


@dataclass(frozen=True, slots=True)
class OwnDebt:
    """A writ with what is left by the papers the portal has, and when it ends by the last pay."""

    writ: WritOfExecution
    balance: Balance
    arrears: Decimal
    is_suspended: bool
    ends: Month | None


@dataclass(frozen=True, slots=True)
class OwnDebts:
    """The writs in force, and on which month's pay the forecast stands; None: no pay yet."""

    debts: list[OwnDebt]
    by_pay_of: Month | None


def own_debts(inmate_id: int, months: list[OwnMonth], on: date) -> OwnDebts:
    """Writs in force on the day by queue, with balance and forecast; six queries."""
    suspended = WritSuspension.objects.filter(period_q(on), writ=OuterRef("pk"))
    writs = list(
        WritOfExecution.objects.filter(period_q(on), inmate=inmate_id)
        .annotate(is_suspended=Exists(suspended))
        .order_by("queue", "id")
    )
    if not writs:
        return OwnDebts([], None)
    terms = list(WritOfExecution.objects.filter(inmate=inmate_id).order_by("id"))
    found = balances(terms, months_of_writs([one.pk for one in terms]))
    arrears = arrears_by_number(terms, found)
    last = months[0] if months else None
    ends = _ends(writs, found, last, on) if last is not None else {}
    debts = [
        OwnDebt(
            writ, found[writ.pk], arrears.get(writ.number, ZERO),
            writ.is_suspended, ends.get(writ.pk),
        )
        for writ in writs
    ]  # fmt: skip
    return OwnDebts(debts, last.month if last is not None else None)


def _ends(
    writs: Iterable[WritOfExecution], found: dict[int, Balance], last: OwnMonth, on: date
) -> dict[int, Month]:
    """The months in which debts end, counted from the month after the last pay."""
    parameters = parameters_in_force(parameter_rows_on(on), on)
    standing = [_standing(writ, found[writ.pk]) for writ in writs]
    counted = months_until_paid(
        standing,
        net=last.total("net"),
        attachable=last.total("attachable"),
        parameters=parameters,
    )
    return {writ_id: last.month.plus(number) for writ_id, number in counted.items()}


def _standing(writ: WritOfExecution, balance: Balance) -> Standing:
    is_share = writ.share_numerator is not None and writ.share_denominator is not None
    return Standing(
        id=writ.pk,
        queue=writ.queue,
        kind=writ.kind,
        share=(writ.share_numerator or 0, writ.share_denominator or 1) if is_share else None,
        amount=writ.amount,
        remaining=balance.debt_left or None,
        fee=balance.fee_left or None,
        suspended=True if getattr(writ, "is_suspended", False) else None,
    )


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody read the person's name or IIN: what for, and as whom; never who by name."""

    at: datetime
    action: str
    purpose: str
    people: int
    as_whom: list[tuple[str, str]]


def looks_at_person(inmate: Inmate, since: date, until: date) -> list[Look]:
    """The newest hundred of these days, with the roles and organisations of that day; 2 queries."""
    events = list(
        AuditEvent.objects.filter(
            Q(subject_type=PERSON, subject_id=inmate.pk)
            | Q(details__has_key="inmates", details__contains={"inmates": [inmate.pk]}),
            action__in=(*LOOKS, *OF_PINS),
            at__date__gte=since,
            at__date__lte=until,
        ).order_by("-at", "-id")[:MOST_LOOKS]
    )
    grants = _grants_of({event.actor_id for event in events if event.actor_id is not None})
    return [
        Look(
            event.at,
            event.action,
            str(event.details.get("purpose", "")),
            _people(event),
            _roles_on(grants.get(event.actor_id or 0, []), day_of(event.at)),
        )
        for event in events
    ]


def _people(event: AuditEvent) -> int:
    listed = event.details.get("inmates")
    return len(listed) if isinstance(listed, list) else 1


def _grants_of(users: Collection[int]) -> dict[int, list[RoleGrant]]:
    found: dict[int, list[RoleGrant]] = {}
    rows = RoleGrant.objects.filter(membership__user__in=users)
    for grant in rows.select_related("membership__organisation").order_by("id"):
        found.setdefault(grant.membership.user_id, []).append(grant)
    return found


def _roles_on(grants: Iterable[RoleGrant], on: date) -> list[tuple[str, str]]:
    """Role and organisation, each once; those of another day are not told."""
    held = [
        (str(grant.get_role_display()), grant.membership.organisation.name)
        for grant in grants
        if _covers(grant, on) and _covers(grant.membership, on)
    ]
    return list(dict.fromkeys(held))


def _covers(row: object, on: date) -> bool:
    begin, end = row.effective_from, row.effective_to  # type: ignore[attr-defined]  # a DatedRow
    return bool(begin <= on and (end is None or on < end))


def own_visits(inmate_id: int, most: int = 10) -> "QuerySet[TerminalVisit]":
    """When the person's PIN was used, and where."""
    rows = TerminalVisit.objects.filter(inmate=inmate_id).select_related("terminal")
    return rows.order_by("-began_at")[:most]
