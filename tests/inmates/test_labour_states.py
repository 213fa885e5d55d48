"""Able-bodied or why not, by succession and by category; grades of a trade."""

from datetime import date, timedelta

import pytest
from django.db import models
from django.db.transaction import atomic

from inmates.desk_refusals import (
    AwardAhead,
    BeforeArrival,
    CategoryNeeded,
    LaterStateKnown,
    MovementAhead,
    NotHeld,
    ReasonOfAnotherKind,
)
from inmates.models import Inmate, LabourState, Qualification
from inmates.services.people import record_qualification
from portal.kernel.errors import ConstraintRefused, Forbidden, readable_refusals
from portal.kernel.models import AuditEvent
from tests.inmates.desk import (
    ARRIVED,
    NOVEMBER,
    a_second_colony,
    released,
    somebody,
    stated,
    why_idle,
    why_released,
    why_unable,
)
from tests.people import NOW, TODAY, Cast, a_reason


def states(inmate: Inmate) -> list[tuple[str, str | None, date, date | None]]:
    rows = LabourState.objects.filter(inmate=inmate).select_related("reason")
    return [
        (one.ability, one.reason.code if one.reason else None, one.effective_from, one.effective_to)
        for one in rows.order_by("effective_from")
    ]


def test_a_state_follows_another(cast: Cast) -> None:
    inmate, category = somebody(cast), why_unable()
    stated(cast, inmate, "unable", reason_id=category.pk, effective_from=NOVEMBER)
    assert states(inmate) == [
        ("able", None, ARRIVED, NOVEMBER),
        ("unable", "old-age", NOVEMBER, None),
    ]
    assert AuditEvent.objects.filter(action="labour_state_recorded").count() == 1


def test_a_state_that_ends_by_date_leaves_what_follows_unknown(cast: Cast) -> None:
    inmate = somebody(cast)
    until = TODAY + timedelta(days=30)
    stated(cast, inmate, "unable", reason_id=why_unable().pk, effective_to=until)
    assert states(inmate)[-1] == ("unable", "old-age", TODAY, until)
    assert len(states(inmate)) == 2


def test_inability_is_never_without_its_category(cast: Cast) -> None:
    inmate = somebody(cast)
    with pytest.raises(CategoryNeeded):
        stated(cast, inmate, "unable")
    for wrong in (why_idle(), why_released()):
        with pytest.raises(ReasonOfAnotherKind):
            stated(cast, inmate, "unable", reason_id=wrong.pk)
    assert len(states(inmate)) == 1


def test_a_reason_of_the_able_is_one_of_theirs_and_of_the_unknown_none(cast: Cast) -> None:
    inmate, idle, unable = somebody(cast), why_idle(), why_unable()
    with pytest.raises(ReasonOfAnotherKind):
        stated(cast, inmate, reason_id=unable.pk)
    with pytest.raises(ReasonOfAnotherKind):
        stated(cast, inmate, "unknown", reason_id=idle.pk)
    stated(cast, inmate, reason_id=idle.pk)
    assert states(inmate)[-1][:2] == ("able", "no-vacancy")


def test_a_refusal_is_never_recorded_as_a_time_without_work(cast: Cast) -> None:
    """By the service and by the database, of whatever group the reason is."""
    inmate = somebody(cast)
    refusal = a_reason("refuses", group="not_working", letter="", is_refusal=True)
    absence = a_reason("visit")
    with pytest.raises(ReasonOfAnotherKind):
        stated(cast, inmate, reason_id=refusal.pk)
    for wrong in (refusal, absence):
        row = {"ability": "able", "is_subject_to_labour": True, "reason": wrong}
        late = somebody(cast, f"2-{wrong.code}", on=NOVEMBER)
        with pytest.raises(ConstraintRefused) as refused, readable_refusals(), atomic():
            LabourState.objects.create(
                inmate=late, effective_from=ARRIVED, effective_to=NOVEMBER, **row
            )
        assert refused.value.constraint == "labour_state_reason"


def test_of_health_there_is_nowhere_to_write_a_word() -> None:
    """A category and its dates: no field of a state takes free text."""
    free = (models.CharField, models.TextField, models.JSONField, models.FileField)
    texts = [one for one in LabourState._meta.get_fields() if isinstance(one, free)]
    assert [(one.name, bool(one.choices)) for one in texts] == [("ability", True)]


