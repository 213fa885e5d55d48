"""The deputy at work: what one sees and approves in the days of the order, and loses after them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from inmates.enums import RunStatus
from inmates.models import PayrollRun
from inmates.rules import (
    APPROVAL_PAGES,
    PAYROLL_PAGES,
    can_approve_payroll_run,
    can_return_payroll_run,
)
from inmates.selectors.payroll import (
    payroll_places,
    payroll_runs_visible_to,
    payslips_visible_to,
)
from inmates.services.approval import approve_payroll_run
from inmates.services.returning import return_payroll_run
from inmates.services.signing import last_approval_on
from portal.accounts.deputies import appoint_deputy, end_deputy
from portal.accounts.deputy_refusals import SignedAlready
from portal.accounts.models import FirstSignature, User
from portal.kernel import clock
from portal.kernel.errors import Forbidden, PortalError
from tests.inmates.books import approved, first_signature, worked_off
from tests.inmates.months import NAME, a_worker, calculated, make_pay
from tests.inmates.test_shift_races import at_once
from tests.people import LONG_AGO, Cast, a_user

DAY = timedelta(days=1)
PAGE = "/payroll/signature/"
BOARD = "/payroll/?month=2026-10"


def board_of(run: PayrollRun) -> str:
    return f"/payroll/{run.payer_id}/{run.institution_id}/2026-10/"


def url(run: PayrollRun, act: str = "") -> str:
    return f"/payroll/runs/{run.pk}/{act}"


def given(cast: Cast, holder: User, begin: date | None = None, days: int = 7) -> FirstSignature:
    first = begin or clock.today()
    return appoint_deputy(
        actor=cast.head, organisation_id=cast.enterprise.pk, holder_id=holder.pk,
        effective_from=first, effective_to=first + days * DAY, basis="приказ № 9", at=clock.now(),
    )  # fmt: skip


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.fixture
def run(pay: Cast) -> PayrollRun:
    first_signature(pay)
    a_worker(pay)
    return calculated(pay)


@pytest.fixture
def deputy(pay: Cast) -> User:
    """Of the payer, with no role at all."""
    return a_user("deputy@example.kz", pay.enterprise)


def page(client: Client, who: User, address: str) -> tuple[int, str]:
    client.force_login(who)
    response = client.get(address)
    return response.status_code, response.content.decode()


# --- what the deputy sees ---------------------------------------------------------------------
def test_the_deputy_opens_what_is_approved(
    pay: Cast, run: PayrollRun, deputy: User, client: Client
) -> None:
    slip = run.payslips.get()
    addresses = [
        BOARD, board_of(run), url(run), url(run, "differences/"), url(run, "papers/"),
        f"/payroll/payslips/{slip.pk}/",
    ]  # fmt: skip
    for address in addresses:
        assert page(client, deputy, address)[0] == 403, address
    given(pay, deputy)
    for address in addresses:
        status, html = page(client, deputy, address)
        assert status == 200, address
        assert NAME not in html, "names are the accountant's alone"
        assert 'href="/payroll/"' in html, "the menu leads to the wages"
    html = page(client, deputy, url(run))[1]
    assert f'action="{url(run, "approve/")}"' in html
    assert f'action="{url(run, "return/")}"' in html
    assert f'action="{url(run, "start/")}"' not in html


@pytest.mark.parametrize(
    "address",
    ["rates/", "writs/", "applications/", "extra/", "accounts/", "parameters/", "signature/"],
)
def test_the_rest_of_the_wages_stays_shut(
    pay: Cast, run: PayrollRun, deputy: User, client: Client, address: str
) -> None:
    given(pay, deputy)
    status, _html = page(client, deputy, f"/payroll/{address}")
    assert status == 403


def test_the_payslip_on_paper_stays_the_accountants(
    pay: Cast, run: PayrollRun, deputy: User, client: Client
) -> None:
    given(pay, deputy)
    slip = run.payslips.get()
    assert page(client, deputy, f"/payroll/payslips/{slip.pk}/pdf")[0] == 403


def test_the_board_leads_a_deputy_to_the_run_alone(
    pay: Cast, run: PayrollRun, deputy: User, client: Client
) -> None:
    given(pay, deputy)
    html = page(client, deputy, board_of(run))[1]
    assert f'href="{url(run)}"' in html
    assert 'href="/payroll/rates/"' not in html
    assert 'href="/timesheets/' not in html
    html = page(client, pay.head, board_of(run))[1]
    assert 'href="/payroll/rates/"' in html


def test_a_deputy_of_one_payer_sees_nothing_of_another(
    pay: Cast, run: PayrollRun, deputy: User, client: Client
) -> None:
    outsider = a_user("outsider@example.kz", pay.entrepreneur)
    first_signature(pay, pay.entrepreneur, outsider)
    assert page(client, outsider, BOARD)[0] == 200
    assert page(client, outsider, url(run))[0] == 404
    assert page(client, outsider, board_of(run))[0] == 404
    client.force_login(outsider)
    assert client.post(url(run, "approve/")).status_code == 404
    assert not payslips_visible_to(outsider, clock.today())


def test_all_of_it_ends_with_the_order(pay: Cast, run: PayrollRun, deputy: User) -> None:
    row = given(pay, deputy)
    last, after = row.effective_to - DAY, row.effective_to
    for on, is_seen in ((row.effective_from, True), (last, True), (after, False)):
        person = fresh(deputy)
        assert payroll_runs_visible_to(person, on).exists() is is_seen
        assert payslips_visible_to(person, on).exists() is is_seen
        assert bool(payroll_places(person, on)) is is_seen
        assert bool(APPROVAL_PAGES(person, on)) is is_seen
        assert bool(can_approve_payroll_run(person, run, on)) is is_seen
        assert bool(can_return_payroll_run(person, run, on)) is is_seen
        assert not PAYROLL_PAGES(person, on)
        assert bool(can_approve_payroll_run(pay.head, run, on)) is not is_seen


def test_the_pages_shut_the_day_after(
    pay: Cast, run: PayrollRun, deputy: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = given(pay, deputy)
    monkeypatch.setattr(clock, "today", lambda: row.effective_to)
    for address in (BOARD, board_of(run), url(run), url(run, "differences/")):
        assert page(client, deputy, address)[0] == 403, address


# --- what the deputy does ---------------------------------------------------------------------
def test_the_deputy_approves_and_the_head_does_not(
    pay: Cast, run: PayrollRun, deputy: User, client: Client
) -> None:
    given(pay, deputy)
    with pytest.raises(Forbidden, match="первой подписи"):
        approve_payroll_run(actor=pay.head, run_id=run.pk, at=clock.now())
    client.force_login(deputy)
    assert client.post(url(run, "approve/"))["Location"] == url(run)
    run.refresh_from_db()
    assert (run.status, run.approved_by) == (RunStatus.POSTING, deputy)
    assert worked_off(run).status == RunStatus.APPROVED


def test_the_deputy_returns_with_a_reason(
    pay: Cast, run: PayrollRun, deputy: User, client: Client
) -> None:
    given(pay, deputy)
    client.force_login(deputy)
    client.post(url(run, "return/"), {"reason": "Проверьте сдельщиков"})
    run.refresh_from_db()
    assert run.status != RunStatus.CALCULATED
    with pytest.raises(PortalError):
        return_payroll_run(
            actor=pay.head, run_id=run.pk, reason="Проверьте сдельщиков", at=clock.now()
        )


def test_four_eyes_hold_for_a_deputy_too(pay: Cast, run: PayrollRun, deputy: User) -> None:
    given(pay, pay.accountant)
    on = clock.today()
    with pytest.raises(Forbidden, match="рассчитали вы"):
        approve_payroll_run(actor=pay.accountant, run_id=run.pk, at=clock.now())
    assert can_return_payroll_run(pay.accountant, run, on)
    PayrollRun.objects.update(started_by=pay.master, last_edited_by=pay.accountant)
    run.refresh_from_db()
    assert "последним меняли" in str(can_approve_payroll_run(pay.accountant, run, on).reason)


# --- an approval holds the days ---------------------------------------------------------------
def test_an_order_does_not_reach_into_days_of_an_approval(
    pay: Cast, run: PayrollRun, deputy: User
) -> None:
    today = clock.today()
    assert last_approval_on(pay.enterprise.pk) is None
    approved(pay, run)
    assert last_approval_on(pay.enterprise.pk) == today
    assert last_approval_on(pay.entrepreneur.pk) is None
    for begin in (today - DAY, today):
        with pytest.raises(SignedAlready):
            given(pay, deputy, begin)
    row = given(pay, deputy, today + DAY)
    assert row.effective_from == today + DAY


def test_what_a_deputy_approved_stays_the_deputys(pay: Cast, run: PayrollRun, deputy: User) -> None:
    row = given(pay, deputy)
    approve_payroll_run(actor=deputy, run_id=run.pk, at=clock.now())
    today = clock.today()
    with pytest.raises(SignedAlready):
        end_deputy(actor=pay.head, signature_id=row.pk, on=today, at=clock.now())
    end_deputy(actor=pay.head, signature_id=row.pk, on=today + DAY, at=clock.now())
    row.refresh_from_db()
    assert row.effective_to == today + DAY


@pytest.mark.django_db(transaction=True)
def test_an_approval_and_an_order_of_the_same_day_do_not_meet(no_broker: list[Any]) -> None:
    """Whoever is second reads why: the day is signed, or the signature is another's."""
    pay = make_pay()
    first_signature(pay)
    a_worker(pay)
    run = calculated(pay)
    deputy = a_user("deputy@example.kz", pay.enterprise)
    results = at_once(
        lambda: approve_payroll_run(actor=fresh(pay.head), run_id=run.pk, at=clock.now()),
        lambda: given(pay, deputy),
    )
    refused = [one for one in results if isinstance(one, PortalError)]
    assert len(refused) == 1
    assert isinstance(refused[0], Forbidden | SignedAlready)
    run.refresh_from_db()
    assert (run.status == RunStatus.POSTING) is isinstance(refused[0], SignedAlready)


