"""What stands in the database after `manage.py seed`; built once, every test only reads."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import Count, F, Sum
from django.test import override_settings

from inmates.models import (
    Attendance,
    BackdatedChange,
    Consent,
    CustodyStay,
    FactHorizon,
    FactPeriod,
    Inmate,
    InmateIdentity,
    LabourState,
    PayRate,
    PayrollRun,
    Payslip,
    PayslipLine,
    Placement,
    TeamEntry,
    Timesheet,
    WorkEntry,
    WritOfExecution,
)
from inmates.selectors.last_edit import edited_after
from inmates.selectors.pay_blockers import pay_blockers
from inmates.selectors.shift import shift_workshops
from inmates.selectors.shift_day import shift_day
from inmates.selectors.timesheets import sheet_count
from inmates.selectors.today import today_in
from orders.models import Order
from portal.accounts.enums import PRIVATE_KINDS
from portal.accounts.models import Organisation, User
from portal.demo import build
from portal.demo.counts import heads_of
from portal.demo.users import email_of
from portal.kernel.identifiers import check_iin, check_iin_or_bin
from portal.kernel.models import AuditEvent, StateChange, TaskRun, TaskStatus
from portal.kernel.periods import Month, period_q
from portal.reports.employment.selectors import daily_counts
from tests.reports.direct_counting import direct_counts
from workshops.models import (
    BillOfMaterialsLine,
    Institution,
    ProductionSpace,
    ProductOffer,
    WorkOrder,
    WorkOrderOperation,
    WorkshopOperator,
)
from workshops.selectors.offers import offers_on_day, offers_with_places

TODAY = date(2026, 11, 22)
PEOPLE = 120


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    """One demo for the module, in a transaction that is taken back at its end."""
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
        override_settings(MEDIA_ROOT=str(tmp_path_factory.mktemp("media"))),
    ):
        patch.setattr(build, "write_accounts", lambda _lines: None)
        build.build_demo(today=TODAY, people=PEOPLE)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(built, db):
    """The demo, and a test of its own inside."""


def test_people_of_today_are_counted_as_planned(demo):
    heads = heads_of(PEOPLE)
    held = Inmate.objects.filter(period_q(TODAY, "stays__"))
    able = held.filter(period_q(TODAY, "labour_states__"), labour_states__ability="able")
    placed = able.filter(pk__in=Placement.objects.filter(period_q(TODAY)).values("inmate"))
    assert (held.count(), able.distinct().count(), placed.distinct().count()) == (
        heads.held,
        heads.able,
        heads.employed,
    )


def test_records_of_custody_and_ability_begin_with_the_two_years(demo):
    begin = date(2024, 11, 1)
    for model in (CustodyStay, LabourState):
        first = model.objects.order_by("effective_from").values_list("effective_from", flat=True)
        assert first[0] == begin, model
        assert not model.objects.filter(effective_to__lte=begin).exists()


def test_facts_of_the_demo_count_what_direct_counting_of_its_records_counts(demo):
    """Every institution and every day of the two years, months that are closed included."""
    ids = list(Institution.objects.order_by("id").values_list("id", flat=True))
    made = FactHorizon.objects.get()
    counted = daily_counts(ids, made.built_from, made.built_until)
    assert counted == direct_counts(ids, made.built_from, made.built_until)
    assert made.built_until == TODAY
    assert sum(one.heads[0] for one in counted if one.day == TODAY - timedelta(days=1)) == PEOPLE
    assert min(sum(one.worked[0] for one in counted), sum(one.unknown for one in counted)) > 0
    assert FactPeriod.objects.filter(status="final").exists()


def test_every_organisation_is_marked_and_has_a_valid_number(demo):
    for organisation in Organisation.objects.all():
        assert "(демо)" in organisation.name_ru
        assert "(demo)" in organisation.name_en
        check_iin_or_bin(organisation.bin)


def test_identities_are_encrypted_and_invented(demo):
    for identity in InmateIdentity.objects.exclude(iin=None):
        check_iin(identity.iin)
        assert identity.iin[6] in "12"
        assert identity.iin[:6] == f"{identity.inmate.born_on:%y%m%d}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT full_name FROM inmates_inmateidentity LIMIT 1")
        assert cursor.fetchone()[0].startswith("gAAAA")


def test_private_placements_rest_on_a_consent(demo):
    private = Placement.objects.filter(employer__kind__in=PRIVATE_KINDS)
    assert private.exists()
    for placement in private:
        assert Consent.objects.filter(
            inmate=placement.inmate,
            employer=placement.employer,
            given_on__lt=placement.effective_from,
        ).exists()


def test_valeo_and_idle_spaces(demo):
    parts = BillOfMaterialsLine.objects.filter(version__product__code="valeo")
    assert sum(parts.values_list("quantity", flat=True)) == 2500
    assert ProductionSpace.objects.filter(is_idle=True).count() == 5


def test_every_present_offer_can_be_sold(demo):
    present = ProductOffer.objects.filter(period_q(TODAY)).values("pk")
    shown = offers_on_day(offers_with_places().filter(pk__in=present), TODAY)
    assert {one.product.code for one in shown} == {
        *("play-corner", "valeo", "bench", "gazebo", "vase", "bin")
    }
    assert [str(one.refusal) for one in shown if not one.is_sold] == []


def test_work_of_three_months_is_there(demo):
    days = Attendance.objects.values_list("worked_on", flat=True)
    assert {day.month for day in days} == {9, 10, 11}
    assert max(days) < TODAY
    assert WorkEntry.objects.exists()
    assert WorkOrder.objects.filter(status="in_progress").exists()


def test_the_master_finds_a_shift_with_people_and_a_day_before(demo):
    """The next working day waits for the master; the last one is entered for everybody."""
    master = User.objects.get(email=email_of("master"))
    monday = TODAY + timedelta(days=1)
    states = today_in(shift_workshops(master, monday), monday)
    assert {one.workshop.institution.number for one in states} == {"16"}
    assert all(one.entered == 0 and one.missed_on is None for one in states)
    joinery = next(one for one in states if one.workshop.code == "wood-16")
    assert joinery.expected > 0
    shift = shift_day(joinery.workshop, monday, monday)
    assert shift.refusal is None
    assert len(shift.earlier()) > 0
    assert shift.reasons[0].is_lasting


def test_october_is_calculated_and_november_is_open(demo):
    runs = PayrollRun.objects.all()
    assert {run.month for run in runs} == {date(2026, 9, 1), date(2026, 10, 1)}
    assert {run.status for run in runs} == {"calculated", "paid"}
    assert len({run.payer_id for run in runs}) == 2
    assert not runs.filter(problems__isnull=False).exists()
    assert set(TaskRun.objects.values_list("status", flat=True)) == {TaskStatus.DONE}


def test_an_application_found_late_waits_for_the_next_wages(demo):
    mark = BackdatedChange.objects.get(cause="application")
    assert mark.settled_by is None
    assert mark.first_day == date(2026, 10, 1)
    assert mark.reason.startswith("Заявление")
    assert mark.changed_by is not None


def test_a_bonus_that_came_late_waits_in_a_run_of_its_own(demo):
    run = PayrollRun.objects.get(kind="bonus")
    assert (run.month, run.status, run.institution.number) == (
        date(2026, 10, 1),
        "calculated",
        "13",
    )
    slip = run.payslips.get()
    assert (slip.is_difference, slip.gross) == (True, 15_000)
    assert slip.corrects.run.status == "paid"
    assert run.difference_count == 0


def test_no_timesheet_is_being_entered_beside_calculated_wages(demo):
    """Both months are locked; the one institution that is not has no wages of October yet."""
    numbers = list(Institution.objects.order_by("number").values_list("number", flat=True))
    told = set()
    for number in numbers:
        place = Institution.objects.get(number=number)
        for month in (Month(2026, 9), Month(2026, 10)):
            sheets = sheet_count([place.pk], month)
            paid = PayrollRun.objects.filter(institution=place, month=month.first_day).exists()
            told.add((number, month.month, sheets.due > 0, sheets.locked == sheets.due, paid))
    example = numbers[-1]
    assert told == {
        *((number, 9, True, True, number == "16") for number in numbers),
        *((number, 10, True, number != example, number != example) for number in numbers),
    }
    statuses = Timesheet.objects.filter(workshop__institution__number=example, month__month=10)
    assert {one.status for one in statuses} == {"submitted"}, "the accountant alone unblocks it"
    assert not Timesheet.objects.exclude(status="locked").exclude(pk__in=statuses).exists()


def test_the_accountant_alone_can_mend_what_stops_the_last_institution(demo):
    """Its sheets wait for the accountant's lock, and a rate ended with September."""
    place = Institution.objects.get(number="30")
    payer = Organisation.objects.get(kind="state_enterprise")
    found = pay_blockers(payer.pk, place.pk, Month(2026, 10))
    assert {(one.code, one.status) for one in found} <= {
        ("timesheet", "submitted"), ("rate_post", ""),
    }  # fmt: skip
    assert {one.status for one in found} >= {"submitted"}
    ended = PayRate.objects.filter(post__workshop__code="service-30", effective_to="2026-10-01")
    assert {rate.post.trade.code for rate in ended} == {"electrician"}
    worked = Attendance.objects.filter(
        placement__post=ended.get().post, worked_on__month=10, minutes__gt=0, reason=None
    )
    assert len([one for one in found if one.code == "rate_post"]) == worked.exists()


