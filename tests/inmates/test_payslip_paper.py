"""The printed payslip in the registry: one number, no secrets behind it, ended by a new month."""

import re
import threading
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from pypdf import PdfReader

from inmates.models import PayrollRun, Payslip
from inmates.print_refusals import SlipBeingPosted, SlipNotApproved
from inmates.refusals import AlreadyCalculating
from inmates.services.papers import PAYSLIP, _facts, issue_payslip
from portal.documents.models import IssuedDocument
from portal.documents.services import issue_document
from portal.kernel.errors import Forbidden
from portal.kernel.locks import Gone
from portal.kernel.states import history_of
from tests.inmates.books import approved, first_signature, posted, worked_off
from tests.inmates.months import (
    IIN,
    NAME,
    a_worker,
    an_identity,
    calculated,
    make_pay,
    started,
)
from tests.people import NOW, Cast


@pytest.fixture(autouse=True)
def _no_failures_remembered():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def slip(pay: Cast) -> Payslip:
    """October of one person with a name and an IIN, approved and posted."""
    first_signature(pay)
    an_identity(a_worker(pay))
    posted(pay)
    return Payslip.objects.get()


@pytest.fixture
def draft(pay: Cast) -> Payslip:
    """The same, calculated and not approved."""
    an_identity(a_worker(pay))
    calculated(pay)
    return Payslip.objects.get()


def numbered(pay: Cast, slip: Payslip) -> IssuedDocument:
    """A calculated slip with a number, as they were given before only approved ones got them."""
    return issue_document(
        actor=pay.accountant, kind=PAYSLIP.code, subject=slip.run, part=str(slip.inmate_id),
        facts=_facts(slip), issuer_id=slip.run.payer_id, at=NOW,
    )  # fmt: skip


def issue(pay: Cast, slip: Payslip, **changes: Any) -> IssuedDocument:
    values = {"actor": pay.accountant, "slip_id": slip.pk, "at": NOW}
    return issue_payslip(**(values | changes))


def printed(pay: Cast, slip: Payslip, client: Client, language: str = "ru") -> str:
    """The text of the slip's PDF."""
    client.force_login(pay.accountant)
    address = reverse("inmates:payslip_pdf", args=[slip.pk])
    response = client.get(address, {"language": language})
    assert response.status_code == 200
    pages = PdfReader(BytesIO(response.content)).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split()).replace("\N{NO-BREAK SPACE}", " ")


# --- Issuing ---


def test_print_enters_the_slip_once_for_both_languages(pay: Cast, slip: Payslip, client: Client):
    russian, kazakh = printed(pay, slip, client), printed(pay, slip, client, "kk")
    made = IssuedDocument.objects.get()
    code = "-".join(re.findall("....", made.code))
    for text in (russian, kazakh):
        assert made.number in text
        assert code in text
        assert "testserver/verify" in text
    for words in ("Выдан", "Документ №", "Наведите телефон", "Код проверки"):
        assert words not in kazakh
    for words in ("Құжат №", "Берілген", "Телефонды"):
        assert words in kazakh
    assert "Есеп айырысу парағы" in kazakh
    assert (made.kind, made.issuer, made.part) == ("payslip", pay.enterprise, str(slip.inmate_id))


def test_looking_at_the_page_issues_nothing(pay: Cast, slip: Payslip, client: Client):
    client.force_login(pay.accountant)
    client.get(reverse("inmates:payslip", args=[slip.pk]))
    assert not IssuedDocument.objects.exists()


@pytest.mark.parametrize("who", ["head", "buyer", "operator", "analyst", "stranger"])
def test_others_issue_nothing(pay: Cast, slip: Payslip, who: str):
    with pytest.raises(Forbidden):
        issue(pay, slip, actor=pay.users[who])
    assert not IssuedDocument.objects.exists()


def test_slip_that_is_gone_is_refused(pay: Cast, slip: Payslip):
    with pytest.raises(Gone):
        issue(pay, slip, slip_id=slip.pk + 1000)


def test_slip_of_a_month_being_calculated_is_refused(pay: Cast, draft: Payslip):
    started(pay)
    with pytest.raises((AlreadyCalculating, Gone)):
        issue(pay, draft)


# --- A draft ---


DRAFTS = {"ru": "Черновик: не утверждён", "kk": "Жоба: бекітілмеген"}


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_slip_that_is_not_approved_prints_as_a_draft(
    pay: Cast, draft: Payslip, client: Client, language: str
):
    text = printed(pay, draft, client, language)
    assert DRAFTS[language] in text
    assert NAME in text
    with translation.override(language):
        assert str(gettext("Received")) not in text
    assert "verify" not in text
    assert not IssuedDocument.objects.exists()


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_slip_that_is_approved_is_no_draft(pay: Cast, slip: Payslip, client: Client, language: str):
    text = printed(pay, slip, client, language)
    assert DRAFTS[language] not in text
    with translation.override(language):
        assert str(gettext("Received")) in text
    assert IssuedDocument.objects.count() == 1


def test_slip_of_an_incomplete_month_is_a_draft_too(pay: Cast, draft: Payslip, client: Client):
    PayrollRun.objects.update(status="incomplete")
    assert DRAFTS["ru"] in printed(pay, draft, client)
    with pytest.raises(SlipNotApproved):
        issue(pay, draft)


