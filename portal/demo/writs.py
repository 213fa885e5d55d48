"""Writs of execution of the demo: of every kind, a few suspended, ended, changed, with a fee."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from inmates.models import Inmate, WritOfExecution, WritSuspension
from portal.demo.codes import demo_iban
from portal.demo.placements import Job
from portal.demo.rates import calculated_month
from portal.kernel.money import round_tenge

WRIT_SHARE = 0.2
# Kind, queue, share or range of a sum in thousands, payee, weight.
WRITS = (
    ("alimony", 1, (1, 4), "Взыскатель алиментов (демо)", 30),
    ("alimony", 1, (1, 3), "Взыскатель алиментов (демо)", 15),
    ("alimony", 1, (12, 30), "Взыскатель алиментов (демо)", 8),
    ("claim", 2, (40, 900), "Потерпевший (демо)", 24),
    ("claim", 4, (25, 400), "Доход бюджета (демо)", 13),
    ("claim", 5, (30, 1500), "Кредитор (демо)", 10),
)
BAILIFF = "ЧСИ Демонстрационный"
FEE = Decimal("0.10")
# Every so many of their kind; the documents say what happened to them.
WITH_FEE, SUSPENDED, ENDED, CHANGED, UNMET = 3, 9, 14, 11, 25
# More than half of most wages: what is left unmet stands as arrears.
LARGE_SUM = Decimal("65000.00")
SUSPENDED_BY = "Определение суда о приостановлении № Д-17 (демо)"
ENDED_BY = "Постановление об окончании производства № Д-44 (демо)"


@dataclass(frozen=True)
class Drawn:
    """What one writ asks for."""

    kind: str
    queue: int
    low: int
    high: int
    payee: str

    @property
    def is_share(self) -> bool:
        return self.kind == "alimony" and self.low == 1


def make_writs(jobs: list[Job], today: date, rng: Random) -> None:
    """A fifth of those now placed have a writ, some of them two of different queues."""
    people = {job.inmate.pk: job.inmate for job in jobs if job.end is None}
    rows: list[WritOfExecution] = []
    for inmate in people.values():
        if rng.random() >= WRIT_SHARE:
            continue
        drawn = _draw(rng), _draw(rng)
        kinds = drawn if rng.random() < 0.15 and drawn[0].queue != drawn[1].queue else drawn[:1]
        rows += [_writ(inmate, kind, len(rows) + n, today, rng) for n, kind in enumerate(kinds, 1)]
    _raise_sums(rows)
    later = _changed(rows, today)
    _end(rows, today)
    WritOfExecution.objects.bulk_create([*rows, *later])
    _suspend(rows, today)


def _draw(rng: Random) -> Drawn:
    kind, queue, (low, high), payee, _weight = rng.choices(WRITS, [one[-1] for one in WRITS])[0]
    return Drawn(kind, queue, low, high, payee)


def _writ(inmate: Inmate, drawn: Drawn, number: int, today: date, rng: Random) -> WritOfExecution:
    thousands = None if drawn.is_share else Decimal(rng.randint(drawn.low, drawn.high) * 1000)
    debt = thousands if drawn.kind == "claim" else None
    begins = today - timedelta(days=rng.randrange(90, 900))
    return WritOfExecution(
        inmate=inmate,
        number=f"ДЕМО-ИЛ-{number:04d}",
        queue=drawn.queue,
        kind=drawn.kind,
        share_numerator=drawn.low if drawn.is_share else None,
        share_denominator=drawn.high if drawn.is_share else None,
        amount=thousands if drawn.kind == "alimony" else None,
        debt=debt,
        payee=f"{drawn.payee} {number}",
        payee_account=demo_iban(10_000 + number),
        bailiff=f"{BAILIFF} {number % 7 + 1}",
        bailiff_account=demo_iban(20_000 + number % 7),
        fee=round_tenge(debt * FEE) if debt and number % WITH_FEE == 0 else None,
        order_number=f"Д-{number:04d}/26",
        ordered_on=begins - timedelta(days=9),
        received_on=begins - timedelta(days=2),
        effective_from=begins,
    )


def _raise_sums(rows: list[WritOfExecution]) -> None:
    """A few fixed sums that the half of the wage does not meet."""
    for row in [one for one in rows if one.kind == "alimony"][1::UNMET]:
        row.share_numerator = row.share_denominator = None
        row.amount = LARGE_SUM


def _changed(rows: list[WritOfExecution], today: date) -> list[WritOfExecution]:
    """Some shares grew with a second child from the beginning of the month before last."""
    since = calculated_month(today).previous().first_day
    later = []
    fit = [one for one in rows if one.share_denominator == 4 and one.effective_from < since]
    for row in fit[::CHANGED]:
        row.effective_to = since
        same = (
            "inmate", "number", "queue", "kind", "share_numerator", "payee", "payee_account",
            "bailiff", "bailiff_account", "order_number", "ordered_on", "received_on",
        )  # fmt: skip
        values = {name: getattr(row, name) for name in same}
        later.append(WritOfExecution(**values, share_denominator=3, effective_from=since))
    return later


def _end(rows: list[WritOfExecution], today: date) -> None:
    """Some claims were closed in the calculated month."""
    on = calculated_month(today).first_day + timedelta(days=19)
    for row in [one for one in rows if one.kind == "claim"][::ENDED]:
        row.effective_to, row.ended_basis = on, ENDED_BY


def _suspend(rows: list[WritOfExecution], today: date) -> None:
    """A few are suspended since the middle of the calculated month."""
    since = calculated_month(today).first_day + timedelta(days=14)
    held = [one for one in rows if one.kind == "claim" and one.effective_to is None][::SUSPENDED]
    WritSuspension.objects.bulk_create(
        WritSuspension(writ=row, effective_from=since, basis=SUSPENDED_BY) for row in held
    )
