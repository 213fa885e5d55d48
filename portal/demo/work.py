"""Attendance and output as rows: stock orders, the days of three months, the pieces made."""

from collections import defaultdict
from datetime import date, datetime
from random import Random

from inmates.models import Attendance, Reason, WorkEntry
from portal.accounts.models import User
from portal.demo.days import Day, evening, work_period
from portal.demo.orders import moment, wanted_by_customers
from portal.demo.output import Demand, Floor, Made, Step, stock_quantity
from portal.demo.placements import Job
from portal.demo.places import Places
from portal.demo.products import Catalogue
from portal.demo.sources import read_data
from portal.demo.teams import form_teams, write_teams
from portal.kernel.copying import copy_rows
from workshops.models import WorkOrder, WorkOrderOperation
from workshops.services import create_work_order, report_output

STOCK = "stock"
# The master with an account works in institution № 16, the second of the list.
MASTERS_PLACE = 1


def plan_output(days: list[Day], today: date, rng: Random) -> tuple[list[Demand], list[Made]]:
    """What is made for customers and for the stock; touches no database."""
    steps = _steps()
    demands = [
        Demand(one.key, one.workshop, one.product, one.begin, one.quantity, one.days)
        for one in wanted_by_customers(today)
    ]
    begin = work_period(today).effective_from
    for workshop, known in steps.items():
        demands += [
            Demand((STOCK, product, workshop), workshop, product, begin)
            for product in dict.fromkeys(step.product for step in known)
        ]
    made = Floor(steps, demands, rng).work(days)
    return demands, made


def _steps() -> dict[str, list[Step]]:
    """The routing of what each workshop offers."""
    steps: dict[str, list[Step]] = defaultdict(list)
    for row in read_data("products")["products"]:
        for workshop, *_prices in row["offers"]:
            for sequence, (_name, trade, minutes, *_rest) in enumerate(row["operations"], start=1):
                steps[workshop].append(Step(row["code"], sequence, trade, minutes, row["share"]))
    return dict(steps)


def make_stock_orders(
    demands: list[Demand], places: Places, catalogue: Catalogue, operators: dict[int, User]
) -> dict[object, WorkOrder]:
    """A work order for the stock of each workshop and product, by the key of its demand."""
    works = {}
    for demand in demands:
        if demand.quantity is None and demand.done:
            operator = places.operator_on(demand.workshop, demand.begin)
            works[demand.key] = create_work_order(
                actor=operators[operator.pk],
                workshop_id=places.workshops[demand.workshop].pk,
                version_id=catalogue.versions[demand.product].pk,
                quantity=stock_quantity(demand),
                at=moment(demand.begin, 8, 30),
            )
    return works


def write_attendance(days: list[Day], reasons: dict[str, Reason], master: User) -> None:
    """All days in one COPY; the triggers see that each lies in its placement."""
    copy_rows(
        Attendance,
        (
            "placement_id",
            "worked_on",
            "minutes",
            "reason_id",
            "note",
            "recorded_by_id",
            "recorded_at",
        ),
        [
            (
                day.job.placement_id,
                day.on,
                day.minutes,
                reasons[day.reason].pk if day.reason else None,
                "",
                _master_of(day.job, master),
                _recorded_at(day.on),
            )
            for day in days
        ],
    )


def write_output(
    made: list[Made], works: dict[object, WorkOrder], master: User, days: list[Day]
) -> None:
    """The pieces on their work orders, which begin and are completed on the right days."""
    first: dict[object, date] = {}
    last: dict[object, date] = {}
    for entry in made:
        first.setdefault(entry.demand.key, entry.on)
        last[entry.demand.key] = entry.on
    operations = {
        (row.work_order_id, row.operation.sequence): row.pk
        for row in WorkOrderOperation.objects.filter(work_order__in=works.values()).select_related(
            "operation"
        )
    }
    made, teams = form_teams(made, MASTERS_PLACE, first)
    _copy([e for e in made if e.on == first[e.demand.key]], works, operations, master)
    _report(first, works, master)
    _copy([e for e in made if e.on != first[e.demand.key]], works, operations, master)
    write_teams(
        teams, days, lambda one: operations[works[one.demand.key].pk, one.sequence], master.pk
    )
    _report(last, works, master)


def _copy(
    made: list[Made],
    works: dict[object, WorkOrder],
    operations: dict[tuple[int, int], int],
    master: User,
) -> None:
    copy_rows(
        WorkEntry,
        (
            "placement_id",
            "work_order_operation_id",
            "worked_on",
            "quantity",
            "recorded_by_id",
            "recorded_at",
        ),
        [
            (
                entry.job.placement_id,
                operations[works[entry.demand.key].pk, entry.sequence],
                entry.on,
                entry.quantity,
                _master_of(entry.job, master),
                _recorded_at(entry.on),
            )
            for entry in made
        ],
    )


def _report(days: dict[object, date], works: dict[object, WorkOrder], actor: User) -> None:
    for key, day in sorted(days.items(), key=lambda item: (item[1], str(item[0]))):
        report_output(work_order_id=works[key].pk, actor=actor, at=_recorded_at(day))


def _master_of(job: Job, master: User) -> int | None:
    """The masters of the other institutions have no account in the demo."""
    return master.pk if job.institution == MASTERS_PLACE else None


def _recorded_at(day: date) -> datetime:
    return moment(day, 0) + evening(day)
