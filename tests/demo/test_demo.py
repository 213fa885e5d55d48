"""What stands in the database after `manage.py seed`; built once, every test only reads."""

from datetime import date

import pytest
from django.db import connection, transaction

from inmates.models import (
    Attendance,
    Consent,
    Inmate,
    InmateIdentity,
    PayrollRun,
    Payslip,
    Placement,
    WorkEntry,
)
from orders.models import Order
from portal.accounts.enums import PRIVATE_KINDS
from portal.accounts.models import Organisation
from portal.demo import build
from portal.demo.counts import heads_of
from portal.kernel.identifiers import check_iin, check_iin_or_bin
from portal.kernel.models import StateChange, TaskRun, TaskStatus
from portal.kernel.periods import period_q
from workshops.models import BillOfMaterialsLine, ProductionSpace, ProductOffer, WorkOrder
from workshops.selectors.offers import offers_on_day, offers_with_places

TODAY = date(2026, 11, 22)
PEOPLE = 120


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """One demo for the module, in a transaction that is taken back at its end."""
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
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
    assert ProductionSpace.objects.filter(is_idle=True).count() == 3


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


def test_october_is_calculated_and_november_is_open(demo):
    runs = PayrollRun.objects.all()
    assert {run.month for run in runs} == {date(2026, 10, 1)}
    assert {run.status for run in runs} == {"calculated"}
    assert len({run.payer_id for run in runs}) == 2
    assert not runs.filter(problems__isnull=False).exists()
    assert set(TaskRun.objects.values_list("status", flat=True)) == {TaskStatus.DONE}


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