def test_the_same_again_is_harmless_and_a_second_thought_on_the_day_leaves_one_row(
    cast: Cast,
) -> None:
    inmate, idle = somebody(cast), why_idle()
    for _twice in range(2):
        stated(cast, inmate, reason_id=idle.pk)
    assert AuditEvent.objects.filter(action="labour_state_recorded").count() == 1
    stated(cast, inmate, reason_id=None)
    assert states(inmate) == [("able", None, ARRIVED, TODAY), ("able", None, TODAY, None)]


def test_a_state_does_not_begin_before_the_arrival_nor_ahead_of_its_day(cast: Cast) -> None:
    inmate = somebody(cast)
    with pytest.raises(BeforeArrival, match=r"05\.10\.2026"):
        stated(cast, inmate, effective_from=ARRIVED - timedelta(days=1))
    with pytest.raises(MovementAhead):
        stated(cast, inmate, effective_from=TODAY + timedelta(days=1))


def test_a_state_entered_late_stops_where_a_later_one_begins_or_is_refused(cast: Cast) -> None:
    inmate, idle = somebody(cast), why_idle()
    stated(cast, inmate, reason_id=idle.pk)
    with pytest.raises(LaterStateKnown, match=r"22\.11\.2026"):
        stated(cast, inmate, reason_id=idle.pk, effective_from=NOVEMBER)
    stated(cast, inmate, reason_id=idle.pk, effective_from=NOVEMBER, effective_to=TODAY)
    assert [one[2:] for one in states(inmate)] == [
        (ARRIVED, NOVEMBER), (NOVEMBER, TODAY), (TODAY, None),
    ]  # fmt: skip


def test_a_state_is_for_the_labour_officer_of_the_place(cast: Cast) -> None:
    inmate, idle = somebody(cast), why_idle()
    a_second_colony(cast)
    for who in ("master", "head", "other_officer", "stranger"):
        with pytest.raises(Forbidden):
            stated(cast, inmate, reason_id=idle.pk, actor=cast.users[who])


def test_nothing_is_recorded_of_who_has_left(cast: Cast) -> None:
    inmate = somebody(cast)
    released(cast, inmate, why_released())
    with pytest.raises(NotHeld):
        stated(cast, inmate)


# --- grades --------------------------------------------------------------------------------------


def awarded(cast: Cast, inmate: Inmate, **fields: object) -> Qualification:
    values = {
        "actor": cast.labour_officer, "inmate_id": inmate.pk, "trade_id": cast.trade.pk,
        "grade": 3, "document": "протокол № 5", "awarded_on": NOVEMBER, "at": NOW,
    }  # fmt: skip
    return record_qualification(**(values | fields))


def test_a_grade_stands_with_its_document_and_who_entered_it(cast: Cast) -> None:
    row = awarded(cast, somebody(cast), document=" протокол № 5 ")
    assert (row.grade, row.document, row.recorded_by) == (3, "протокол № 5", cast.labour_officer)
    assert AuditEvent.objects.get(action="qualification_recorded").subject_id == row.pk


def test_a_higher_grade_stands_beside_the_lower_one(cast: Cast) -> None:
    inmate = somebody(cast)
    awarded(cast, inmate)
    awarded(cast, inmate, grade=4, awarded_on=TODAY)
    with pytest.raises(ConstraintRefused) as refused:
        awarded(cast, inmate, grade=4)
    assert refused.value.constraint == "qualification_once"
    assert Qualification.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"grade": 0}, "qualification_grade_known"),
        ({"grade": 9}, "qualification_grade_known"),
        ({"document": "   "}, "qualification_has_document"),
    ],
)
def test_a_grade_that_cannot_be_is_refused_in_words(
    cast: Cast, fields: dict[str, object], constraint: str
) -> None:
    with pytest.raises(ConstraintRefused) as refused:
        awarded(cast, somebody(cast), **fields)
    assert refused.value.constraint == constraint
    assert len(str(refused.value)) > 20


def test_a_grade_is_entered_when_it_is_awarded_and_by_the_labour_officer(cast: Cast) -> None:
    inmate = somebody(cast)
    with pytest.raises(AwardAhead, match=r"23\.11\.2026"):
        awarded(cast, inmate, awarded_on=TODAY + timedelta(days=1))
    for who in ("master", "head", "stranger"):
        with pytest.raises(Forbidden):
            awarded(cast, inmate, actor=cast.users[who])
    assert not Qualification.objects.exists()
