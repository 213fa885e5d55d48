"""An accountant of a payer for one institution alone: no name and no sum of another reaches them.

Every address of wages and their papers that can carry an identity is asked for here.
"""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from inmates.models import BailiffNotice, BankStatement, LedgerAccount, PlannedRelease
from inmates.rules import can_certify_wages, can_read_statement
from inmates.selectors.bank import payers_of_accountant, statements_visible_to
from inmates.selectors.certificates import certificates_visible_to
from inmates.selectors.ledger import postings_visible_to
from inmates.selectors.wage_totals import certifying_payers, read_by_name
from inmates.services.bank import (
    apply_bank_statement,
    drop_bank_statement,
    receive_bank_statement,
)
from inmates.services.certificates import issue_certificate, make_certificate
from inmates.services.transfers import reverse_transfer
from portal.accounts.enums import Role
from portal.accounts.models import Organisation, RoleGrant, User
from portal.accounts.selectors import has_role_everywhere, organisations_as_a_whole
from portal.kernel import clock
from portal.kernel.errors import Forbidden
from portal.kernel.models import AuditEvent
from tests.inmates.months import OCTOBER
from tests.inmates.registers import a_line, an_iin, issued, onec_file, paid_october, transferred
from tests.inmates.second_place import second_place
from tests.people import LONG_AGO, NOW, Cast, a_user

SURNAME, IIN = "Тестов", an_iin(1648)
BANK = reverse("inmates:bank_statements")
WHY = "перепутан номер поручения"


class World:
    """October of the enterprise here, with everything that is printed of it."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        run = paid_october(cast)
        self.slip = run.payslips.get(inmate__personnel_number="1648")
        self.inmate = self.slip.inmate
        writ = self.inmate.writs.get()
        self.register = issued(cast)
        self.order = self.register.orders.get()
        self.transfer = transferred(cast, self.order)
        self.open = issued(cast, "so")
        on = clock.today()
        self.certificate = make_certificate(
            actor=cast.accountant, payer_id=cast.enterprise.pk, inmate_id=self.inmate.pk,
            first=OCTOBER, last=OCTOBER, at=clock.now(),
        )  # fmt: skip
        self.notice = BailiffNotice.objects.create(
            inmate=self.inmate, writ=writ, payer=cast.enterprise, institution=cast.institution,
            cause="payer", happened_on=on, due_on=on + timedelta(days=3), created_at=NOW,
        )  # fmt: skip
        self.statement = receive_bank_statement(
            actor=cast.accountant, payer_id=cast.enterprise.pk, file_name="в.txt",
            content=onec_file(a_line(self.open.orders.get(), payee=SURNAME)), at=clock.now(),
        )  # fmt: skip
        PlannedRelease.objects.create(
            inmate=self.inmate, release_on=on + timedelta(days=30), basis="приговор",
            effective_from=LONG_AGO,
        )  # fmt: skip

    def addresses(self) -> dict[str, str]:
        """By name: whatever is read of this month."""
        register, order, run = self.register.pk, self.order.pk, self.slip.run_id
        payer, place = self.cast.enterprise.pk, f"?payer={self.cast.enterprise.pk}&year=2026"
        of_person = LedgerAccount.objects.get(inmate=self.inmate, kind="wages_payable").pk
        named: dict[str, list[Any]] = {
            "payslip": [self.slip.pk], "payslip_pdf": [self.slip.pk],
            "payment_register": [register], "register_transfer": [register, order],
            "transfer_take_back": [register, self.transfer.pk],
            "bank_statement": [self.statement.pk],
            "wage_certificate_pdf": [self.certificate.pk], "wage_certificates": [],
            "bailiff_notice": [self.notice.pk], "bailiff_notice_pdf": [self.notice.pk],
            "bailiff_notices": [], "bank_statements": [], "payment_registers": [],
            "leaving": [], "leaving_file": ["1648"], "leaving_papers": ["1648"],
            "account_statement": [of_person], "account_statement_pdf": [of_person],
        }  # fmt: skip
        found = {name: reverse(f"inmates:{name}", args=args) for name, args in named.items()}
        for kind in ("xlsx", "csv", "pdf"):
            found[kind] = reverse("inmates:register_file", args=[register, kind])
        for name in ("wage_totals", "wage_totals_xlsx", "wage_totals_pdf"):
            found[name] = reverse(f"inmates:{name}") + place
        for name in ("person_totals", "person_totals_pdf"):
            found[name] = reverse(f"inmates:{name}", args=[payer, "1648"]) + "?year=2026"
        found["settlement"] = reverse("inmates:leaving_paper", args=["1648", "settlement"])
        found["run"] = reverse("inmates:payroll_run", args=[run])
        return found


NAMES = sorted(
    [
        "account_statement", "account_statement_pdf", "bailiff_notice", "bailiff_notice_pdf",
        "bailiff_notices", "bank_statement", "bank_statements", "csv", "leaving", "leaving_file",
        "leaving_papers", "payment_register", "payment_registers", "payslip", "payslip_pdf", "pdf",
        "person_totals", "person_totals_pdf", "register_transfer", "run", "settlement",
        "transfer_take_back", "wage_certificate_pdf", "wage_certificates", "wage_totals",
        "wage_totals_pdf", "wage_totals_xlsx", "xlsx",
    ]
)  # fmt: skip


@pytest.fixture
def world(pay: Cast) -> World:
    return World(pay)


def limited(cast: Cast, email: str, place: Any, *roles: str) -> User:
    """An accountant of the enterprise at one place; `roles`: what else they are, everywhere."""
    user = a_user(email, cast.enterprise, Role.ACCOUNTANT, *roles)
    RoleGrant.objects.filter(membership__user=user, role=Role.ACCOUNTANT).update(scope=place)
    return user


@pytest.fixture
def elsewhere(pay: Cast) -> Organisation:
    return second_place(pay)[0].organisation


@pytest.fixture
def there(pay: Cast, elsewhere: Organisation) -> User:
    return limited(pay, "there@example.kz", elsewhere)


@pytest.fixture
def here(pay: Cast) -> User:
    return limited(pay, "here@example.kz", pay.colony)


@pytest.fixture
def head_too(pay: Cast, elsewhere: Organisation) -> User:
    """Head everywhere, accountant of the other place."""
    return limited(pay, "both@example.kz", elsewhere, Role.HEAD)


def read(response: Any) -> str:
    """The text of a page, a paper, a table or an archive of papers."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"%PDF"):
        return _paper(content)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [archive.read(name) for name in archive.namelist()]
        return " ".join(
            _paper(one) if one.startswith(b"%PDF") else one.decode(errors="replace")
            for one in parts
        )
    return content.decode(errors="replace")