def test_draft_gets_no_number(pay: Cast, draft: Payslip):
    with pytest.raises(SlipNotApproved, match="черновик"):
        issue(pay, draft)
    assert not IssuedDocument.objects.exists()


def test_slip_that_is_being_posted_is_refused_with_a_sentence(
    pay: Cast, draft: Payslip, client: Client
):
    first_signature(pay)
    approved(pay, draft.run)
    with pytest.raises(SlipBeingPosted):
        issue(pay, draft)
    client.force_login(pay.accountant)
    response = client.get(reverse("inmates:payslip_pdf", args=[draft.pk]))
    assert response.status_code != 200
    assert "проводится" in response.content.decode()


def test_page_offers_a_draft_before_the_approval_and_the_paper_after_it(
    pay: Cast, draft: Payslip, client: Client
):
    client.force_login(pay.accountant)
    address = reverse("inmates:payslip", args=[draft.pk])
    before = client.get(address).content.decode()
    assert "Черновик PDF на русском" in before
    first_signature(pay)
    posted_run = worked_off(approved(pay, draft.run))
    assert posted_run.status == "approved"
    after = client.get(address).content.decode()
    assert "Черновик" not in after
    assert "PDF на русском" in after


@pytest.mark.django_db(transaction=True)
def test_two_prints_at_once_are_one_document(no_broker):
    cast = make_pay()
    first_signature(cast)
    a_worker(cast)
    posted(cast)
    slip = Payslip.objects.get()
    ready, made = threading.Barrier(2), []

    def run() -> None:
        ready.wait()
        made.append(issue(cast, slip).pk)
        connection.close()

    threads = [threading.Thread(target=run) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 2
    assert len(set(made)) == 1


# --- A month calculated again ---


def test_month_calculated_again_ends_its_printed_slips(pay: Cast, draft: Payslip, client: Client):
    old = numbered(pay, draft)
    calculated(pay)
    old.refresh_from_db()
    assert old.status == "superseded"
    assert history_of(old).last().actor == pay.accountant
    page = client.get(f"/verify/{old.code}/").content.decode()
    assert "Заменён новым" in page
    first_signature(pay)
    worked_off(approved(pay, PayrollRun.objects.get()))
    fresh = issue(pay, Payslip.objects.get())
    assert fresh.number != old.number
    assert "Действует" in client.get(f"/verify/{fresh.code}/").content.decode()


def test_slip_ends_when_the_calculation_begins_not_when_it_is_done(pay: Cast, draft: Payslip):
    old = numbered(pay, draft)
    started(pay)
    old.refresh_from_db()
    assert old.status == "superseded"


def test_refused_start_leaves_the_papers_valid(pay: Cast, draft: Payslip):
    old = numbered(pay, draft)
    with pytest.raises(Forbidden):
        started(pay, actor=pay.stranger)
    old.refresh_from_db()
    assert old.status == "valid"


def test_slips_of_other_people_have_other_numbers(pay: Cast):
    first_signature(pay)
    a_worker(pay)
    a_worker(pay, "1649")
    posted(pay)
    numbers = {issue(pay, one).number for one in Payslip.objects.all()}
    assert len(numbers) == 2


# --- What the check never tells ---


def test_check_of_a_payslip_tells_no_person_and_no_sum(pay: Cast, slip: Payslip, client: Client):
    made = issue(pay, slip)
    page = Client().get(f"/verify/{made.code}/").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert str(PAYSLIP.name) in page
    for secret in (NAME, *NAME.split(), IIN, slip.inmate.personnel_number, f"inmate_{slip.pk}"):
        assert secret not in page, secret
    for name in ("gross", "net", "opv", "to_account"):
        whole = str(getattr(slip, name)).partition(".")[0]
        grouped = f"{int(whole):,}".replace(",", " ")
        assert whole == "0" or whole not in page
        assert whole == "0" or grouped not in page
    assert "октяб" not in page
    assert made.digest not in page


def test_row_of_the_registry_holds_no_name_and_no_sum(pay: Cast, slip: Payslip):
    made = issue(pay, slip)
    row = " ".join(str(value) for value in IssuedDocument.objects.values().get(pk=made.pk).values())
    for secret in (NAME, IIN, str(slip.gross), str(slip.to_account)):
        assert secret not in row


def test_digest_changes_with_every_sum(pay: Cast, draft: Payslip):
    first = numbered(pay, draft)
    line = draft.lines.order_by("sequence").first()
    assert line is not None
    type(line).objects.filter(pk=line.pk).update(quantity=1)
    second = numbered(pay, draft)
    assert first.digest != second.digest
    first.refresh_from_db()
    assert first.status == "superseded"


# --- The page of a slip ---
def test_a_slip_without_anything_on_top_has_no_empty_table(
    pay: Cast, draft: Payslip, client: Client
):
    """A difference of tax alone changes nothing that the employer pays."""
    client.force_login(pay.accountant)
    address = reverse("inmates:payslip", args=[draft.pk])
    assert "Платит работодатель сверх зарплаты" in client.get(address).content.decode()
    draft.lines.filter(kind="employer").delete()
    page = client.get(address)
    assert page.status_code == 200
    assert "Платит работодатель сверх зарплаты" not in page.content.decode()