def test_no_calculated_run_is_said_to_be_outdated(demo):
    """Everything of a month was entered before its wages were calculated."""
    assert [run for run in PayrollRun.objects.all() if edited_after(run)] == []


def test_full_month_pays_at_least_the_minimum_wage(demo):
    full = Payslip.objects.filter(minutes_worked=168 * 60)
    assert full.exists()
    assert min(full.values_list("gross", flat=True)) >= 85_000
    assert Payslip.objects.filter(withheld_by_writs__gt=0).exists()


def test_orders_are_in_several_states_with_their_history(demo):
    orders = list(Order.objects.all())
    states = {order.status for order in orders}
    assert states >= {"sent", "confirmed", "in_production", "declined", "withdrawn"}
    for order in orders:
        changes = StateChange.objects.filter(subject_type="orders.order", subject_id=order.pk)
        assert changes.order_by("at", "id").last().to_status == order.status


# --- what an inspector would recount ----------------------------------------------------------
def test_every_slip_is_the_sum_of_its_lines(demo):
    signs = {"earning": 1, "withheld": -1, "writ": -1, "employer": 0}
    rest: dict[int, Decimal] = defaultdict(Decimal)
    for slip_id, kind, amount in PayslipLine.objects.values_list("payslip_id", "kind", "amount"):
        rest[slip_id] += signs[kind] * amount
    slips = dict(Payslip.objects.values_list("pk", "to_account"))
    assert slips
    assert dict(rest) == slips


