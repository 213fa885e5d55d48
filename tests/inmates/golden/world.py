"""The facts of a story in the database, written as the portal's own services leave them."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast as AsText

from inmates.models import (
    Apprenticeship,
    Attendance,
    CustodyStay,
    ExtraPay,
    Inmate,
    PayRate,
    PayrollRun,
    Payslip,
    PayslipLine,
    Placement,
    Reason,
    TaxApplication,
    TeamEntry,
    TeamShare,
    Timesheet,
    WorkEntry,
    WritOfExecution,
    WritSuspension,
)
from inmates.services.directories import load_calendar
from inmates.services.reasons import load_reasons
from portal.accounts.enums import OrganisationKind as Kind
from portal.accounts.models import Organisation, OrganisationTaxStatus
from portal.kernel.periods import Month
from tests.inmates.golden.story import Story, days_told
from tests.people import (
    LONG_AGO,
    NOW,
    Cast,
    a_consent,
    a_placement,
    a_user,
    a_work_order,
    an_inmate,
    an_organisation,
)
from workshops.models import Institution, Operation, Post, WorkOrder, WorkOrderOperation, Workshop

ZERO = Decimal("0.00")
START = date(2026, 1, 1)


class World:
    """The cast with a second place and a second payer, and the people of the story by number."""

    def __init__(self, cast: Cast, story: Story) -> None:
        self.cast, self.story = cast, story
        self.people: dict[str, Inmate] = {}
        self.placements: dict[str, list[Placement]] = {}
        self.writs: dict[str, WritOfExecution] = {}
        self.orders: dict[str, WorkOrder] = {}
        self._make_places()

    def _make_places(self) -> None:
        cast, told = self.cast, self.story.facts
        Institution.objects.filter(pk=cast.institution.pk).update(
            security=told.get("security", "medium")
        )
        OrganisationTaxStatus.objects.update(regime=told.get("regime", "general"))
        OrganisationTaxStatus.objects.create(
            organisation=cast.entrepreneur, is_vat_payer=False, effective_from=LONG_AGO
        )
        colony = an_organisation(Kind.INSTITUTION, "Учреждение № 22 (тест)", 22)
        second = Institution.objects.create(
            organisation=colony, number="22", department=cast.department, security="medium"
        )
        sewing = Workshop.objects.create(institution=second, code="sew-22", name_ru="Швейный цех")
        self.places = {"16": cast.institution, "22": second}
        self.payers: dict[str, Organisation] = {
            "enterprise": cast.enterprise, "entrepreneur": cast.entrepreneur,
        }  # fmt: skip
        self.posts = {
            "joiner": cast.joiners,
            "painter": _post(cast.workshop, "Маляр", cast),
            "seamstress": _post(sewing, "Швея", cast),
        }
        self.operations: dict[str, Operation] = {
            "cutting": cast.cutting, "painting": cast.painting,
        }  # fmt: skip
        self.accountants = {
            "enterprise": cast.accountant,
            "entrepreneur": a_user("wages@example.kz", cast.entrepreneur, "accountant"),
        }

    def fill(self) -> None:
        """Everything the story tells, then the timesheets locked."""
        for told in self.story.rows("person"):
            self._person(dict(told))
        for kind in ("rate", "apprenticeship", "work", "team", "extra", "writ", "history"):
            for told in self.story.rows(kind):
                getattr(self, f"_{kind}")(dict(told))
        for place in self.places.values():
            for workshop in place.workshops.all():
                _lock_sheet(workshop, self.story.month, self.cast)

    def _person(self, told: dict[str, Any]) -> None:
        number = told.pop("number", "1648")
        payers = told.pop("application", ["enterprise"])
        left = told.pop("released_on", None)
        inmate = an_inmate(self.cast, number, **told)
        if left:
            CustodyStay.objects.filter(inmate=inmate).update(effective_to=left)
        for payer in payers:
            TaxApplication.objects.create(
                inmate=inmate, payer=self.payers[payer], effective_from=LONG_AGO
            )
        self.people[number] = inmate

    def _rate(self, told: dict[str, Any]) -> None:
        subject = {
            "post": self.posts.get(told.get("post", "")),
            "operation": self.operations.get(told.get("operation", "")),
        }
        PayRate.objects.create(
            payer=self.payers[told.get("payer", "enterprise")],
            amount=Decimal(told["amount"]),
            per_pieces=told.get("per", 1),
            unit=told.get("unit", "hour" if subject["post"] else "piece"),
            effective_from=told.get("from", LONG_AGO),
            effective_to=told.get("to"),
            **subject,
        )

    def _apprenticeship(self, told: dict[str, Any]) -> None:
        Apprenticeship.objects.create(
            inmate=self.people[told.get("person", "1648")],
            trade=self.cast.trade,
            norm_coefficient=Decimal(told["coefficient"]),
            free_mentor="мастер",
            planned_hours=300,
            recorded_by=self.cast.labour_officer,
            recorded_at=NOW,
            effective_from=told["from"],
            effective_to=told.get("to"),
        )

    def _work(self, told: dict[str, Any]) -> None:
        inmate = self.people[told.get("person", "1648")]
        payer = self.payers[told.get("payer", "enterprise")]
        if payer.kind in (Kind.ENTREPRENEUR, Kind.COMPANY):
            a_consent(inmate, payer)
        placement = a_placement(
            self.cast,
            inmate,
            post=self.posts[told.get("post", "joiner")],
            payer=payer,
            employer=payer,
            pay_form=told.get("pay", "time"),
            is_full_time=told.get("full_time", True),
            effective_from=told.get("from", START),
            effective_to=told.get("to"),
            basis=told.get("basis", "договор № 1"),
        )
        self.placements.setdefault(inmate.personnel_number, []).append(placement)
        self._attendance(placement, told.get("days", {}))
        self._pieces(placement, told.get("pieces", {}))

    def _attendance(self, placement: Placement, days: dict[str, str]) -> None:
        Attendance.objects.bulk_create(
            Attendance(placement=placement, worked_on=day, recorded_at=NOW, **_of_day(text))
            for day, text in days_told(self.story.month, days)
        )

    def _pieces(self, placement: Placement, days: dict[str, str]) -> None:
        for day, text in days_told(self.story.month, days):
            for number, part in enumerate(text.split("+")):
                operation, quantity = part.split()
                WorkEntry.objects.create(
                    placement=placement,
                    work_order_operation=self._ordered(operation, number),
                    worked_on=day,
                    quantity=int(quantity),
                    recorded_at=NOW,
                )

    def _ordered(self, operation: str, order: int = 0) -> WorkOrderOperation:
        """That operation of a work order; the same operation twice in an hour is of two orders."""
        key = str(order)
        if key not in self.orders:
            self.orders[key] = a_work_order(self.cast, quantity=1_000_000)
        return self.orders[key].operations.get(operation=self.operations[operation])

    def _team(self, told: dict[str, Any]) -> None:
        entry = TeamEntry.objects.create(
            work_order_operation=self._ordered(told["operation"]),
            worked_on=self.story.month.first_day.replace(day=told["day"]),
            quantity=told["quantity"],
            recorded_at=NOW,
        )
        for number, text in told["members"].items():
            minutes, coefficient = text.split("×")
            TeamShare.objects.create(
                team_entry=entry,
                placement=self.placements[number][0],
                minutes=int(minutes),
                coefficient=Decimal(coefficient.strip()),
            )

    def _extra(self, told: dict[str, Any]) -> None:
        ExtraPay.objects.create(
            inmate=self.people[told.get("person", "1648")],
            payer=self.payers[told.get("payer", "enterprise")],
            institution=self.places[told.get("place", "16")],
            month=self.story.month.first_day,
            kind=told["kind"],
            amount=Decimal(told["amount"]),
            basis=told.get("basis", "приказ № 5"),
            recorded_by=self.cast.accountant,
            recorded_at=NOW,
        )

    def _writ(self, told: dict[str, Any]) -> None:
        share = Fraction(told["share"]) if "share" in told else None
        writ = WritOfExecution.objects.create(
            inmate=self.people[told.get("person", "1648")],
            number=told["number"],
            queue=told.get("queue", 1),
            kind="claim" if "debt" in told else "alimony",
            share_numerator=share.numerator if share else None,
            share_denominator=share.denominator if share else None,
            amount=Decimal(told["amount"]) if "amount" in told else None,
            debt=Decimal(told["debt"]) if "debt" in told else None,
            fee=Decimal(told["fee"]) if "fee" in told else None,
            payee="взыскатель",
            effective_from=told.get("from", LONG_AGO),
            effective_to=told.get("to"),
        )
        if "suspended_from" in told:
            WritSuspension.objects.create(
                writ=writ,
                effective_from=told["suspended_from"],
                effective_to=told.get("suspended_to"),
                basis="постановление № 7",
            )
        self.writs[writ.number] = writ

    def _history(self, told: dict[str, Any]) -> None:
        """A month paid before: one line of time pay, its days and its taxable income."""
        year, month = told["month"].split("-")
        earned = Decimal(told["earned"])
        inmate = self.people[told.get("person", "1648")]
        run, _is_new = PayrollRun.objects.get_or_create(
            payer=self.payers[told.get("payer", "enterprise")],
            institution=self.places[told.get("place", "16")],
            month=date(int(year), int(month), 1),
            defaults={"started_by": self.cast.accountant, "created_at": NOW},
        )
        sums = dict.fromkeys(
            ("opv", "vosms", "ipn", "withheld_by_writs", "so", "oosms", "opvr", "social_tax"), ZERO
        )
        slip = Payslip.objects.create(
            run=run, inmate=inmate, days_worked=told["days"], minutes_worked=told["days"] * 480,
            gross=earned, net=earned, to_account=earned, attachable=earned,
            taxable=Decimal(told.get("taxable", "0.00")), **sums,
        )  # fmt: skip
        PayslipLine.objects.create(
            payslip=slip, sequence=1, kind="earning", code=told.get("code", "time"), amount=earned,
            explanation="earning.time",
            arguments={"hours": told["days"] * 8, "minutes": 0, "unit_rate": "0.00"},
        )  # fmt: skip

    def approve_history(self) -> None:
        """Written last: what an approved run holds is never touched again."""
        PayrollRun.objects.filter(month__lt=self.story.month.first_day).update(
            status="approved", approved_by=self.cast.head, approved_at=NOW, posted_at=NOW,
            checked_at=NOW, calculated_at=NOW, difference_count=0, number=AsText("pk", TextField()),
        )  # fmt: skip


def _post(workshop: Workshop, name: str, cast: Cast) -> Post:
    return Post.objects.create(workshop=workshop, name_ru=name, trade=cast.trade, seats=10)


def _of_day(text: str) -> dict[str, Any]:
    """ "8" hours; "8 night 2 overtime 1"; or the code of a reason, perhaps with hours worked."""
    words = text.split()
    hours = Decimal(words.pop(0)) if words[0][0].isdigit() else Decimal(0)
    fields: dict[str, Any] = {"minutes": int(hours * 60)}
    while words:
        word = words.pop(0)
        if word in {"night", "overtime"}:
            fields[f"{word}_minutes"] = int(Decimal(words.pop(0)) * 60)
        else:
            fields["reason"] = Reason.objects.get(code=word)
    return fields


def _lock_sheet(workshop: Workshop, month: Month, cast: Cast) -> None:
    Timesheet.objects.create(
        workshop=workshop, month=month.first_day, status="locked",
        submitted_by=cast.master, submitted_at=NOW, locked_by=cast.accountant, locked_at=NOW,
    )  # fmt: skip


def a_world(cast: Cast, story: Story) -> World:
    """The story in the database, ready to be calculated."""
    load_reasons()
    load_calendar((story.month.year, story.month.next().year))
    world = World(cast, story)
    world.fill()
    world.approve_history()
    return world
