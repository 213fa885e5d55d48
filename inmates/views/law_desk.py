"""The desk of the law's parameters: proposing a value, its effect, the decision."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inmates.law_desk.enums import ProposalStatus
from inmates.law_desk.forms import DeclineForm, ProposalForm
from inmates.law_desk.presenters import (
    effect_month,
    late_months,
    parameter_title,
    proposal_facts,
    proposal_history,
    proposal_rows,
    shown_effects,
    trial_month_name,
)
from inmates.law_desk.rules import LAW_DESK, can_decide_parameter, can_withdraw_parameter
from inmates.law_desk.selectors import (
    approved_months_since,
    decided_proposals,
    effects_of,
    open_proposals,
    present_parameter,
    value_before,
)
from inmates.law_desk.services import (
    approve_parameter,
    decline_parameter,
    propose_parameter,
    repeat_trial,
    withdraw_parameter,
)
from inmates.models import ParameterProposal
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import Forbidden, PortalError
from portal.kernel.htmx import part_or_page
from portal.kernel.once import once
from portal.kernel.states import history_of


@require_safe
@allow(LAW_DESK)
def proposals(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, and what was decided last."""
    context = {
        "waiting": proposal_rows(open_proposals()),
        "decided": proposal_rows(decided_proposals()),
    }
    return render(request, "inmates/law_desk/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(LAW_DESK)
@once
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """A form for one value; a refusal leaves what was typed."""
    present = present_parameter(code, clock.today())
    if present is None:
        raise Http404
    back = reverse("inmates:pay_parameters")
    form = ProposalForm(present, request.POST or None, cancel_url=f"{back}#{code}")
    if request.method == "POST" and form.is_valid():
        try:
            made = propose_parameter(actor=request.user, new=form.new_value(), at=clock.now())
        except Forbidden:
            raise
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("inmates:parameter_proposal", proposal_id=made.pk)
    crumbs = [{"label": _("Pay parameters"), "url": back}, {"label": parameter_title(code)}]
    context = {"form": form, "title": parameter_title(code), "crumbs": crumbs}
    status = 422 if form.is_bound else 200
    return render(request, "inmates/law_desk/form.html", context, status=status)


@require_safe
@allow(LAW_DESK)
def proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """The value, whom it affects and by how much, and the decision."""
    return _page(request, _proposal(proposal_id))


def _page(
    request: HttpRequest, row: ParameterProposal, decline: DeclineForm | None = None
) -> HttpResponse:
    on = clock.today()
    action = reverse("inmates:parameter_decline", args=[row.pk])
    task = row.task_run
    is_open = row.status == ProposalStatus.PROPOSED
    is_trying = is_open and row.tried_at is None and task is not None and not task.is_finished
    context: dict[str, Any] = {
        "row": row,
        "title": parameter_title(row.code),
        "facts": proposal_facts(row, value_before(row)),
        "trial_month": trial_month_name(row),
        "effect_month": effect_month(row),
        "late": late_months(approved_months_since(row.effective_from)) if is_open else {},
        "effects": shown_effects(effects_of(row)),
        "is_trying": is_trying,
        "may_try_again": is_open and not is_trying and (row.tried_at is None or row.trial_error),
        "decide": can_decide_parameter(request.user, row, on) if is_open else None,
        "may_withdraw": is_open and bool(can_withdraw_parameter(request.user, row, on)),
        "decline": decline or DeclineForm(action=action),
        "history": proposal_history(history_of(row)),
        "crumbs": [
            {"label": _("Proposed values"), "url": reverse("inmates:parameter_proposals")},
            {"label": parameter_title(row.code)},
        ],
    }
    page, part = "inmates/law_desk/proposal.html", "inmates/law_desk/_trial.html"
    status = 422 if decline is not None else 200
    return part_or_page(request, page, part, context, status=status)


def _proposal(proposal_id: int) -> ParameterProposal:
    rows = ParameterProposal.objects.select_related("proposed_by", "decided_by", "task_run")
    return get_object_or_404(rows, pk=proposal_id)


@require_POST
@allow(LAW_DESK)
def approve(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """The value is in force from its day."""
    row = _proposal(proposal_id)
    return _decided(
        request, row, approve_parameter, _("The value is in force from its day."), at=clock.now()
    )


@require_POST
@allow(LAW_DESK)
def try_again(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """The trial that failed, once more."""
    row = _proposal(proposal_id)
    said = _("The trial has begun again.")
    return _decided(request, row, repeat_trial, said, at=clock.now())


@require_POST
@allow(LAW_DESK)
def withdraw(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Taken back by who proposed it."""
    row = _proposal(proposal_id)
    return _decided(request, row, withdraw_parameter, _("Taken back."), at=clock.now())


@require_POST
@allow(LAW_DESK)
def decline(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Not taken, with a reason; without one the page asks for it."""
    row = _proposal(proposal_id)
    action = reverse("inmates:parameter_decline", args=[row.pk])
    form = DeclineForm(request.POST, action=action)
    if not form.is_valid():
        return _page(request, row, form)
    reason = form.cleaned_data["reason"]
    return _decided(
        request, row, decline_parameter, _("The value is declined."), reason=reason, at=clock.now()
    )


def _decided(
    request: HttpRequest, row: ParameterProposal, service: Any, said: str, **given: Any
) -> HttpResponse:
    try:
        service(actor=request.user, proposal_id=row.pk, **given)
    except Forbidden:
        raise
    except PortalError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("inmates:parameter_proposal", proposal_id=row.pk)