def test_time_pay_is_minutes_times_the_rate_of_the_day(demo):
    """The same money from the attendance alone, without the payroll's own code."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT sum(round(minutes * amount / 60, 2)) FROM (
                 SELECT p.inmate_id, p.post_id, r.amount, sum(a.minutes) AS minutes
                 FROM inmates_attendance a JOIN inmates_placement p ON p.id = a.placement_id
                 JOIN inmates_payrate r ON r.post_id = p.post_id AND r.payer_id = p.payer_id
                   AND daterange(r.effective_from, r.effective_to) @> a.worked_on
                 JOIN workshops_post post ON post.id = p.post_id
                 JOIN workshops_workshop shop ON shop.id = post.workshop_id
                 JOIN inmates_payrollrun run ON run.payer_id = p.payer_id
                   AND run.institution_id = shop.institution_id AND run.month = '2026-10-01'
                   AND run.kind = 'regular'
                 WHERE p.pay_form = 'time' AND a.worked_on BETWEEN '2026-10-01' AND '2026-10-31'
                 GROUP BY 1, 2, 3) works"""
        )
        recounted = cursor.fetchone()[0]
    october = PayslipLine.objects.filter(payslip__run__month=date(2026, 10, 1))
    paid = october.filter(kind="earning", code="time").aggregate(sum=Sum("amount"))
    assert recounted == paid["sum"] > 0


def test_writs_take_no_more_than_half_and_no_more_than_the_debt(demo):
    together = Payslip.objects.values("inmate", "run__month").annotate(
        taken=Sum("withheld_by_writs"), seen=Sum("attachable")
    )
    assert [row for row in together if row["taken"] > 0]
    assert not [row for row in together if row["taken"] * 2 > row["seen"]]
    writs = WritOfExecution.objects.filter(kind="claim")
    lines = PayslipLine.objects.filter(writ__in=writs)
    for code, whole in (("claim", "debt"), ("bailiff_fee", "fee")):
        taken = lines.filter(code=code).values("writ").annotate(sum=Sum("amount"))
        known = dict(writs.values_list("pk", whole))
        assert taken
        assert all(row["sum"] <= known[row["writ"]] for row in taken)


