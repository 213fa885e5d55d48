"""Statements of the bank: choose a file, look at what it pays, enter the transfers or drop it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inmates.enums import ImportStatus
from inmates.forms.registers import MatchForm, StatementForm
from inmates.models import BankStatement
from inmates.presenters.bank import (
    difference_rows,
    matched_rows,
    returned_rows,
    statement_facts,
    unread_rows,
)
from inmates.rules import PAYROLL_ACTS
from inmates.selectors.bank import payers_of_accountant, statements_visible_to
from inmates.services.bank import (
    apply_bank_statement,
    drop_bank_statement,
    plan_of_statement,
    receive_bank_statement,
    statement_of,
)
from inmates.transfers.matching import is_asked
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError

LISTED = 20


@require_http_methods(["GET", "HEAD", "POST"])
@allow(PAYROLL_ACTS)
def bank_statements(request: HttpRequest) -> HttpResponse:
    """Choose a file; the last ones and what came of them stand below."""
    on = clock.today()
    payers = payers_of_accountant(request.user, on)
    form = StatementForm(request.POST or None, request.FILES or None, payers=payers)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                row = receive_bank_statement(
                    actor=request.user,
                    payer_id=form.cleaned_data["payer"].pk,
                    file_name=form.cleaned_data["file"].name,
                    content=form.cleaned_data["file"].read(),
                    at=clock.now(),
                )
            except PortalError as refused:
                form.add_error("file", str(refused))
            else:
                return redirect("inmates:bank_statement", statement_id=row.pk)
        status = 422
    page = Paginator(statements_visible_to(request.user, on), LISTED).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form, "page": page, "is_wide": len(payers) > 1, "may_bring": bool(payers),
    }  # fmt: skip
    return render(request, "inmates/bank/statements.html", context, status=status)


@require_safe
@allow(PAYROLL_ACTS)
def bank_statement(request: HttpRequest, statement_id: int) -> HttpResponse:
    """What the statement pays, as things stand today; decided about, what did not agree."""
    return _page(request, _visible(request, statement_id))


def _visible(request: HttpRequest, statement_id: int) -> BankStatement:
    return get_object_or_404(statements_visible_to(request.user, clock.today()), pk=statement_id)


def _form(request: HttpRequest, row: BankStatement) -> MatchForm:
    """The choices of lines that fit several orders, with what was chosen."""
    plan = plan_of_statement(row, actor=request.user, on=clock.today())
    action = reverse("inmates:bank_statement_apply", args=[row.pk])
    data = request.POST if request.method == "POST" else None
    return MatchForm(plan, data, action=action)


def _page(request: HttpRequest, row: BankStatement, form: MatchForm | None = None) -> HttpResponse:
    context: dict[str, Any] = {"row": row}
    if row.status == ImportStatus.CHECKED:
        statement = statement_of(row)
        plan = plan_of_statement(row, actor=request.user, on=clock.today())
        context |= {
            "form": form or _form(request, row),
            "facts": statement_facts(row, statement, plan),
            "matched": matched_rows(plan),
            "unread": unread_rows(statement),
            "returned": returned_rows(statement),
            "has_match": any(one.order or is_asked(one) for one in plan),
        }
    else:
        differences = row.differences.select_related("order__register").order_by("row")
        context |= {
            "facts": statement_facts(row, None, ()),
            "differences": difference_rows(differences),
            "transfers": row.transfers.select_related("order__register").order_by("id"),
        }
    response = render(request, "inmates/bank/statement.html", context, status=422 if form else 200)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@allow(PAYROLL_ACTS)
def bank_statement_apply(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Enter the transfers; refused, the page comes again with what was chosen."""
    row = _visible(request, statement_id)
    form = _form(request, row)
    if not form.is_valid():
        return _page(request, row, form)
    try:
        done = apply_bank_statement(
            actor=request.user, statement_id=row.pk, at=clock.now(), chosen=form.chosen()
        )
    except PortalError as refused:
        row.refresh_from_db()
        if row.status != ImportStatus.CHECKED:
            messages.error(request, str(refused))
            return redirect("inmates:bank_statement", statement_id=row.pk)
        form.add_error(None, str(refused))
        return _page(request, row, form)
    messages.success(request, _("Transfers entered: %(count)s.") % {"count": done.transferred})
    return redirect("inmates:bank_statement", statement_id=row.pk)


@require_POST
@allow(PAYROLL_ACTS)
def bank_statement_drop(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Drop the statement; its lines are forgotten."""
    row = _visible(request, statement_id)
    try:
        drop_bank_statement(actor=request.user, statement_id=row.pk, at=clock.now())
    except PortalError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The statement is dropped. Nothing was entered."))
    return redirect("inmates:bank_statements")
