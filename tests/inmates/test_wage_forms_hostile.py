"""Every form of the wages with what nobody should type: a sentence each time, nothing lost."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inmates.models import (
    ExtraPay,
    PayRate,
    PayrollRun,
    TaxApplication,
    WritOfExecution,
    WritSuspension,
)
from tests.inmates.books import first_signature, posted
from tests.inmates.months import a_worker, a_writ, calculated
from tests.people import Cast, a_user, an_inmate

LONG = "ж" * 5_000
NUMBERS = (
    "", " ", "abc", "сто", "1,005", "0", "-5", "1e9", "NaN", "Infinity", "1,2,3", "١٢",
    "99999999999999999999999", "'; DROP TABLE x; --",
)  # fmt: skip
DAYS = (
    "", "вчера", "31.02.2026", "00.00.0000", "01.01.0001", "01.01.1899", "01.01.9999",
    "31.12.99999", "2026-13-01", "01.01.26", "\x00",
)  # fmt: skip
KEYS = ("", "0", "-1", "x", "post-", "post-x", "999999999999999999999", "9-9", "1-", "\x00")
TEXTS = ("", "   ", LONG, "\x00", "<script>alert(1)</script>")
SENTENCE = re.compile(r"[А-ЯЁ№«].*[.!?»…:]|[А-ЯЁ].*", re.DOTALL)
ERRORS = re.compile(r'<div class="form-errors".*?</div>', re.DOTALL)


def bad(name: str) -> tuple[str, ...]:
    """What is typed into a field of this name."""
    if name in ("on", "until", "paid_on", "ordered_on", "received_on"):
        return DAYS
    if name in ("amount", "fee", "per_pieces", "share"):
        return NUMBERS
    if name in ("payer", "subject", "unit", "place", "month", "kind", "asks", "queue"):
        return KEYS
    return TEXTS


def attempts(valid: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The valid form with one field spoilt, or missing, at a time."""
    for name in valid:
        for value in bad(name):
            yield name, valid | {name: value}
        yield name, {key: value for key, value in valid.items() if key != name}
    yield "everything", {"sent": "1"}


def require_answer(response: Any, name: str, sent: dict[str, str]) -> None:
    """Taken, or told in the reader's language with everything typed still in its field."""
    assert response.status_code in (302, 422), (name, sent.get(name, ""), response.status_code)
    if response.status_code == 302:
        return
    html = response.content.decode()
    (summary, *_more) = ERRORS.findall(html) or [""]
    told = unescape(re.sub(r"<[^>]+>", " ", summary))
    assert re.search("[а-яё]{3}", told), (name, sent.get(name), told)
    assert not re.search(r"\b(Enter|Select|Ensure|This|value|field)\b", told), told
    shown = unescape(html).replace("\N{NO-BREAK SPACE}", " ")
    for field, value in sent.items():
        if bad(field) is not KEYS and value.strip("\x00 ") and value != LONG:
            assert value in shown, (field, value)


Sender = Callable[[str, dict[str, str]], Any]


@pytest.fixture
def send(pay: Cast, client: Client) -> Sender:
    """The accountant sends a form and is answered."""
    client.force_login(pay.accountant)
    return client.post


def try_everything(send: Sender, address: str, valid: dict[str, str]) -> None:
    for name, sent in attempts(valid):
        require_answer(send(address, sent), name, sent)


def test_a_rate(pay: Cast, send: Sender) -> None:
    valid = {
        "payer": str(pay.enterprise.pk), "subject": f"post-{pay.joiners.pk}", "amount": "700,50",
        "unit": "hour", "per_pieces": "", "on": "01.11.2026",
    }  # fmt: skip
    before = PayRate.objects.count()
    try_everything(send, reverse("inmates:pay_rate_enter"), valid)
    assert PayRate.objects.count() <= before + 1
    assert not PayRate.objects.exclude(amount__in=("600.00", "700.50")).exists()


