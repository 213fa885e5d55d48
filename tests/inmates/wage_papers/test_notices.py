"""Notices to bailiffs: they appear with a movement, are due in three days, sent or not needed."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from inmates.models import BailiffNotice, Inmate, WritOfExecution
from inmates.papers.clocks import NOTICE_HORIZON_DAYS
from inmates.papers.refusals import NoticeAhead, NoticeSettled, ReasonNeeded
from inmates.selectors.bailiff_notices import late_notices, notices_listed, untold
from inmates.services.bailiff_notices import (
    LATE_LETTER,
    cancel_notice,
    note_bailiffs,
    raise_late_notices,
    send_notice,
)
from inmates.services.placements import change_placement, end_placement
from inmates.tasks import note_bailiffs as daily_task
from inmates.tasks import send_late_letter
from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import Organisation, RoleGrant
from portal.kernel.errors import ConstraintRefused, Forbidden
from portal.kernel.models import AuditEvent, StateChange, TaskRun
from portal.kernel.queue import enqueue
from tests.inmates.books import first_signature, paid, posted
from tests.inmates.desk import (
    a_full_shift,
    a_post_there,
    a_second_colony,
    placed,
    released,
    transferred,
    why_released,
)
from tests.inmates.months import a_worker, a_writ
from tests.people import (
    LONG_AGO,
    NOW,
    TODAY,
    Cast,
    a_consent,
    a_placement,
    a_user,
    an_inmate,
    an_organisation,
)

OCTOBER_1 = date(2026, 10, 1)
LATER = NOW + timedelta(days=5)


def alimony(inmate: Inmate, number: str = "ИЛ-1", **fields: Any) -> WritOfExecution:
    return a_writ(inmate, number, share_numerator=1, share_denominator=4, **fields)


def debt(inmate: Inmate, number: str = "ИЛ-2", **fields: Any) -> WritOfExecution:
    values = {"kind": "claim", "queue": 5, "debt": Decimal("50000.00")}
    return a_writ(inmate, number, **(values | fields))


def a_debtor(cast: Cast, number: str = "1648", **placement: Any) -> Inmate:
    """Somebody who works for the enterprise, with alimony to pay."""
    inmate = an_inmate(cast, number)
    a_placement(cast, inmate, **placement)
    alimony(inmate, f"ИЛ-{number}")
    return inmate


def a_company(cast: Cast, kind: str = OrganisationKind.COMPANY) -> Organisation:
    return an_organisation(kind, "ТОО «Тест»", 30)


def the_notice() -> BailiffNotice:
    return BailiffNotice.objects.get()


def sent(cast: Cast, notice: BailiffNotice, **fields: Any) -> BailiffNotice:
    values = {
        "actor": cast.accountant, "notice_id": notice.pk, "sent_on": TODAY,
        "outgoing_number": "12-5/77", "at": NOW,
    }  # fmt: skip
    return send_notice(**(values | fields))


# --- They appear by themselves ---
def test_a_release_owes_the_bailiff_a_notice_due_in_three_days(cast: Cast) -> None:
    inmate = a_debtor(cast)
    released(cast, inmate, why_released())
    notice = the_notice()
    assert (notice.cause, notice.payer, notice.happened_on) == (
        "release", cast.enterprise, TODAY,
    )  # fmt: skip
    assert notice.due_on == date(2026, 11, 25)
    assert notice.status == "waiting"
    assert notice.institution == cast.institution
    change = StateChange.objects.get(subject_type="inmates.bailiffnotice", subject_id=notice.pk)
    assert (change.action, change.to_status, change.actor) == ("appear", "waiting", None)


def test_a_transfer_owes_one_though_the_writ_goes_along(cast: Cast) -> None:
    inmate = a_debtor(cast)
    transferred(cast, inmate, a_second_colony(cast))
    assert the_notice().cause == "transfer"
    assert inmate.writs.get().effective_to is None


def test_whoever_changes_the_payer_leaves_the_old_one(cast: Cast) -> None:
    a_full_shift()
    inmate = a_debtor(cast)
    company = an_organisation(OrganisationKind.STATE_ENTERPRISE, "РГП «Второе»", 31)
    old = inmate.placements.get()
    change_placement(
        actor=cast.labour_officer, placement_id=old.pk, on=TODAY, at=NOW,
        employer=company, payer=company,
    )  # fmt: skip
    notice = the_notice()
    assert (notice.cause, notice.payer) == ("payer", cast.enterprise)


def test_other_terms_of_the_same_payer_are_no_leaving(cast: Cast) -> None:
    a_full_shift()
    inmate = a_debtor(cast)
    change_placement(
        actor=cast.labour_officer, placement_id=inmate.placements.get().pk, on=TODAY, at=NOW,
        pay_form="piece",
    )  # fmt: skip
    assert not BailiffNotice.objects.exists()


def test_the_end_of_the_only_placement_is_a_leaving(cast: Cast) -> None:
    inmate = a_debtor(cast)
    end_placement(
        actor=cast.labour_officer, placement_id=inmate.placements.get().pk, on=TODAY, at=NOW
    )
    assert the_notice().cause == "payer"


def test_one_of_two_placements_of_a_payer_may_end(cast: Cast) -> None:
    inmate = an_inmate(cast)
    part = {"is_full_time": False, "daily_minutes": 240}
    first = a_placement(cast, inmate, **part)
    a_placement(cast, inmate, **part)
    alimony(inmate)
    end_placement(actor=cast.labour_officer, placement_id=first.pk, on=TODAY, at=NOW)
    assert not BailiffNotice.objects.exists()


def test_an_end_ahead_is_noticed_on_its_day_by_the_daily_task(cast: Cast) -> None:
    inmate = a_debtor(cast)
    ends = TODAY + timedelta(days=2)
    end_placement(
        actor=cast.labour_officer, placement_id=inmate.placements.get().pk, on=ends, at=NOW
    )
    assert note_bailiffs(at=NOW) == 0
    assert note_bailiffs(at=NOW + timedelta(days=1)) == 0
    assert note_bailiffs(at=NOW + timedelta(days=2)) == 1
    assert the_notice().happened_on == ends


def test_nobody_is_told_of_whoever_has_no_writ(cast: Cast) -> None:
    inmate = an_inmate(cast)
    a_placement(cast, inmate)
    released(cast, inmate, why_released())
    assert not BailiffNotice.objects.exists()


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        (LONG_AGO, None, 1),
        (LONG_AGO, TODAY, 0),
        (LONG_AGO, TODAY + timedelta(days=1), 1),
        (TODAY, None, 1),
        (TODAY + timedelta(days=1), None, 0),
    ],
    ids=["open", "ended that day", "ends the day after", "came that day", "comes later"],
)
def test_the_writ_is_open_on_the_day(
    cast: Cast, begin: date, end: date | None, expected: int
) -> None:
    inmate = an_inmate(cast)
    a_placement(cast, inmate)
    alimony(inmate, effective_from=begin, effective_to=end)
    released(cast, inmate, why_released())
    assert BailiffNotice.objects.count() == expected


def test_every_document_and_every_payer_has_its_own(cast: Cast) -> None:
    inmate = an_inmate(cast)
    second = an_organisation(OrganisationKind.STATE_ENTERPRISE, "РГП «Второе»", 31)
    part = {"is_full_time": False, "daily_minutes": 240}
    a_placement(cast, inmate, **part)
    a_placement(cast, inmate, employer=second, payer=second, **part)
    alimony(inmate)
    debt(inmate)
    released(cast, inmate, why_released())
    found = set(BailiffNotice.objects.values_list("writ__number", "payer"))
    assert found == {
        (number, payer.pk) for number in ("ИЛ-1", "ИЛ-2") for payer in (cast.enterprise, second)
    }


def test_terms_changed_that_very_day_are_one_document(cast: Cast) -> None:
    inmate = an_inmate(cast)
    a_placement(cast, inmate)
    alimony(inmate, effective_to=TODAY)
    alimony(inmate, effective_from=TODAY)
    released(cast, inmate, why_released())
    assert the_notice().writ.effective_from == TODAY


def test_a_debt_that_is_paid_needs_no_notice(pay: Cast) -> None:
    first_signature(pay)
    inmate = a_worker(pay)
    debt(inmate, debt=Decimal("1000.00"))
    paid(pay, posted(pay))
    released(pay, inmate, why_released())
    assert not BailiffNotice.objects.exists()


def test_a_fee_that_is_left_needs_one(pay: Cast) -> None:
    first_signature(pay)
    inmate = a_worker(pay)
    debt(inmate, debt=Decimal("1000.00"), fee=Decimal("900000.00"), bailiff="ЧСИ Тестов")
    paid(pay, posted(pay))
    released(pay, inmate, why_released())
    assert the_notice().writ.number == "ИЛ-2"


def test_a_private_payer_learns_no_more_than_that_the_work_ended(cast: Cast) -> None:
    company = a_company(cast)
    inmate = an_inmate(cast)
    a_consent(inmate, company)
    a_placement(cast, inmate, employer=company, payer=company)
    alimony(inmate)
    released(cast, inmate, why_released())
    assert the_notice().cause == "payer"


def test_twice_is_once(cast: Cast) -> None:
    inmate = a_debtor(cast)
    released(cast, inmate, why_released())
    assert note_bailiffs(at=NOW) == 0
    assert note_bailiffs(at=NOW, people=[inmate.pk]) == 0
    assert BailiffNotice.objects.count() == 1


def test_what_a_file_brought_in_is_found_by_the_daily_task(cast: Cast) -> None:
    inmate = a_debtor(cast)
    old = a_debtor(cast, "1649")
    inmate.placements.update(effective_to=TODAY - timedelta(days=3))
    old.placements.update(effective_to=TODAY - timedelta(days=NOTICE_HORIZON_DAYS + 1))
    run = enqueue(
        "inmates.note_bailiffs", key="day", actor=None, at=NOW, arguments={"on": "2026-11-22"}
    )
    daily_task(task_run=str(run.pk))
    assert TaskRun.objects.get(pk=run.pk).status == "done"
    assert the_notice().inmate == inmate


def test_nothing_is_read_twice_where_nothing_happened(cast: Cast) -> None:
    a_debtor(cast)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert untold(since=OCTOBER_1, on=TODAY) == []
    assert len(queries) == 1


# --- Sent, or not needed ---
@pytest.fixture
def notice(cast: Cast) -> BailiffNotice:
    released(cast, a_debtor(cast), why_released())
    return the_notice()


def test_a_notice_is_sent_under_a_number(cast: Cast, notice: BailiffNotice) -> None:
    sent(cast, notice)
    notice.refresh_from_db()
    assert (notice.status, notice.sent_on, notice.outgoing_number, notice.sent_by) == (
        "told", TODAY, "12-5/77", cast.accountant,
    )  # fmt: skip
    assert AuditEvent.objects.filter(action="bailiff_told", subject_id=notice.pk).exists()


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=1)])
def test_it_is_sent_neither_before_nor_ahead(cast: Cast, notice: BailiffNotice, day: date) -> None:
    with pytest.raises(NoticeAhead):
        sent(cast, notice, sent_on=day)
    notice.refresh_from_db()
    assert (notice.status, notice.sent_on) == ("waiting", None)


def test_a_number_is_needed(cast: Cast, notice: BailiffNotice) -> None:
    with pytest.raises(ConstraintRefused, match="номер"):
        sent(cast, notice, outgoing_number="  ")


def test_twice_is_refused(cast: Cast, notice: BailiffNotice) -> None:
    sent(cast, notice)
    with pytest.raises(NoticeSettled):
        sent(cast, notice, outgoing_number="12-5/78")
    with pytest.raises(NoticeSettled):
        cancel_notice(actor=cast.accountant, notice_id=notice.pk, reason="ошибка", at=NOW)


def test_one_that_is_not_needed_says_why(cast: Cast, notice: BailiffNotice) -> None:
    with pytest.raises(ReasonNeeded):
        cancel_notice(actor=cast.accountant, notice_id=notice.pk, reason="...", at=NOW)
    cancel_notice(actor=cast.accountant, notice_id=notice.pk, reason="Внесено по ошибке", at=NOW)
    notice.refresh_from_db()
    assert notice.status == "cancelled"
    moves = StateChange.objects.filter(subject_type="inmates.bailiffnotice", subject_id=notice.pk)
    assert moves.get(action="cancel").reason == "Внесено по ошибке"


@pytest.mark.parametrize("who", ["head", "labour_officer", "analyst", "administrator", "stranger"])
def test_only_the_accountant_of_the_payer_sends_it(
    cast: Cast, notice: BailiffNotice, who: str
) -> None:
    with pytest.raises(Forbidden):
        sent(cast, notice, actor=cast.users[who])
    with pytest.raises(Forbidden):
        cancel_notice(actor=cast.users[who], notice_id=notice.pk, reason="Не нужно нам", at=NOW)


def test_another_payers_accountant_neither_sees_nor_sends(
    cast: Cast, notice: BailiffNotice
) -> None:
    stranger = a_user("other@example.kz", cast.entrepreneur, Role.ACCOUNTANT)
    assert not notices_listed(stranger, TODAY, state="waiting").exists()
    with pytest.raises(Forbidden):
        sent(cast, notice, actor=stranger)


# --- What is late rises ---
def test_what_is_over_its_day_is_late(cast: Cast, notice: BailiffNotice) -> None:
    assert not late_notices(cast.accountant, notice.due_on).exists()
    assert late_notices(cast.head, notice.due_on + timedelta(days=1)).get() == notice


def test_those_who_answer_are_written_to_once(cast: Cast, notice: BailiffNotice) -> None:
    assert raise_late_notices(at=NOW) == 0
    assert mail.outbox == []
    assert raise_late_notices(at=LATER) == 1
    assert mail.outbox == []
    letters_go()
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "accountant@example.kz", "head@example.kz",
    ]  # fmt: skip
    body = mail.outbox[0].body
    assert "/payroll/notices/" in body
    assert "1648" not in body
    assert "ИЛ" not in body
    notice.refresh_from_db()
    assert notice.raised_at == LATER
    assert raise_late_notices(at=LATER) == 0
    letters_go()
    assert len(mail.outbox) == 2


def letters_go() -> None:
    """Every letter that waits or failed is tried as a worker does it."""
    rows = TaskRun.objects.filter(name=LATE_LETTER).exclude(status="done").order_by("pk")
    for run in rows:
        TaskRun.objects.filter(pk=run.pk).update(status="waiting")
        with suppress(SMTPException):
            send_late_letter(str(run.pk))


def test_a_letter_that_cannot_be_sent_is_kept_and_tried_again(
    cast: Cast, notice: BailiffNotice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail server takes the first letter and then nothing."""
    from inmates.services import bailiff_notices

    real, calls = bailiff_notices.send_mail, []

    def failing(*args: Any, **kwargs: Any) -> int:
        calls.append(args)
        if len(calls) > 1:
            raise SMTPException("no")
        return real(*args, **kwargs)

    monkeypatch.setattr(bailiff_notices, "send_mail", failing)
    assert raise_late_notices(at=LATER) == 1
    letters_go()
    states = sorted(TaskRun.objects.filter(name=LATE_LETTER).values_list("status", flat=True))
    assert states == ["done", "failed"]
    notice.refresh_from_db()
    assert notice.raised_at == LATER
    monkeypatch.setattr(bailiff_notices, "send_mail", real)
    letters_go()
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "accountant@example.kz", "head@example.kz",
    ]  # fmt: skip
    assert set(TaskRun.objects.filter(name=LATE_LETTER).values_list("status", flat=True)) == {
        "done"
    }