# --- the head's page --------------------------------------------------------------------------
def typed(person: User, **fields: str) -> dict[str, str]:
    values = {
        "holder": str(person.pk), "first_day": "01.12.2026", "last_day": "14.12.2026",
        "basis": "приказ № 9",
    }  # fmt: skip
    return values | fields


def test_the_head_reads_who_signs_and_appoints(pay: Cast, deputy: User, client: Client) -> None:
    first_signature(pay)
    status, html = page(client, pay.head, PAGE)
    assert status == 200
    assert "приказ № 1" in html
    assert f'<option value="{deputy.pk}">' in html
    assert f'<option value="{pay.head.pk}">' not in html, "nobody is their own deputy"
    assert f'<option value="{pay.master.pk}">' not in html, "people of others are not offered"
    assert 'href="/payroll/signature/"' in html, "the menu leads here"
    response = client.post(PAGE, typed(deputy), follow=True)
    html = response.content.decode()
    row = FirstSignature.objects.get(holder=deputy)
    assert (row.effective_from, row.effective_to) == (date(2026, 12, 1), date(2026, 12, 15))
    assert "01.12.2026 – 14.12.2026" in html.replace("\N{NO-BREAK SPACE}", " ")
    assert f'href="{PAGE}{row.pk}/end/"' in html
    response = client.post(f"{PAGE}{row.pk}/end/", {"on": "05.12.2026"}, follow=True)
    assert "05.12.2026" in response.content.decode()
    row.refresh_from_db()
    assert row.effective_to == date(2026, 12, 5)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"last_day": "30.11.2026"}, "раньше первого"),
        ({"basis": "№9"}, "Назовите приказ"),
        ({"holder": ""}, "form-errors"),
        ({"holder": "0"}, "form-errors"),
        ({"first_day": "31.02.2026"}, "Такого дня нет"),
        ({"first_day": "01.12.2023"}, "состоит в организации"),
    ],
)
def test_a_refusal_keeps_what_was_typed(
    pay: Cast, deputy: User, client: Client, fields: dict[str, str], sentence: str
) -> None:
    first_signature(pay)
    client.force_login(pay.head)
    response = client.post(PAGE, typed(deputy, **fields))
    html = response.content.decode()
    assert response.status_code == 422
    assert sentence in html
    assert f'value="{typed(deputy, **fields)["last_day"]}"' in html
    assert FirstSignature.objects.count() == 1


