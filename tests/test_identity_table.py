"""Every office page × every role: which of them contain a name, against identity_table.py."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from inmates.enums import RunStatus
from inmates.models import Attendance, Inmate, LedgerAccount, PayrollRun, Payslip
from inmates.services.reasons import load_reasons
from inmates.services.scans import add_scan
from portal.kernel import clock
from portal.kernel.models import AuditEvent
from tests.access_table import EVERYBODY, TABLE
from tests.identity_table import SHOWS_NAMES
from tests.inmates.consents import a_scan_file, offered, signed, to_data, withdrawn
from tests.inmates.consents import papers as papers  # noqa: PLC0414 - a fixture
from tests.inmates.months import a_writ, an_identity
from tests.people import NOW, TODAY, Cast, a_placement, a_user, a_work_order, an_inmate

FAMILY = "Неповторимов"
DAY = "2026-11-20"
# Files that are handed out as they are; their looks have tests of their own.
FILES = {"inmates:consent_scan", "reports:download", "orders:drawing"}


@pytest.fixture
def world(papers: Cast, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """People at the enterprise and at the entrepreneur, with days, slips, consents and offers."""
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    load_reasons()
    at_state, waiting = named(papers, "1648"), named(papers, "1650")
    placement = a_placement(papers, at_state)
    private = named(papers, "1649")
    consent = signed(papers, private)
    to_data(papers, private)
    scan = scan_of(papers, consent)
    a_placement(papers, private, employer=papers.entrepreneur, payer=papers.entrepreneur)
    gone, _withdrawn = withdrawn(papers, "1651")
    an_identity(gone, full_name=f"{FAMILY} Ушедший", iin=None)
    offered(papers, waiting)
    a_work_order(papers)
    for one in (at_state, private):
        day(one.placements.get())
    run = PayrollRun.objects.create(
        payer=papers.enterprise, institution=papers.institution, month=date(2026, 10, 1),
        status=RunStatus.CALCULATED, created_at=NOW, calculated_at=NOW,
        started_by=papers.accountant,
    )  # fmt: skip
    slip = a_slip(run, at_state)
    books = LedgerAccount.objects.create(
        payer=papers.enterprise, kind="cash_control", inmate=at_state
    )
    writ = a_writ(at_state, "ИЛ-1", amount=Decimal("100.00"))
    papers.users |= {
        "colony_head": a_user("h16@example.kz", papers.colony, "head"),
        "private_accountant": a_user("pa@example.kz", papers.entrepreneur, "accountant"),
        "private_head": a_user("ph@example.kz", papers.entrepreneur, "head"),
    }
    return {
        "cast": papers,
        "kwargs": {
            "code": "wood-16", "day": DAY, "month": "2026-11", "run_id": run.pk,
            "slip_id": slip.pk, "writ_id": writ.pk, "post_id": papers.joiners.pk,
            "consent_id": consent.pk, "scan_id": scan.pk, "placement_id": placement.pk,
            "employer_id": papers.entrepreneur.pk, "account_id": books.pk,
        },
    }  # fmt: skip


def named(cast: Cast, number: str) -> Inmate:
    inmate = an_inmate(cast, number)
    an_identity(inmate, full_name=f"{FAMILY} Номер {number}", iin=None)
    return inmate


def scan_of(cast: Cast, consent: Any) -> Any:
    return add_scan(actor=cast.labour_officer, consent_id=consent.pk, file=a_scan_file(), at=NOW)


def day(placement: Any) -> None:
    Attendance.objects.create(
        placement=placement, worked_on=date(2026, 11, 20), minutes=480, recorded_at=NOW
    )


def a_slip(run: PayrollRun, inmate: Inmate) -> Payslip:
    values: dict[str, Any] = {}
    for field in Payslip._meta.fields:
        kind = field.get_internal_type()
        if kind == "DecimalField":
            values[field.name] = Decimal("0.00")
        elif "Integer" in kind and not field.primary_key:
            values[field.name] = 0
    return Payslip.objects.create(run=run, inmate=inmate, **values)


def office_pages(world: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and address of every page that is read, with objects of the world."""
    for name, row in TABLE.items():
        if row.method != "get" or row.who is EVERYBODY or name.startswith("account_"):
            continue
        if name in FILES:
            continue
        known = {key: value for key, value in world["kwargs"].items() if key in row.kwargs}
        if "number" in row.kwargs and name.startswith("inmates:"):
            known["number"] = "1649" if "consent" in name else "1648"
        try:
            yield name, reverse(name, kwargs={**row.kwargs, **known})
        except NoReverseMatch:
            yield name, reverse(name, kwargs=row.kwargs)


def test_names_stand_only_where_the_table_says(client: Client, world: dict[str, Any]) -> None:
    """Signed in as each person in turn, every page is opened and searched for a family name."""
    found: dict[str, set[str]] = {}
    pages = list(office_pages(world))
    for person, user in world["cast"].users.items():
        client.force_login(user)
        for name, address in pages:
            response = client.get(address)
            if response.status_code == 200 and shows(response):
                found.setdefault(name, set()).add(person)
    assert found == {name: set(people) for name, people in SHOWS_NAMES.items()}


def shows(response: Any) -> bool:
    if "text/html" not in response["Content-Type"]:
        return False
    return FAMILY in response.content.decode()


def test_a_page_that_shows_a_name_leaves_a_look(client: Client, world: dict[str, Any]) -> None:
    addresses = dict(office_pages(world))
    for name, people in SHOWS_NAMES.items():
        for person in sorted(people):
            client.force_login(world["cast"].users[person])
            before = looks_of(world["cast"].users[person])
            client.get(addresses[name])
            assert looks_of(world["cast"].users[person]) == before + 1, f"{person} at {name}"


def looks_of(user: Any) -> int:
    return AuditEvent.objects.filter(
        actor=user, action__in=["identity_read", "identities_read"]
    ).count()


def test_every_row_of_the_table_is_an_address_and_a_person(world: dict[str, Any]) -> None:
    assert set(SHOWS_NAMES) <= set(TABLE)
    people = {person for persons in SHOWS_NAMES.values() for person in persons}
    assert people <= set(world["cast"].users)