def test_whoever_left_meanwhile_has_no_letter(cast: Cast, notice: BailiffNotice) -> None:
    raise_late_notices(at=LATER)
    RoleGrant.objects.filter(membership__user=cast.head).update(effective_to=NOW.date())
    letters_go()
    assert [letter.to[0] for letter in mail.outbox] == ["accountant@example.kz"]


def test_a_letter_tells_ids_alone_in_its_task(cast: Cast, notice: BailiffNotice) -> None:
    raise_late_notices(at=LATER)
    for run in TaskRun.objects.filter(name=LATE_LETTER):
        assert sorted(run.arguments) == ["count", "on", "payer_id", "person_id", "place_id"]


def test_a_sent_one_is_not_raised(cast: Cast, notice: BailiffNotice) -> None:
    sent(cast, notice)
    assert raise_late_notices(at=LATER) == 0
    letters_go()
    assert not mail.outbox


def test_the_late_of_two_payers_are_told_apart(cast: Cast) -> None:
    second = an_organisation(OrganisationKind.STATE_ENTERPRISE, "РГП «Второе»", 31)
    a_user("second@example.kz", second, Role.HEAD)
    for number, payer in (("1648", cast.enterprise), ("1649", second), ("1650", second)):
        inmate = a_debtor(cast, number, employer=payer, payer=payer)
        end_placement(
            actor=cast.labour_officer, placement_id=inmate.placements.get().pk, on=TODAY, at=NOW
        )
    assert raise_late_notices(at=LATER) == 3
    letters_go()
    subjects = {letter.to[0]: letter.subject for letter in mail.outbox}
    assert subjects["second@example.kz"].endswith("2")
    assert subjects["head@example.kz"].endswith("1")


