"""What the tests of the labour officer's desk begin with: a second institution, reasons, acts."""

from datetime import date
from typing import Any

from inmates.models import CustodyStay, Inmate, LabourState, PayParameter, Placement, Reason
from inmates.services.custody import plan_release, release_inmate, transfer_inmate
from inmates.services.people import record_labour_state
from inmates.services.placements import place_inmate
from portal.accounts.enums import Role
from tests.people import LONG_AGO, NOW, TODAY, Cast, a_reason, a_user, an_organisation
from workshops.models import Institution, Post, Workshop

NOVEMBER = date(2026, 11, 1)
ARRIVED = date(2026, 10, 5)
SHIFT_SOURCE = "Трудовой кодекс, тест"


def a_second_colony(cast: Cast) -> Institution:
    """Another institution with a labour officer of its own: `cast.users["other_officer"]`."""
    organisation = an_organisation("institution", "Учреждение № 19 (тест)", 19)
    cast.users["other_officer"] = a_user("labour19@example.kz", organisation, Role.LABOUR_OFFICER)
    return Institution.objects.create(
        organisation=organisation, number="19", department=cast.department, security="medium"
    )


def a_post_there(cast: Cast, institution: Institution) -> Post:
    workshop = Workshop.objects.create(
        institution=institution, code="sewing-19", name_ru="Швейный цех", name_kk="Тігін цехы"
    )
    return Post.objects.create(workshop=workshop, name_ru="Швея", trade=cast.trade, seats=2)


def a_full_shift() -> PayParameter:
    """480 minutes a day, 432 for disability groups I and II."""
    return PayParameter.objects.create(
        code="full_shift_minutes",
        value={"general": 480, "disabled_1_2": 432},
        unit="minutes/day",
        source=SHIFT_SOURCE,
        confidence="test",
        effective_from=LONG_AGO,
    )


def queue_points() -> None:
    """A point a day, and nothing else: what the order of the queue is asked by."""
    weights = {"waiting_day": "1", "trade": "0", "dependants": "0", "near_release": "0",
               "lost_place": "0"}  # fmt: skip
    for code, value in (("queue_weights", weights), ("queue_near_release_days", 180)):
        PayParameter.objects.create(
            code=code, value=value, unit="points", source="test", confidence="test",
            effective_from=LONG_AGO,
        )  # fmt: skip


def why_released(code: str = "sentence-served") -> Reason:
    return a_reason(code, group="release", letter="", name_ru="Отбыл срок", name_kk="Өтеді")


def why_unable(code: str = "old-age") -> Reason:
    return a_reason(code, group="unable", letter="", name_ru="Возраст", name_kk="Жасы")


def why_idle(code: str = "no-vacancy") -> Reason:
    return a_reason(code, group="not_working", letter="", name_ru="Нет места", name_kk="Орын жоқ")


def somebody(cast: Cast, number: str = "1648", *, on: date = ARRIVED, **fields: Any) -> Inmate:
    """A person held in the cast's institution since `on`, able-bodied since then."""
    inmate = Inmate.objects.create(
        personnel_number=number, **({"born_on": date(1990, 5, 17)} | fields)
    )
    CustodyStay.objects.create(inmate=inmate, institution=cast.institution, effective_from=on)
    LabourState.objects.create(
        inmate=inmate, ability="able", is_subject_to_labour=True, effective_from=on
    )
    return inmate


def placed(cast: Cast, inmate: Inmate, **fields: Any) -> Placement:
    values = {
        "actor": cast.labour_officer, "inmate_id": inmate.pk, "post_id": cast.joiners.pk,
        "employer": cast.enterprise, "pay_form": "time", "basis": "приказ № 7",
        "effective_from": NOVEMBER, "at": NOW,
    }  # fmt: skip
    return place_inmate(**(values | fields))


def transferred(cast: Cast, inmate: Inmate, there: Institution, **fields: Any) -> CustodyStay:
    values = {
        "actor": cast.labour_officer, "inmate_id": inmate.pk, "institution_id": there.pk,
        "on": TODAY, "at": NOW,
    }  # fmt: skip
    return transfer_inmate(**(values | fields))


def released(cast: Cast, inmate: Inmate, reason: Reason, **fields: Any) -> CustodyStay:
    values = {
        "actor": cast.labour_officer, "inmate_id": inmate.pk, "reason_id": reason.pk,
        "on": TODAY, "at": NOW,
    }  # fmt: skip
    return release_inmate(**(values | fields))


def planned(cast: Cast, inmate: Inmate, release_on: date, **fields: Any) -> Any:
    values = {
        "actor": cast.labour_officer, "inmate_id": inmate.pk, "release_on": release_on,
        "basis": "приговор от 01.10.2026", "at": NOW,
    }  # fmt: skip
    return plan_release(**(values | fields))


def stated(cast: Cast, inmate: Inmate, ability: str = "able", **fields: Any) -> LabourState:
    values = {
        "actor": cast.labour_officer, "inmate_id": inmate.pk, "ability": ability,
        "is_subject_to_labour": ability == "able", "effective_from": TODAY, "at": NOW,
    }  # fmt: skip
    return record_labour_state(**(values | fields))
