"""From a database constraint to a sentence a person can read."""

from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.urls import include, path

from inmates.models import Placement
from portal.accounts.models import Membership
from portal.kernel.access import public
from portal.kernel.errors import (
    TRIGGER_SENTENCES,
    ConstraintRefused,
    Forbidden,
    PortalError,
    readable_refusals,
)
from tests.people import LONG_AGO, a_placement, an_inmate


@public
def refuse(request):
    raise PortalError("The workshop is closed on %(day)s.", day="Monday")


@public
def forbid(request):
    raise Forbidden("Not yours.")


@public
def break_constraint(request):
    a_placement_again = Placement.objects.get()
    a_placement_again.pk = None
    a_placement_again.save(force_insert=True)


@public
def break_down(request):
    raise ValueError("a fault of the code")


urlpatterns = [
    path("refuse/", refuse),
    path("forbid/", forbid),
    path("constraint/", break_constraint),
    path("fault/", break_down),
    path("", include("portal.urls")),
]


def test_an_error_is_a_sentence_with_its_details():
    assert str(PortalError("Up to %(n)s.", n=3)) == "Up to 3."
    assert str(PortalError()) != ""
    assert str(PortalError("100 %")) == "100 %"


def test_a_constraint_becomes_its_sentence(cast):
    inmate = an_inmate(cast)
    a_placement(cast, inmate)
    with pytest.raises(ConstraintRefused) as refusal, readable_refusals(), transaction.atomic():
        a_placement(cast, inmate, effective_from=date(2026, 6, 1))
    assert refusal.value.constraint == "placement_full_time_no_overlap"
    assert str(refusal.value)
    assert Placement.objects.count() == 1


def test_an_error_without_a_sentence_passes_unchanged(cast):
    nobody = Membership(user_id=10**9, organisation=cast.colony, effective_from=LONG_AGO)
    with pytest.raises(IntegrityError), readable_refusals(), transaction.atomic():
        nobody.save()
        transaction.get_connection().check_constraints()


@pytest.fixture
def _routes(settings):
    settings.ROOT_URLCONF = __name__


@pytest.mark.usefixtures("_routes")
@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/refuse/", 409, "The workshop is closed on Monday."),
        ("/forbid/", 403, "Not yours."),
    ],
)
def test_what_a_view_did_not_catch_is_a_page(client, cast, address, status, sentence):
    response = client.get(address)
    assert response.status_code == status
    assert sentence in response.content.decode()


@pytest.mark.usefixtures("_routes")
def test_a_constraint_a_view_did_not_catch_is_a_page(client, cast):
    a_placement(cast, an_inmate(cast))
    response = client.get("/constraint/")
    assert response.status_code == 409


@pytest.mark.usefixtures("_routes")
def test_a_fault_of_the_code_stays_a_fault(client, cast):
    with pytest.raises(ValueError, match="fault"):
        client.get("/fault/")


def test_sentences_exist_for_every_constraint_a_person_can_meet():
    default = models.CheckConstraint.default_violation_error_message
    spoken = {
        constraint.name
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message != default
    } | set(TRIGGER_SENTENCES)
    assert spoken >= {
        "placement_full_time_no_overlap",
        "private_placement_needs_consent",
        "attendance_outside_placement",
        "output_within_work_order",
        "payslip_one_per_person",
        "payrollrun_one_regular",
    }
