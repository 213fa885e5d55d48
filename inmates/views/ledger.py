"""The books of wages: accounts by payer and period, and the statement of one of them."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inmates.enums import AccountKind
from inmates.forms.ledger import PeriodForm
from inmates.models import LedgerAccount
from inmates.presenters.account_statement import (
    account_facts,
    balance_after,
    period_words,
    shown_lines,
    statement_document,
)
from inmates.presenters.ledger import (
    LISTED,
    account_rows,
    account_title,
    book_rows,
    period_query,
    totals_of,
)
from inmates.rules import PAYROLL_PAGES
from inmates.selectors.ledger import (
    NO_SUMS,
    accounts_of_kind,
    accounts_visible_to,
    books_of,
    may_read_names,
    payers_with_books,
    statement_lines,
    sums_of,
)
from inmates.selectors.people import identities
from portal.documents.render import render_pdf
from portal.kernel import audit, clock
from portal.kernel.access import allow
from portal.kernel.periods import Period
from workshops.models import Institution

PAGE_SIZE = 100
LANGUAGES = ("ru", "kk")


@require_safe
@allow(PAYROLL_PAGES)
def accounts(request: HttpRequest) -> HttpResponse:
    """The books of one payer over a period, by kind of account."""
    on = clock.today()
    payers = payers_with_books(request.user, on)
    form = PeriodForm(request.GET, on=on)
    context: dict[str, Any] = {"form": form, "payers": payers}
    if not payers:
        return render(request, "inmates/accounts/accounts.html", context)
    chosen = request.GET.get("payer", "")
    payer = next((one for one in payers if str(one.pk) == chosen), payers[0])
    context["payer"] = payer
    if not form.is_valid():
        return render(request, "inmates/accounts/accounts.html", context, status=422)
    period = form.period()
    found = books_of(request.user, on, payer.pk, period)
    places = Institution.objects.select_related("organisation").in_bulk(
        [row.institution_id for row in found if row.institution_id]
    )
    rows = book_rows(found, payer.pk, period, places)
    context |= {"rows": rows, "totals": totals_of(rows), "lead": payer.name}
    return render(request, "inmates/accounts/accounts.html", context)


@require_safe
@allow(PAYROLL_PAGES)
def accounts_of(request: HttpRequest, payer_id: int, kind: str) -> HttpResponse:
    """The accounts of one kind by personnel number; or those of one person."""
    on = clock.today()
    payer = next((one for one in payers_with_books(request.user, on) if one.pk == payer_id), None)
    if payer is None or kind not in LISTED:
        raise Http404
    form = PeriodForm(request.GET, on=on, has_number=True)
    context: dict[str, Any] = {
        "form": form,
        "title": AccountKind(kind).label,
        "lead": payer.name,
        "crumbs": _crumbs(payer_id, ""),
    }
    if not form.is_valid():
        return render(request, "inmates/accounts/accounts_of_kind.html", context, status=422)
    period = form.period()
    found = accounts_of_kind(request.user, on, payer_id, kind, form.cleaned_data["number"].strip())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    sums = sums_of(request.user, on, page.object_list, period)
    context |= {
        "page": page,
        "rows": account_rows(page.object_list, sums, period),
        "crumbs": _crumbs(payer_id, period_query(period)),
    }
    return render(request, "inmates/accounts/accounts_of_kind.html", context)


def _crumbs(payer_id: int, query: str) -> list[dict[str, str]]:
    address = reverse("inmates:accounts") + (query or "?") + f"&payer={payer_id}"
    return [{"label": _("Books of wages"), "url": address}]


def _visible(request: HttpRequest, account_id: int) -> LedgerAccount:
    rows = accounts_visible_to(request.user, clock.today()).select_related(
        "payer", "institution__organisation", "inmate", "writ__inmate"
    )
    return get_object_or_404(rows, pk=account_id)


def _name(request: HttpRequest, account: LedgerAccount) -> tuple[str, bool]:
    """The name of whose account it is, and whether it may be read; reading it is audited."""
    person = account.inmate or (account.writ.inmate if account.writ else None)
    if person is None or not may_read_names(request.user, clock.today(), account):
        return "", False
    found = identities(
        actor=request.user, inmates=[person], purpose="account_statement", at=clock.now()
    )
    identity = found.get(person.pk)
    return (identity.full_name if identity else ""), True


@require_safe
@allow(PAYROLL_PAGES)
def account_statement(request: HttpRequest, account_id: int) -> HttpResponse:
    """What was posted to an account in a period, with the balance after each line."""
    on = clock.today()
    account = _visible(request, account_id)
    form = PeriodForm(request.GET, on=on)
    context: dict[str, Any] = {
        "form": form,
        "title": account_title(account),
        "account": account,
        "crumbs": _crumbs(account.payer_id, ""),
    }
    if not form.is_valid():
        return render(request, "inmates/accounts/account.html", context, status=422)
    period = form.period()
    sums = sums_of(request.user, on, [account], period).get(account.pk, NO_SUMS)
    lines = statement_lines(request.user, on, account, period)
    full_name, is_named = _name(request, account)
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    # Of years of lines those of the page alone are put into words.
    opening = balance_after(sums.opening, lines[: (page.number - 1) * PAGE_SIZE])
    page.object_list = shown_lines(account, opening, page.object_list)
    context |= {
        "crumbs": _crumbs(account.payer_id, period_query(period)),
        "page": page,
        "facts": account_facts(account, sums, full_name=full_name, is_named=is_named),
        "lead": period_words(period),
        "query": period_query(period),
    }
    return render(request, "inmates/accounts/account.html", context)


@require_safe
@allow(PAYROLL_PAGES)
def account_statement_pdf(request: HttpRequest, account_id: int) -> HttpResponse:
    """The statement on paper in ru or kk; the print is audited."""
    account = _visible(request, account_id)
    form = PeriodForm(request.GET, on=clock.today())
    if not form.is_valid():
        raise Http404
    period = form.period()
    asked = request.GET.get("language", translation.get_language())
    language = asked if asked in LANGUAGES else LANGUAGES[0]
    with translation.override(language):
        data = _printed(request, account, period, language)
    pdf = render_pdf("account_statement.typ", data, created_at=clock.now())
    audit.record(
        actor=request.user, action="account_statement_printed", at=clock.now(), subject=account,
        language=language, since=period.effective_from.isoformat(),
    )  # fmt: skip
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="account-{account.pk}-{language}.pdf"',
            "Cache-Control": "no-store",
        },
    )


def _printed(
    request: HttpRequest, account: LedgerAccount, period: Period, language: str
) -> dict[str, Any]:
    on = clock.today()
    sums = sums_of(request.user, on, [account], period).get(account.pk, NO_SUMS)
    lines = statement_lines(request.user, on, account, period)
    full_name, is_named = _name(request, account)
    return statement_document(
        account,
        shown_lines(account, sums.opening, lines),
        account_facts(account, sums, full_name=full_name, is_named=is_named),
        period,
        language=language,
        printed_on=on,
    )