def test_writs_of_every_kind_can_be_looked_at(demo):
    """A fee, a suspension, an end, other terms, arrears: each stands somewhere."""
    writs = WritOfExecution.objects.all()
    assert writs.filter(fee__gt=0, bailiff__gt="", order_number__gt="").exists()
    assert writs.exclude(ended_basis="").exists()
    assert writs.values("number").annotate(terms=Count("pk")).filter(terms=2).exists()
    held = PayslipLine.objects.filter(explanation="writ.suspended")
    assert held.exists()
    assert set(held.values_list("amount", flat=True)) == {Decimal("0.00")}
    cut = PayslipLine.objects.filter(code="alimony", amount__lt=F("demanded"))
    assert cut.exists()


def test_the_basic_deduction_is_given_to_a_person_once(demo):
    slips = Payslip.objects.filter(has_basic_deduction=True, is_difference=False)
    given = slips.values_list("inmate_id", "run__month")
    assert len(given) == len(set(given)) > 0
    without = Payslip.objects.filter(has_basic_deduction=False)
    assert without.exists(), "some have not applied: the month board lists them"
    assert without.filter(gross__gt=0, ipn__gt=0).exists()


def test_what_is_done_is_what_was_entered(demo):
    entered = dict(
        WorkEntry.objects.values_list("work_order_operation").annotate(sum=Sum("quantity"))
    )
    for pk, quantity in TeamEntry.objects.values_list("work_order_operation", "quantity"):
        entered[pk] = entered.get(pk, 0) + quantity
    done = dict(WorkOrderOperation.objects.filter(done__gt=0).values_list("pk", "done"))
    assert done == entered
    assert not WorkOrderOperation.objects.filter(done__gt=F("quantity")).exists()


def test_work_orders_are_numbered_without_gaps_over_all_workshops(demo):
    by_year = defaultdict(list)
    for number in WorkOrder.objects.values_list("number", flat=True):
        year, _dash, serial = number.partition("-")
        by_year[year].append(int(serial))
    assert by_year
    for numbers in by_year.values():
        assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_no_name_is_anywhere_but_in_the_identity(demo):
    """Neither the audit, nor history, nor a task, nor a note carries who somebody is."""
    names = {
        part
        for identity in InmateIdentity.objects.all()
        for part in (identity.full_name, identity.iin)
        if part
    }
    written = [
        *map(str, AuditEvent.objects.values_list("details", flat=True)),
        *StateChange.objects.values_list("reason", flat=True),
        *map(str, TaskRun.objects.values_list("arguments", flat=True)),
        *Attendance.objects.values_list("note", flat=True),
        *Placement.objects.values_list("basis", flat=True),
        *map(str, PayslipLine.objects.values_list("title", flat=True)),
        *map(str, PayslipLine.objects.values_list("arguments", flat=True)),
        *WritOfExecution.objects.values_list("payee", flat=True),
    ]
    assert len(written) > 1000
    text = "\n".join(written)
    assert not [name for name in names if name in text]


def test_the_enterprise_and_an_entrepreneur_operate_in_two_institutions_each(demo):
    places = defaultdict(set)
    for row in WorkshopOperator.objects.filter(period_q(TODAY)).select_related(
        "operator", "workshop"
    ):
        places[row.operator.kind].add(row.workshop.institution_id)
    assert len(places["state_enterprise"]) >= 2
    assert len(places["entrepreneur"]) >= 2


def test_the_payer_of_a_placement_is_who_operated_its_workshop(demo):
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*), count(o.id) FROM inmates_placement p
               JOIN workshops_post s ON s.id = p.post_id
               LEFT JOIN workshops_workshopoperator o ON o.workshop_id = s.workshop_id
                 AND o.operator_id = p.payer_id AND p.employer_id = p.payer_id
                 AND daterange(o.effective_from, o.effective_to) @> p.effective_from"""
        )
        placements, of_operators = cursor.fetchone()
    assert placements == of_operators > 0


def test_orders_stand_in_several_states_and_all_steps_are_in_the_history(demo):
    for order in Order.objects.all():
        moves = StateChange.objects.filter(subject_type="orders.order", subject_id=order.pk)
        assert moves.latest("at", "id").to_status == order.status
        times = list(moves.order_by("id").values_list("at", flat=True))
        assert times == sorted(times)