def test_a_day_outside_the_order_is_told_beside_the_field(
    pay: Cast, deputy: User, client: Client
) -> None:
    first_signature(pay)
    row = given(pay, deputy, date(2026, 12, 1))
    client.force_login(pay.head)
    response = client.post(f"{PAGE}{row.pk}/end/", {"on": "01.01.2027"})
    assert response.status_code == 422
    assert "01.12.2026" in response.content.decode()


def test_an_order_of_another_organisation_is_not_found(
    pay: Cast, deputy: User, client: Client
) -> None:
    first_signature(pay)
    row = given(pay, deputy, date(2026, 12, 1))
    other = a_user("other@example.kz", pay.entrepreneur, "head")
    assert page(client, other, f"{PAGE}{row.pk}/end/")[0] == 404
    assert page(client, other, f"{PAGE}?organisation={pay.enterprise.pk}")[0] == 404
    own = FirstSignature.objects.filter(holder=pay.head).first()
    assert own is not None
    assert page(client, pay.head, f"{PAGE}{own.pk}/end/")[0] == 404
    html = page(client, other, PAGE)[1]
    assert "Первую подпись" in html or "первой подписи нет ни у кого" in html


def test_the_page_asks_the_same_number_of_questions_of_one_order_and_of_five(
    pay: Cast, deputy: User, client: Client, django_assert_max_num_queries: Any
) -> None:
    first_signature(pay)
    client.force_login(pay.head)
    client.get(PAGE)
    given(pay, deputy, date(2026, 12, 1), days=1)
    with django_assert_max_num_queries(9) as one:
        client.get(PAGE)
    for month in (1, 2, 3, 4):
        given(pay, deputy, date(2027, month, 1), days=1)
    with django_assert_max_num_queries(len(one)):
        client.get(PAGE)
    assert FirstSignature.objects.exclude(effective_from=LONG_AGO).count() == 10