# --- The database itself ---
def a_row(cast: Cast, **fields: Any) -> BailiffNotice:
    inmate = an_inmate(cast, f"17{BailiffNotice.objects.count():02d}")
    writ = alimony(inmate, f"ИЛ-{inmate.personnel_number}")
    values: dict[str, Any] = {
        "inmate": inmate, "writ": writ, "payer": cast.enterprise,
        "institution": cast.institution, "cause": "release", "happened_on": TODAY,
        "due_on": TODAY + timedelta(days=3), "created_at": NOW,
    }  # fmt: skip
    return BailiffNotice.objects.create(**(values | fields))


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"cause": "gone"}, "bailiffnotice_cause_known"),
        ({"status": "lost"}, "bailiffnotice_status_known"),
        ({"due_on": TODAY}, "bailiffnotice_due_afterwards"),
        ({"status": "told"}, "bailiffnotice_told_is_marked"),
        ({"sent_on": TODAY}, "bailiffnotice_sent_with_number"),
        ({"outgoing_number": "1"}, "bailiffnotice_sent_with_number"),
    ],
)
def test_the_database_refuses(cast: Cast, fields: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        a_row(cast, **fields)


def test_a_notice_stands_once_for_a_writ_a_payer_and_a_day(cast: Cast) -> None:
    row = a_row(cast)
    with pytest.raises(IntegrityError, match="bailiffnotice_once"):
        a_row(cast, inmate=row.inmate, writ=row.writ)


def test_somebody_placed_again_elsewhere_has_their_notice_of_the_first(cast: Cast) -> None:
    """A transfer and work at the new place: one notice of the old payer, none of the new one."""
    a_full_shift()
    there = a_second_colony(cast)
    post = a_post_there(cast, there)
    inmate = a_debtor(cast)
    transferred(cast, inmate, there)
    placed(
        cast, inmate, actor=cast.users["other_officer"], post_id=post.pk,
        effective_from=TODAY, employer=cast.enterprise,
    )  # fmt: skip
    assert the_notice().cause == "transfer"
    assert note_bailiffs(at=datetime(2026, 11, 23, 9, 0, tzinfo=NOW.tzinfo)) == 0
