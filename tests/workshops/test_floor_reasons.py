"""The shipped reasons of the floor: whole in three languages, entered once, never overwritten."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from workshops.enums import Cause, FloorReasonGroup
from workshops.models import FloorReason
from workshops.selectors.floor import floor_reasons
from workshops.services.floor_reasons import load_floor_reasons, read_floor_reasons


def test_the_shipped_rows_are_whole() -> None:
    rows = read_floor_reasons()
    assert len({row["code"] for row in rows}) == len(rows)
    for row in rows:
        assert row["group"] in FloorReasonGroup.values
        assert row["cause"] in Cause.values
        names = [row[f"name_{language}"] for language in ("ru", "kk", "en")]
        assert all(names), row["code"]
        assert len(set(names)) == 3, row["code"]


def test_delays_that_are_not_the_workshops_are_told_apart() -> None:
    """By regime, customer and energy: a promise kept late is judged without them."""
    causes = {row["cause"] for row in read_floor_reasons() if row["group"] == "downtime"}
    assert {Cause.REGIME, Cause.CUSTOMER, Cause.ENERGY} <= causes


def test_other_asks_for_its_text() -> None:
    assert all(row["needs_text"] for row in read_floor_reasons() if row["cause"] == Cause.OTHER)


@pytest.mark.django_db
def test_loading_twice_enters_nothing_and_overwrites_nothing() -> None:
    assert load_floor_reasons() == len(read_floor_reasons())
    FloorReason.objects.filter(code="repair").update(name_ru="Ремонт", is_retired=True)
    said = StringIO()
    call_command("load_floor_reasons", stdout=said)
    assert "0 reasons" in said.getvalue()
    assert FloorReason.objects.get(code="repair").name_ru == "Ремонт"
    assert not floor_reasons(FloorReasonGroup.DOWNTIME).filter(code="repair").exists()


@pytest.mark.django_db
def test_the_directory_is_in_its_order() -> None:
    load_floor_reasons()
    shipped = [row["code"] for row in read_floor_reasons() if row["group"] == "defect"]
    found = floor_reasons(FloorReasonGroup.DEFECT).values_list("code", flat=True)
    assert list(found) == shipped


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"group": "holiday"}, "floorreason_group_known"),
        ({"cause": "weather"}, "floorreason_cause_known"),
    ],
)
def test_rows_that_make_no_sense(change: dict[str, str], name: str) -> None:
    row = {"code": "x", "group": "defect", "cause": "other", "name_ru": "Икс"} | change
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        FloorReason.objects.create(**row)
