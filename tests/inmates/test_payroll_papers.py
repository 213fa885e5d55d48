"""The page of a run's papers and the language of a person's: what is shown, to whom, when."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from inmates.models import Inmate, PayrollRun, PayslipPrint
from inmates.services.people import choose_paper_language
from portal.kernel.errors import Forbidden
from portal.kernel.models import AuditEvent, TaskRun, TaskStatus
from tests.inmates.desk import somebody
from tests.inmates.months import started
from tests.inmates.printed import asked, printed, two_people
from tests.people import NOW, TODAY, Cast

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def world(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("portal.kernel.clock.today", lambda: TODAY)
    monkeypatch.setattr("portal.kernel.clock.now", lambda: NOW)


@pytest.fixture
def run(pay: Cast) -> PayrollRun:
    return two_people(pay)


def opened(client: Client, pay: Cast, run: PayrollRun, who: str = "accountant", **head: Any) -> Any:
    client.force_login(pay.users[who])
    return client.get(reverse("inmates:payroll_papers", args=[run.pk]), **head)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def ordered(client: Client, pay: Cast, run: PayrollRun, who: str = "accountant") -> Any:
    client.force_login(pay.users[who])
    return client.post(reverse("inmates:payslips_print", args=[run.pk]), follow=True)


# --- The page ---


def test_page_offers_both_papers(pay: Cast, run: PayrollRun, client: Client) -> None:
    page = text(opened(client, pay, run))
    assert "Напечатать листки" in page
    assert "Скачать ZIP" not in page
    for language in ("ru", "kk"):
        assert f"papers/sheet.pdf?language={language}&amp;part=1" in page


def test_run_leads_to_its_papers(pay: Cast, run: PayrollRun, client: Client) -> None:
    client.force_login(pay.accountant)
    address = reverse("inmates:payroll_papers", args=[run.pk])
    assert address in text(client.get(reverse("inmates:payroll_run", args=[run.pk])))


def test_head_sees_why_not(pay: Cast, run: PayrollRun, client: Client) -> None:
    page = text(opened(client, pay, run, "head"))
    assert "Имена показываются только бухгалтеру" in page or "только бухгалтер" in page
    assert "payslips.zip" not in page
    assert "sheet.pdf" not in page
    assert '<form method="post" action="/payroll/' not in page


def test_order_is_shown_with_its_progress(pay: Cast, run: PayrollRun, client: Client) -> None:
    page = text(ordered(client, pay, run))
    assert "Печатается" in page
    assert 'hx-trigger="every 2s"' in page
    assert "Напечатать листки" not in page
    row = PayslipPrint.objects.get()
    assert (row.asked_by, row.run) == (pay.accountant, run)
    TaskRun.objects.filter(pk=row.task_run_id).update(done=1, total=2)
    part = opened(client, pay, run, **HTMX)
    assert "1 из 2" in text(part)
    assert "<html" not in text(part)
    assert "HX-Refresh" not in part


def test_once_printed_htmx_loads_the_page_anew(pay: Cast, run: PayrollRun, client: Client) -> None:
    printed(pay, run)
    assert opened(client, pay, run, **HTMX)["HX-Refresh"] == "true"
    page = text(opened(client, pay, run))
    for words in ("Скачать ZIP", "Напечатать заново", "Хранится до", "25.11.2026", "около 1 МБ"):
        assert words in page, words


def test_second_order_is_told(pay: Cast, run: PayrollRun, client: Client) -> None:
    ordered(client, pay, run)
    assert "Листки печатаются" in text(ordered(client, pay, run))


def test_printing_that_stopped_says_why_and_may_begin_again(
    pay: Cast, run: PayrollRun, client: Client
) -> None:
    row = asked(pay, run)
    TaskRun.objects.filter(pk=row.task_run_id).update(
        status=TaskStatus.FAILED, error="Ошибка портала; она записана."
    )
    page = text(opened(client, pay, run))
    for words in ("Печать остановилась", "Ошибка портала", "Напечатать листки"):
        assert words in page
    assert "Печатается" in text(ordered(client, pay, run))


def test_nothing_to_print_while_calculated(pay: Cast, run: PayrollRun, client: Client) -> None:
    started(pay)
    page = text(opened(client, pay, run))
    assert "Печатать пока нечего" in page
    assert "Напечатать листки" not in page
    assert "Печатать пока нечего" in text(ordered(client, pay, run))


@pytest.mark.parametrize("who", ["buyer", "operator", "master", "analyst", "stranger"])
def test_others_do_not_open_the_page(pay: Cast, run: PayrollRun, client: Client, who: str) -> None:
    assert opened(client, pay, run, who).status_code in (403, 404)
    assert ordered(client, pay, run, who).status_code in (403, 404)
    assert not PayslipPrint.objects.exists()


def test_accountant_of_another_payer_does_not_find_it(
    pay: Cast, run: PayrollRun, client: Client
) -> None:
    PayrollRun.objects.filter(pk=run.pk).update(payer=pay.entrepreneur)
    assert opened(client, pay, run).status_code == 404
    assert ordered(client, pay, run).status_code == 404
    assert client.get(reverse("inmates:payslips_download", args=[run.pk])).status_code == 404


def test_page_costs_a_fixed_number_of_queries(
    pay: Cast, run: PayrollRun, client: Client, django_assert_max_num_queries: Any
) -> None:
    printed(pay, run)
    client.force_login(pay.accountant)
    with django_assert_max_num_queries(12):
        client.get(reverse("inmates:payroll_papers", args=[run.pk]))


# --- The download ---


def test_archive_is_downloaded_as_a_stream(pay: Cast, run: PayrollRun, client: Client) -> None:
    row = printed(pay, run)
    client.force_login(pay.accountant)
    response = client.get(reverse("inmates:payslips_download", args=[run.pk]))
    assert response.streaming
    content = b"".join(response.streaming_content)
    assert len(content) == row.size == int(response["Content-Length"])
    assert response["Content-Disposition"] == 'attachment; filename="payslips-2026-10.zip"'
    assert response["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None


def test_download_while_being_made_is_told(pay: Cast, run: PayrollRun, client: Client) -> None:
    asked(pay, run)
    client.force_login(pay.accountant)
    response = client.get(reverse("inmates:payslips_download", args=[run.pk]))
    assert response.status_code == 409
    assert "Листки печатаются" in text(response)


def test_download_of_nothing_is_told(pay: Cast, run: PayrollRun, client: Client) -> None:
    client.force_login(pay.accountant)
    response = client.get(reverse("inmates:payslips_download", args=[run.pk]))
    assert response.status_code == 404


def test_head_downloads_nothing(pay: Cast, run: PayrollRun, client: Client) -> None:
    printed(pay, run)
    client.force_login(pay.head)
    response = client.get(reverse("inmates:payslips_download", args=[run.pk]))
    assert response.status_code == 403
    assert not AuditEvent.objects.filter(details__purpose="payslips_downloaded").exists()


# --- The language of a person's papers ---


def chosen(cast: Cast, inmate: Inmate, language: str, who: str = "labour_officer") -> Inmate:
    return choose_paper_language(
        actor=cast.users[who], inmate_id=inmate.pk, language=language, at=NOW
    )


def test_officer_enters_the_language(cast: Cast, client: Client) -> None:
    inmate = somebody(cast)
    client.force_login(cast.labour_officer)
    address = reverse("inmates:person_language", args=["1648"])
    assert address in text(client.get(reverse("inmates:person", args=["1648"])))
    assert "Язык документов" in text(client.get(address))
    response = client.post(address, {"language": "kk"}, follow=True)
    assert "Язык записан" in text(response)
    assert "Казахский" in text(response)
    inmate.refresh_from_db()
    assert inmate.language == "kk"
    event = AuditEvent.objects.get(action="paper_language_chosen")
    assert (event.actor, event.details) == (cast.labour_officer, {"language": "kk"})


def test_same_language_again_is_no_act(cast: Cast) -> None:
    inmate = somebody(cast)
    chosen(cast, inmate, "ru")
    assert not AuditEvent.objects.filter(action="paper_language_chosen").exists()


def test_language_of_another_state_is_refused(cast: Cast, client: Client) -> None:
    inmate = somebody(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        chosen(cast, inmate, "en")
    client.force_login(cast.labour_officer)
    address = reverse("inmates:person_language", args=["1648"])
    assert client.post(address, {"language": "en"}).status_code == 422


@pytest.mark.parametrize("who", ["accountant", "head", "master", "stranger"])
def test_others_do_not_enter_it(cast: Cast, client: Client, who: str) -> None:
    inmate = somebody(cast)
    with pytest.raises(Forbidden):
        chosen(cast, inmate, "kk", who)
    client.force_login(cast.users[who])
    address = reverse("inmates:person_language", args=["1648"])
    assert client.post(address, {"language": "kk"}).status_code in (403, 404)
    inmate.refresh_from_db()
    assert inmate.language == "ru"
