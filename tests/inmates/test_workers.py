"""A private employer sees its own workers: hours, pay, absences paid or not, and never why."""

import io
import re
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmates.models import Attendance, PayrollRun, Payslip, Placement, Reason
from inmates.selectors.workers import private_employers_of, workers_of
from inmates.services.reasons import load_reasons
from portal.accounts.enums import OrganisationKind as Kind
from portal.accounts.models import RoleGrant, User
from portal.kernel import clock
from portal.kernel.models import AuditEvent
from portal.kernel.periods import Month
from tests.inmates.months import IIN, NAME, an_identity
from tests.inmates.second_place import second_place
from tests.people import (
    NOW,
    TODAY,
    Cast,
    a_consent,
    a_placement,
    a_user,
    an_inmate,
    an_organisation,
)

OCTOBER = Month(2026, 10)
NOTE = "тайная причина, которую никто не узнает"
PAGE = reverse("inmates:workers")


@pytest.fixture
def boss(cast: Cast) -> User:
    """The entrepreneur's accountant."""
    load_reasons()
    return a_user("books@example.kz", cast.entrepreneur, "accountant")


@pytest.fixture
def reader(client: Client, boss: User, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    client.cookies["django_language"] = "ru"
    client.force_login(boss)
    return client


def at_work(cast: Cast, number: str = "1648", **fields: Any) -> Placement:
    """Somebody at the entrepreneur's by consent."""
    inmate = an_inmate(cast, number)
    a_consent(inmate, cast.entrepreneur, document_number=f"С-{number}")
    values = {"employer": cast.entrepreneur, "payer": cast.entrepreneur}
    return a_placement(cast, inmate, **(values | fields))


def absent(placement: Placement, day: int, reason: Reason, minutes: int = 0) -> None:
    Attendance.objects.create(
        placement=placement, worked_on=date(2026, 10, day), minutes=minutes, reason=reason,
        note=NOTE, recorded_at=NOW,
    )  # fmt: skip


def present(placement: Placement, *days: int) -> None:
    Attendance.objects.bulk_create(
        Attendance(placement=placement, worked_on=date(2026, 10, day), minutes=480, recorded_at=NOW)
        for day in days
    )


def rows_of(cast: Cast, user: User) -> list[Any]:
    return list(workers_of(user, TODAY, cast.entrepreneur, OCTOBER))


# --- the month of a worker --------------------------------------------------------------------
def test_days_are_worked_paid_or_unpaid_and_no_more(cast: Cast, boss: User) -> None:
    placement = at_work(cast)
    present(placement, 1, 2)
    absent(placement, 5, Reason.objects.get(code="sick"))
    absent(placement, 6, Reason.objects.get(code="leave"))
    absent(placement, 7, Reason.objects.get(code="isolation"))
    absent(placement, 8, Reason.objects.get(code="short-day"), minutes=120)
    (row,) = rows_of(cast, boss)
    assert (row.minutes, row.days_worked) == (1080, 3)
    assert (row.days_paid, row.days_unpaid) == (2, 1)


def test_pay_is_that_of_its_own_slip(cast: Cast, boss: User) -> None:
    placement = at_work(cast)
    for payer, gross in ((cast.entrepreneur, "90000.00"), (cast.enterprise, "11111.00")):
        run = PayrollRun.objects.create(
            payer=payer,
            institution=cast.institution,
            month=OCTOBER.first_day,
            created_at=NOW,
            started_by=boss,
        )
        a_slip(run, placement, gross=Decimal(gross))
    (row,) = rows_of(cast, boss)
    assert row.gross == Decimal("90000.00")
    assert Payslip.objects.get(pk=row.slip_id).run.payer == cast.entrepreneur


def a_slip(run: PayrollRun, placement: Placement, *, gross: Decimal) -> Payslip:
    """A slip with one figure; the others are what their columns ask for."""
    values = {
        field.name: Decimal("0.00")
        for field in Payslip._meta.fields
        if field.get_internal_type() == "DecimalField"
    }
    others = {
        field.name: 0
        for field in Payslip._meta.fields
        if "Integer" in field.get_internal_type() and not field.primary_key
    }
    net = {"net": gross, "to_account": gross, "gross": gross}
    return Payslip.objects.create(run=run, inmate=placement.inmate, **(values | others | net))


def test_without_a_slip_the_pay_is_unknown_and_not_zero(cast: Cast, boss: User) -> None:
    at_work(cast)
    (row,) = rows_of(cast, boss)
    assert (row.slip_id, row.gross, row.to_account) == (None, None, None)
    assert (row.minutes, row.days_worked, row.days_paid) == (0, 0, 0)


# --- its own people only ----------------------------------------------------------------------
def test_only_its_own_people_are_seen(cast: Cast, boss: User) -> None:
    at_work(cast, "1")
    a_placement(cast, an_inmate(cast, "2"))
    other = an_organisation(Kind.COMPANY, "ТОО «Чужое»", 77)
    stranger = an_inmate(cast, "3")
    a_consent(stranger, other)
    a_placement(cast, stranger, employer=other, payer=other)
    at_work(cast, "4", effective_to=date(2026, 10, 1))
    at_work(cast, "5", effective_from=date(2026, 11, 1))
    assert [row.personnel_number for row in rows_of(cast, boss)] == ["1"]


def test_days_at_another_employer_are_not_counted(cast: Cast, boss: User) -> None:
    placement = at_work(cast, effective_from=date(2026, 10, 10))
    before = a_placement(cast, placement.inmate, effective_to=date(2026, 10, 10))
    present(before, 1, 2, 5)
    present(placement, 12)
    (row,) = rows_of(cast, boss)
    assert (row.minutes, row.days_worked) == (480, 1)


def test_a_grant_for_one_place_shows_that_place(cast: Cast, boss: User) -> None:
    _institution, far = second_place(cast)
    at_work(cast, "1")
    placement = at_work(cast, "2")
    Placement.objects.filter(pk=placement.pk).update(post=far)
    RoleGrant.objects.filter(membership__user=boss).update(scope=cast.colony)
    boss.__dict__.pop("_grants", None)
    assert [row.personnel_number for row in rows_of(cast, boss)] == ["1"]


def test_a_state_enterprise_is_no_private_employer(cast: Cast, boss: User) -> None:
    assert list(private_employers_of(boss, TODAY)) == [cast.entrepreneur]
    assert not private_employers_of(cast.accountant, TODAY)
    assert not private_employers_of(cast.analyst, TODAY)


def test_whoever_is_no_private_employer_is_told_so(client: Client, cast: Cast) -> None:
    client.cookies["django_language"] = "en"
    client.force_login(cast.accountant)
    at_work(cast)
    page = client.get(PAGE)
    assert "This page is for private employers" in page.content.decode()
    assert client.get(
        reverse("inmates:workers_xlsx", args=[cast.entrepreneur.pk])
    ).status_code == 404  # fmt: skip


# --- never why --------------------------------------------------------------------------------
def secrets() -> list[str]:
    """Every name, code and letter of every reason, and the note."""
    found = [NOTE]
    for reason in Reason.objects.all():
        found += [reason.code, reason.name_ru, reason.name_kk, reason.name_en or ""]
    return [text for text in found if text]


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_no_page_tells_why_somebody_was_absent(reader: Client, cast: Cast, language: str) -> None:
    """One day for each reason of the directory; not one of them is told."""
    reader.cookies["django_language"] = language
    placement = at_work(cast)
    an_identity(placement.inmate)
    _one_day_for_each_reason(placement)
    page = reader.get(f"{PAGE}?month=2026-10").content.decode()
    book = _text_of_book(
        reader.get(
            reverse("inmates:workers_xlsx", args=[cast.entrepreneur.pk]) + "?month=2026-10"
        ).content
    )
    main = page[page.index('class="page-header"') : page.index("</main>")]
    told = re.sub(r"<[^>]+>", " ", main)
    for secret in secrets():
        assert secret not in main, secret
        assert secret not in book, secret
    cells = {cell.strip() for cell in re.findall(r">([^<>]+)<", main)}
    letters = {reason.letter for reason in Reason.objects.exclude(letter="")}
    assert not cells & letters
    assert not set(re.findall(r"<t[^>]*>([^<]+)</t>", book)) & letters
    assert NAME in told
    assert NAME in book
    assert IIN in told


def _one_day_for_each_reason(placement: Placement) -> None:
    reasons = list(Reason.objects.filter(group="attendance", is_refusal=False).order_by("id"))
    for day, reason in enumerate(reasons, start=1):
        absent(placement, day, reason, minutes=60 if reason.is_worked else 0)
    assert len(reasons) > 10


def _text_of_book(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def test_the_rows_carry_neither_a_reason_nor_a_note(cast: Cast, boss: User) -> None:
    """What the selector reads of attendance: minutes and the flags, nothing to tell by mistake."""
    placement = at_work(cast)
    absent(placement, 5, Reason.objects.get(code="sick"))
    with CaptureQueriesContext(connection) as queries:
        rows_of(cast, boss)
    statement = queries[-1]["sql"]
    assert '"is_paid"' in statement
    for column in ('"note"', '"letter"', '"code"', '"name', '"reason_id" AS'):
        assert column not in statement.replace('"inmates_reason"."id"', "")


# --- audited, fixed, exported -----------------------------------------------------------------
def test_each_look_is_one_event_with_everybody(reader: Client, cast: Cast, boss: User) -> None:
    people = []
    for number in ("1", "2"):
        placement = at_work(cast, number)
        an_identity(placement.inmate, iin=None)
        people.append(placement.inmate_id)
    reader.get(f"{PAGE}?month=2026-10")
    event = AuditEvent.objects.get(action="identities_read")
    assert (event.actor, event.details["purpose"]) == (boss, "employer_workers")
    assert event.details["inmates"] == sorted(people)


def test_an_export_is_recorded_as_such(reader: Client, cast: Cast) -> None:
    an_identity(at_work(cast).inmate)
    answer = reader.get(
        reverse("inmates:workers_xlsx", args=[cast.entrepreneur.pk]) + "?month=2026-10"
    )
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    event = AuditEvent.objects.get(action="workers_exported")
    assert event.details == {"month": "2026-10", "people": 1}
    assert AuditEvent.objects.filter(action="identities_read").count() == 1


def test_a_name_is_never_a_formula(reader: Client, cast: Cast) -> None:
    an_identity(at_work(cast).inmate, full_name="=1+1")
    address = reverse("inmates:workers_xlsx", args=[cast.entrepreneur.pk])
    book = _text_of_book(reader.get(f"{address}?month=2026-10").content)
    assert "'=1+1" in book
    assert "<f>" not in book


def test_the_queries_do_not_grow(reader: Client, cast: Cast) -> None:
    an_identity(at_work(cast, "1").inmate, iin=None)
    reader.get(f"{PAGE}?month=2026-10")
    with CaptureQueriesContext(connection) as one:
        reader.get(f"{PAGE}?month=2026-10")
    for number in "23":
        an_identity(at_work(cast, number).inmate, iin=None)
    with CaptureQueriesContext(connection) as three:
        reader.get(f"{PAGE}?month=2026-10")
    assert len(one) == len(three) <= 10


def test_an_unreadable_month_is_the_present_one(reader: Client, cast: Cast) -> None:
    at_work(cast)
    context = reader.get(f"{PAGE}?month=2026-13&employer=x").context
    assert context["chosen_month"] == str(Month.of(TODAY))
    assert len(context["rows"]) == 1
    assert TODAY - timedelta(days=1) < TODAY