def test_an_application_and_its_end(pay: Cast, send: Sender) -> None:
    inmate = a_worker(pay, "1648")
    valid = {"number": inmate.personnel_number, "on": "01.11.2026"}
    try_everything(send, reverse("inmates:tax_application_enter"), valid)
    row = TaxApplication.objects.get()
    end = reverse("inmates:tax_application_end", args=[row.pk])
    for value in DAYS:
        require_answer(send(end, {"on": value}), "on", {"on": value})
    row.refresh_from_db()
    assert row.effective_to is None


def test_extra_pay(pay: Cast, send: Sender) -> None:
    a_worker(pay, "1648")
    place = f"{pay.enterprise.pk}-{pay.institution.pk}"
    valid = {
        "place": place, "month": "2026-10", "number": "1648", "kind": "bonus",
        "amount": "5000", "basis": "приказ № 1",
    }  # fmt: skip
    try_everything(send, reverse("inmates:extra_pay_add"), valid)
    # Only the text that is no nonsense to the portal was taken.
    assert set(ExtraPay.objects.values_list("amount", flat=True)) <= {Decimal("5000.00")}


TERMS = {
    "asks": "debt", "share": "", "amount": "120000", "queue": "5", "payee": "АО «Тестбанк»",
    "payee_account": "KZ86125KZT5004100100", "bailiff": "ЧСИ Тестов", "bailiff_account": "",
    "fee": "12000", "order_number": "77", "ordered_on": "20.10.2026", "received_on": "21.10.2026",
    "on": "01.11.2026",
}  # fmt: skip


def test_a_writ(pay: Cast, send: Sender) -> None:
    a_worker(pay, "1648")
    valid = {"personnel_number": "1648", "number": "ИЛ-9"} | TERMS
    for name, sent in attempts(valid):
        require_answer(send(reverse("inmates:writ_add"), sent), name, sent)
        WritOfExecution.objects.all().delete()


def test_other_terms_of_a_writ(pay: Cast, send: Sender) -> None:
    writ = a_writ(a_worker(pay), "ИЛ-1", queue=5, kind="claim", debt=Decimal("50000.00"))
    address = reverse("inmates:writ_change", args=[writ.pk])
    for name, sent in attempts(TERMS | {"share": "5/4"}):
        answer = send(address, sent)
        require_answer(answer, name, sent)
        WritOfExecution.objects.exclude(pk=writ.pk).delete()
        WritOfExecution.objects.filter(pk=writ.pk).update(effective_to=None)


def test_a_share_that_is_none(pay: Cast, send: Sender) -> None:
    a_worker(pay, "1648")
    valid = TERMS | {"personnel_number": "1648", "number": "ИЛ-9", "asks": "share", "queue": "1"}
    for value in ("0/4", "1/0", "5/4", "1/", "/", "25%", "½", "1/100", "-1/4", "1/4/5", "٣/٤"):
        answer = send(reverse("inmates:writ_add"), valid | {"share": value})
        require_answer(answer, "share", {"share": value})
        assert answer.status_code == 422, value
    assert not WritOfExecution.objects.exists()


@pytest.mark.parametrize("act", ["suspend", "resume", "end"])
def test_acts_on_a_writ(pay: Cast, send: Sender, act: str) -> None:
    writ = a_writ(a_worker(pay), "ИЛ-1", queue=5, kind="claim", debt=Decimal("50000.00"))
    valid = {"on": "10.11.2026", "until": "", "basis": "Определение № 1"}
    if act == "resume":
        WritSuspension.objects.create(writ=writ, effective_from="2026-10-01", basis="№ 1")
        valid = {"on": "10.11.2026"}
    elif act == "end":
        del valid["until"]
    address = reverse("inmates:writ_act", args=[writ.pk, act])
    for name, sent in attempts(valid):
        require_answer(send(address, sent), name, sent)
        if act == "suspend":
            WritSuspension.objects.all().delete()
        WritOfExecution.objects.filter(pk=writ.pk).update(effective_to=None, ended_basis="")
        WritSuspension.objects.update(effective_to=None)


