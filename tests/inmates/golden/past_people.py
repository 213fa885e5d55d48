"""People of the stories of corrections: what each works, and what is changed of it afterwards."""

from datetime import date
from decimal import Decimal
from typing import Any

from inmates.models import (
    Apprenticeship,
    Attendance,
    ExtraPay,
    Inmate,
    PayRate,
    Placement,
    TaxApplication,
    TeamEntry,
    TeamShare,
    WorkEntry,
    WritOfExecution,
    WritSuspension,
)
from portal.kernel import clock
from portal.kernel.periods import Month
from tests.inmates.histories import absent, paid_reason
from tests.inmates.months import a_writ, an_application, attended, days_of
from tests.people import LONG_AGO, Cast, a_placement, a_work_order, an_inmate
from workshops.models import Operation, Post, WorkOrderOperation

AUGUST, SEPTEMBER, OCTOBER = (Month(2026, number) for number in (8, 9, 10))
MONTHS = (AUGUST, SEPTEMBER, OCTOBER)


def money(amount: str) -> Decimal:
    return Decimal(amount)


class Person:
    """One person of a story: by the hour at 600,00, ten days of eight hours in each month."""

    def __init__(self, cast: Cast, number: int) -> None:
        self.cast = cast
        self.inmate: Inmate = an_inmate(cast, f"{number:04d}")
        self._job: Placement | None = None

    # --- what there is from the beginning ------------------------------------------------------
    def works(self, *days: int, asks: bool = True, **fields: Any) -> Placement:
        """So many first working days of August, September and October; 10 where nothing is said."""
        self._job = a_placement(self.cast, self.inmate, **fields)
        if asks:
            self.asks()
        for month, count in zip(MONTHS, days or (10, 10, 10), strict=True):
            attended(self._job, days_of(month, count))
        return self._job

    @property
    def job(self) -> Placement:
        assert self._job is not None
        return self._job

    def asks(self, since: date = LONG_AGO) -> TaxApplication:
        return an_application(self.cast, self.inmate, effective_from=since)

    def own_post(self, amount: str, unit: str = "hour") -> Post:
        """A post that nobody else works at, with its rate."""
        post = Post.objects.create(
            workshop=self.cast.workshop, name_ru=f"Пост {self.inmate.pk}", trade=self.cast.trade,
            seats=1,
        )  # fmt: skip
        PayRate.objects.create(
            payer=self.cast.enterprise, post=post, unit=unit, amount=money(amount),
            effective_from=LONG_AGO,
        )  # fmt: skip
        return post

    def operation(self, amount: str, pieces: int = 1) -> WorkOrderOperation:
        """An operation that nobody else does, with its rate."""
        version = self.cast.version
        before = Operation.objects.filter(version=version).count()
        operation = Operation.objects.create(
            version=version, sequence=1000 + before, name_ru="Операция", trade=self.cast.trade,
            norm_minutes=60, piece_rate=1,
        )  # fmt: skip
        PayRate.objects.create(
            payer=self.cast.enterprise, operation=operation, unit="piece", amount=money(amount),
            per_pieces=pieces, effective_from=LONG_AGO,
        )  # fmt: skip
        order = a_work_order(self.cast, 10**6).pk
        return WorkOrderOperation.objects.create(
            work_order_id=order, operation=operation, quantity=10**6
        )

    def makes(self, of: WorkOrderOperation, *pieces: int) -> None:
        """So many pieces on the first working day of August, September and October."""
        for month, count in zip(MONTHS, pieces, strict=True):
            if count:
                self.made(of, month, count)

    def made(self, of: WorkOrderOperation, month: Month, pieces: int) -> WorkEntry:
        return WorkEntry.objects.create(
            placement=self.job, work_order_operation=of, worked_on=days_of(month, 1)[0],
            quantity=pieces, recorded_at=clock.now(),
        )  # fmt: skip

    def in_team(self, of: WorkOrderOperation, month: Month, pieces: int) -> TeamEntry:
        """All of a team of one on the first working day of the month."""
        entry = TeamEntry.objects.create(
            work_order_operation=of, worked_on=days_of(month, 1)[0], quantity=pieces,
            recorded_at=clock.now(),
        )  # fmt: skip
        TeamShare.objects.create(
            team_entry=entry, placement=self.job, minutes=480, coefficient=money("1.00")
        )
        return entry

    # --- papers, on any day --------------------------------------------------------------------
    def owes(self, **fields: Any) -> WritOfExecution:
        number = f"И-{self.inmate.pk}-{WritOfExecution.objects.count()}"
        return a_writ(self.inmate, number, **fields)

    def claims(self, debt: str, **fields: Any) -> WritOfExecution:
        return self.owes(kind="claim", queue=1, debt=money(debt), **fields)

    def suspended(self, writ: WritOfExecution, since: date, until: date | None = None) -> None:
        WritSuspension.objects.create(
            writ=writ, basis="определение", effective_from=since, effective_to=until
        )

    def given(self, month: Month, kind: str, amount: str) -> ExtraPay:
        return ExtraPay.objects.create(
            inmate=self.inmate, payer=self.cast.enterprise, institution=self.cast.institution,
            month=month.first_day, kind=kind, amount=money(amount), basis="приказ № 7",
            recorded_by=self.cast.accountant, recorded_at=clock.now(),
        )  # fmt: skip

    def learns(self, since: date, coefficient: str) -> None:
        Apprenticeship.objects.create(
            inmate=self.inmate, trade=self.cast.trade, free_mentor="мастер", planned_hours=100,
            norm_coefficient=money(coefficient), basis="приказ", effective_from=since,
            recorded_by=self.cast.master, recorded_at=clock.now(),
        )  # fmt: skip

    # --- days ----------------------------------------------------------------------------------
    def more(self, month: Month, minutes: int = 480, **fields: Any) -> Attendance:
        """The next working day of the month that was not entered."""
        known = set(self.job.attendance.values_list("worked_on", flat=True))
        day = next(day for day in days_of(month, 20) if day not in known)
        return self.at_work(day, minutes, **fields)

    def at_work(self, day: date, minutes: int = 480, **fields: Any) -> Attendance:
        return Attendance.objects.create(
            placement=self.job, worked_on=day, minutes=minutes, recorded_at=clock.now(), **fields
        )

    def less(self, month: Month, days: int = 1) -> None:
        """So many of the last days of the month were not worked after all."""
        rows = list(self._days(month).order_by("-worked_on").values_list("pk", flat=True))
        Attendance.objects.filter(pk__in=rows[:days]).delete()

    def on_day(self, month: Month, number: int, **fields: Any) -> None:
        """A day of the month by its place among those entered is otherwise than it was."""
        row = self._days(month).order_by("worked_on")[number - 1]
        Attendance.objects.filter(pk=row.pk).update(**fields)

    def away(self, month: Month, kind: str, *days: int) -> None:
        absent(self.job, kind, *days, month=month)

    def was_away(self, month: Month, number: int, kind: str) -> None:
        self.on_day(month, number, minutes=0, reason=paid_reason(kind))

    def _days(self, month: Month) -> Any:
        return self.job.attendance.filter(worked_on__range=(month.first_day, month.last_day))

    # --- facts and rates -----------------------------------------------------------------------
    def is_now(self, **fields: Any) -> None:
        Inmate.objects.filter(pk=self.inmate.pk).update(**fields)

    def leaves(self, on: date | None) -> None:
        """The work ends before the day; None: it goes on."""
        Placement.objects.filter(pk=self.job.pk).update(effective_to=on)

    def paid_since(self, day: date, amount: str, **of: Any) -> None:
        """The rate of a post or an operation is another one since the day."""
        old = PayRate.objects.get(effective_to=None, **of)
        PayRate.objects.filter(pk=old.pk).update(effective_to=day)
        PayRate.objects.create(
            payer=old.payer, unit=old.unit, per_pieces=old.per_pieces, amount=money(amount),
            effective_from=day, **of,
        )  # fmt: skip