def _paper(content: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


# --- every address ---
def test_the_list_of_addresses_is_whole(world: World) -> None:
    assert sorted(world.addresses()) == NAMES


def test_another_place_reaches_nobody(client: Client, world: World, there: User) -> None:
    client.force_login(there)
    for name, address in world.addresses().items():
        response = client.get(address)
        assert response.status_code in (200, 403, 404), name
        text = read(response) if response.status_code == 200 else ""
        for told in (SURNAME, IIN, "96 000", "96000", "№ 1648", ">1648<"):
            assert told not in text, (name, told)
    looked = AuditEvent.objects.filter(actor=there, action="identity_read")
    assert not looked.exists()


def test_a_head_of_all_who_is_accountant_of_another_place_reads_no_name(
    client: Client, world: World, head_too: User
) -> None:
    client.force_login(head_too)
    for name, address in world.addresses().items():
        response = client.get(address)
        assert response.status_code in (200, 403, 404), name
        text = read(response) if response.status_code == 200 else ""
        for told in (SURNAME, IIN):
            assert told not in text, (name, told)
    assert not AuditEvent.objects.filter(actor=head_too, action="identity_read").exists()


@pytest.mark.parametrize("name", ["xlsx", "csv", "pdf", "wage_totals_pdf", "person_totals_pdf"])
def test_the_accountant_of_this_place_reads_its_names(
    client: Client, world: World, here: User, name: str
) -> None:
    client.force_login(here)
    response = client.get(world.addresses()[name])
    assert response.status_code == 200
    assert SURNAME in read(response)


@pytest.mark.parametrize("name", ["bank_statement", "wage_certificate_pdf"])
def test_what_is_of_all_places_is_not_for_one(
    client: Client, world: World, here: User, name: str
) -> None:
    client.force_login(here)
    assert client.get(world.addresses()[name]).status_code == 404


# --- certificates ---
def test_a_certificate_is_made_and_printed_for_all_places_alone(
    world: World, here: User, there: User
) -> None:
    payer, on = world.cast.enterprise, clock.today()
    for actor in (here, there):
        assert not can_certify_wages(actor, payer.pk, on)
        assert not certifying_payers(actor, on).exists()
        assert not certificates_visible_to(actor, on).exists()
        with pytest.raises(Forbidden):
            make_certificate(
                actor=actor, payer_id=payer.pk, inmate_id=world.inmate.pk, first=OCTOBER,
                last=OCTOBER, at=clock.now(),
            )  # fmt: skip
        with pytest.raises(Forbidden):
            issue_certificate(actor=actor, certificate_id=world.certificate.pk, at=clock.now())
    assert list(certifying_payers(world.cast.accountant, on)) == [payer]
    assert list(certificates_visible_to(world.cast.head, on)) == [world.certificate]


def test_the_form_of_a_certificate_is_refused_in_a_sentence(
    client: Client, world: World, here: User
) -> None:
    client.cookies["django_language"] = "ru"
    client.force_login(here)
    new = reverse("inmates:wage_certificate_new")
    for response in (client.get(new), client.post(new, {"number": "1648"})):
        assert response.status_code == 403
        assert "по всем учреждениям" in response.content.decode()
    assert new not in client.get(reverse("inmates:wage_certificates")).content.decode()
    person = client.get(world.addresses()["person_totals"]).content.decode()
    assert new not in person


# --- the bank ---
def test_a_statement_of_the_bank_is_for_all_places_alone(
    world: World, here: User, there: User
) -> None:
    payer, on = world.cast.enterprise, clock.today()
    for actor in (here, there):
        assert not can_read_statement(actor, payer.pk, on)
        assert not payers_of_accountant(actor, on).exists()
        assert not statements_visible_to(actor, on).exists()
        with pytest.raises(Forbidden):
            receive_bank_statement(
                actor=actor, payer_id=payer.pk, file_name="в.txt", content=b"x", at=clock.now()
            )
        for act in (apply_bank_statement, drop_bank_statement):
            with pytest.raises(Forbidden):
                act(actor=actor, statement_id=world.statement.pk, at=clock.now())
    assert BankStatement.objects.get().status == "checked"
    assert list(statements_visible_to(world.cast.accountant, on)) == [world.statement]


def test_the_page_of_the_bank_says_whose_it_is(client: Client, world: World, here: User) -> None:
    client.cookies["django_language"] = "ru"
    client.force_login(here)
    page = client.get(BANK)
    assert page.status_code == 200
    assert "получателей всех учреждений" in page.content.decode()
    assert 'type="file"' not in page.content.decode()
    assert client.post(BANK, {"payer": world.cast.enterprise.pk}).status_code == 422
    for act in ("apply", "drop"):
        address = reverse(f"inmates:bank_statement_{act}", args=[world.statement.pk])
        assert client.post(address).status_code == 404


# --- names of totals, entries of what was taken back ---
def test_names_of_totals_are_those_of_the_own_place(
    world: World, here: User, there: User, head_too: User
) -> None:
    payer, on = world.cast.enterprise.pk, clock.today()
    ids = [world.inmate.pk]

    def known(user: User) -> list[Any]:
        return read_by_name(user, on, payer, [OCTOBER], ids)

    assert known(here) == known(world.cast.accountant) == [world.inmate]
    assert known(there) == known(head_too) == known(world.cast.head) == []
    assert read_by_name(here, on, payer, [OCTOBER.next()], ids) == []


def test_what_was_taken_back_is_seen_where_its_register_is(
    client: Client, world: World, here: User, there: User
) -> None:
    made = reverse_transfer(actor=here, transfer_id=world.transfer.pk, reason=WHY, at=clock.now())
    on = clock.today()
    mirrored = postings_visible_to(here, on).filter(entry=made.entry)
    assert mirrored.count() == 2
    assert not postings_visible_to(there, on).filter(entry=made.entry).exists()
    client.cookies["django_language"] = "ru"
    client.force_login(here)
    account = LedgerAccount.objects.get(payer=world.cast.enterprise, code="opv")
    text = client.get(reverse("inmates:account_statement", args=[account.pk])).content.decode()
    assert f"отменено: платёжное поручение № 17, реестр № {world.register.number}" in " ".join(
        text.replace("\N{NO-BREAK SPACE}", " ").split()
    )


def test_the_other_place_takes_no_transfer_back(world: World, there: User) -> None:
    with pytest.raises(Forbidden):
        reverse_transfer(actor=there, transfer_id=world.transfer.pk, reason=WHY, at=clock.now())


# --- the rule itself ---
def test_a_role_everywhere_is_one_without_a_place(pay: Cast, here: User, head_too: User) -> None:
    on, payer = clock.today(), pay.enterprise.pk
    assert has_role_everywhere(pay.accountant, on, payer, Role.ACCOUNTANT)
    assert not has_role_everywhere(here, on, payer, Role.ACCOUNTANT)
    assert not has_role_everywhere(pay.accountant, on, pay.entrepreneur.pk, Role.ACCOUNTANT)
    assert has_role_everywhere(head_too, on, payer, Role.HEAD)
    assert organisations_as_a_whole(head_too, on, Role.ACCOUNTANT) == set()
    assert organisations_as_a_whole(pay.accountant, on, Role.ACCOUNTANT) == {payer}