def test_payment_of_a_run(pay: Cast, send: Sender) -> None:
    a_worker(pay)
    first_signature(pay)
    run = posted(pay)
    address = reverse("inmates:payroll_pay", args=[run.pk])
    for name, sent in attempts({"paid_on": "10.11.2026", "document": "ПП № 4"}):
        require_answer(send(address, sent), name, sent)
        if PayrollRun.objects.get(pk=run.pk).status == "paid":
            break
    else:
        return
    assert sent["document"].strip(), "paid without a document"


def test_return_of_a_run(pay: Cast, client: Client) -> None:
    a_worker(pay)
    first_signature(pay)
    run = calculated(pay)
    client.force_login(pay.head)
    address = reverse("inmates:payroll_return", args=[run.pk])
    for value in ("", "   ", "\x00", LONG):
        answer = client.post(address, {"reason": value})
        require_answer(answer, "reason", {"reason": value})
        assert answer.status_code == 422, value
    run.refresh_from_db()
    assert run.status == "calculated"


ADDRESSES = (
    "payroll_runs", "pay_rates", "tax_applications", "extra_pay", "writs", "accounts",
    "earning_kinds", "pay_parameters",
)  # fmt: skip
QUERIES = (
    {"month": "9999-99"}, {"month": "0001-01"}, {"month": "x"}, {"payer": "x"},
    {"payer": "99999999999999999999"}, {"page": "-5"}, {"page": "x"}, {"q": "\x00"},
    {"q": LONG[:300]}, {"q": "%_\\"}, {"state": "x"}, {"post": "99999999999"}, {"post": "x"},
    {"operation": "٣"}, {"since": "01.01.9999"}, {"since": "x", "until": ""},
    {"until": "31.12.2199"}, {"number": "\x00"}, {"show": "x"}, {"earlier": "x"},
)  # fmt: skip


@pytest.mark.parametrize("name", ADDRESSES)
def test_lists_with_addresses_nobody_typed(pay: Cast, client: Client, name: str) -> None:
    a_worker(pay)
    client.force_login(pay.accountant)
    for query in QUERIES:
        answer = client.get(reverse(f"inmates:{name}"), query)
        assert answer.status_code in (200, 400, 404, 422), (name, query)


HUGE = 99_999_999_999_999_999_999


def test_numbers_of_somebody_else_are_not_found(pay: Cast, client: Client) -> None:
    stranger = a_user("other@example.kz", pay.entrepreneur, "accountant")
    writ = a_writ(a_worker(pay), "ИЛ-1", queue=5, kind="claim", debt=Decimal("50000.00"))
    first_signature(pay)
    run = posted(pay)
    slip = run.payslips.get()
    an_inmate(pay, "1002")
    found = {
        "writ": writ.pk, "writ_change": writ.pk, "payroll_run": run.pk, "payslip": slip.pk,
        "payslip_pdf": slip.pk, "payroll_differences": run.pk,
    }  # fmt: skip
    client.force_login(stranger)
    for name, key in found.items():
        for asked in (key, 0, HUGE):
            assert client.get(reverse(f"inmates:{name}", args=[asked])).status_code == 404, name
    acts = {
        "payroll_restart": (run.pk,), "payroll_approve": (run.pk,), "payroll_return": (run.pk,),
        "payroll_pay": (run.pk,), "payroll_person_restart": (run.pk, "1648"),
        "writ_act": (writ.pk, "end"),
    }  # fmt: skip
    for name, args in acts.items():
        for first in (args[0], HUGE):
            address = reverse(f"inmates:{name}", args=[first, *args[1:]])
            assert client.post(address, {}).status_code in (403, 404), name
    month = (pay.enterprise.pk, pay.institution.pk, "2026-10")
    assert client.get(reverse("inmates:payroll_board", args=month)).status_code == 404
    assert client.post(reverse("inmates:payroll_start", args=month)).status_code == 404
