"""Wages of a quarter or a year: by person and by month, with their workbook and paper."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inmates.forms.wage_papers import quarter_asked, year_of
from inmates.models import Inmate
from inmates.papers.clocks import months_of
from inmates.papers.refusals import TooManyForPaper
from inmates.presenters import wage_totals as shown
from inmates.rules import PAYROLL_PAGES, can_certify_wages
from inmates.selectors import wage_totals as found
from inmates.selectors.people import Identity, identities, identities_on_list
from portal.accounts.models import Organisation
from portal.documents.answers import pdf_answer, print_language
from portal.documents.render import render_long_pdf, render_pdf
from portal.kernel import audit, clock
from portal.kernel.access import allow
from portal.kernel.periods import Month
from portal.kernel.text import number

PAGE_SIZE = 100
MOST_ON_PAPER = 2000
BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, as far as the reader may see it."""

    payer: Organisation
    year: int
    quarter: int | None
    number: str

    @property
    def months(self) -> list[Month]:
        return months_of(self.year, self.quarter)

    @property
    def period(self) -> str:
        return shown.period_words(self.year, self.quarter)

    @property
    def query(self) -> str:
        return shown.query_of(self.payer.pk, self.year, self.quarter)


def _asked(request: HttpRequest, payers: list[Organisation], on: date) -> Asked:
    """The payer asked for, the first one where none is; 404 for one that is not the reader's."""
    wanted = request.GET.get("payer", "")
    payer = next((one for one in payers if str(one.pk) == wanted), None)
    if payer is None and (wanted or not payers):
        raise Http404
    return Asked(
        payer or payers[0],
        year_of(request.GET.get("year", ""), on),
        quarter_asked(request.GET.get("quarter", "")),
        request.GET.get("number", "").replace("\x00", "").strip()[:12],
    )


@require_safe
@allow(PAYROLL_PAGES)
def wage_totals(request: HttpRequest) -> HttpResponse:
    """The months of the period and everybody by number; the number leads to one person."""
    on = clock.today()
    payers = list(found.payers_of_reader(request.user, on))
    if not payers:
        return render(request, "inmates/totals/totals.html", {"payers": payers})
    asked = _asked(request, payers, on)
    slips = found.final_slips(request.user, on, asked.payer.pk, asked.months)
    page = Paginator(found.person_rows(slips, asked.number), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    months = found.by_month(slips, asked.months)
    context = {
        "payers": payers,
        "asked": asked,
        "years": found.years_of(request.user, on, asked.payer.pk),
        "tabs": shown.tabs(asked.year, asked.quarter, asked.payer.pk),
        "heads": shown.heads(),
        "explained": shown.explained(),
        "months": shown.month_table(months),
        "total": shown.cells(found.added(totals for _month, totals in months)),
        "page": page,
        "rows": shown.person_table(found.persons(page.object_list), asked.payer.pk, asked.query),
    }
    return render(request, "inmates/totals/totals.html", context)


def _names(request: HttpRequest, asked: Asked, rows: list[Any]) -> dict[int, Identity]:
    """Names and IINs for the accountant of their place; one look, everybody on it is on record."""
    known = found.read_by_name(
        request.user, clock.today(), asked.payer.pk, asked.months, [row.inmate_id for row in rows]
    )
    if not known:
        return {}
    return identities_on_list(
        actor=request.user,
        inmates=known,
        purpose="wage_totals",
        at=clock.now(),
        subject=asked.payer,
    )


def _everybody(request: HttpRequest) -> tuple[Asked, Any, list[found.PersonTotals]]:
    on = clock.today()
    asked = _asked(request, list(found.payers_of_reader(request.user, on)), on)
    slips = found.final_slips(request.user, on, asked.payer.pk, asked.months)
    return asked, slips, found.persons(found.person_rows(slips, asked.number))


@require_safe
@allow(PAYROLL_PAGES)
def wage_totals_xlsx(request: HttpRequest) -> HttpResponse:
    """Everybody of the period as a workbook, with names where they are read."""
    asked, slips, rows = _everybody(request)
    total = found.added(row.totals for row in rows) if asked.number else found.whole(slips)
    book = shown.totals_book(asked.payer, asked.period, rows, total, _names(request, asked, rows))
    audit.record(
        actor=request.user, action="wage_totals_taken", at=clock.now(), subject=asked.payer,
        year=asked.year, quarter=asked.quarter or 0, form="xlsx",
    )  # fmt: skip
    return _file(book, f"wages-{asked.year}{_suffix(asked)}.xlsx")


def _suffix(asked: Asked) -> str:
    return f"-q{asked.quarter}" if asked.quarter else ""


def _file(content: bytes, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store",
    }  # fmt: skip
    return HttpResponse(content, content_type=BOOK, headers=headers)


@require_safe
@allow(PAYROLL_PAGES)
def wage_totals_pdf(request: HttpRequest) -> HttpResponse:
    """The months and everybody on paper, in ru or kk; too many people are refused."""
    asked, slips, rows = _everybody(request)
    if len(rows) > MOST_ON_PAPER:
        raise TooManyForPaper(count=number(len(rows)), most=number(MOST_ON_PAPER))
    names = _names(request, asked, rows)
    months = found.by_month(slips, asked.months)
    language = print_language(request)
    with translation.override(language):
        data = shown.totals_document(
            asked.payer, asked.period, rows, months,
            found.added(row.totals for row in rows), names, printed_on=clock.today(),
        )  # fmt: skip
    pdf = render_long_pdf("wage_totals.typ", data, created_at=clock.now())
    audit.record(
        actor=request.user, action="wage_totals_taken", at=clock.now(), subject=asked.payer,
        year=asked.year, quarter=asked.quarter or 0, form="pdf",
    )  # fmt: skip
    return pdf_answer(pdf, f"wages-{asked.year}{_suffix(asked)}-{language}")


@dataclass(frozen=True, slots=True)
class OfPerson:
    """One person's part of the period."""

    asked: Asked
    inmate: Inmate
    months: list[tuple[Month, found.Totals]]
    slips: list[Any]


def _person(request: HttpRequest, payer_id: int, person_number: str) -> OfPerson:
    on = clock.today()
    payers = [one for one in found.payers_of_reader(request.user, on) if one.pk == payer_id]
    if not payers:
        raise Http404
    year = year_of(request.GET.get("year", ""), on)
    asked = Asked(payers[0], year, quarter_asked(request.GET.get("quarter", "")), person_number)
    slips = found.final_slips(request.user, on, payer_id, asked.months)
    inmate = found.person_of_payer(
        found.final_slips(request.user, on, payer_id, [Month(2000, 1), Month(2100, 12)]),
        person_number,
    )
    if inmate is None:
        raise Http404
    own = slips.filter(inmate=inmate)
    return OfPerson(
        asked,
        inmate,
        found.by_month(own, asked.months),
        list(found.slips_of_person(slips, inmate.pk)),
    )


@require_safe
@allow(PAYROLL_PAGES)
def person_totals(request: HttpRequest, payer_id: int, number: str) -> HttpResponse:
    """One person's months at the payer, and what was paid when; by number, without a name."""
    one = _person(request, payer_id, number)
    asked = one.asked
    context = {
        "asked": asked,
        "inmate": one.inmate,
        "title": _("№ %(number)s, %(period)s")
        % {"number": one.inmate.personnel_number, "period": asked.period},
        "crumbs": [
            {"label": _("Wages in total"), "url": reverse("inmates:wage_totals") + asked.query},
            {"label": one.inmate.personnel_number},
        ],
        "heads": shown.heads(),
        "months": shown.month_table([row for row in one.months if row[1] != found.NOTHING]),
        "total": shown.cells(found.added(totals for _month, totals in one.months)),
        "slips": shown.slip_table(one.slips),
        "may_certify": bool(can_certify_wages(request.user, asked.payer.pk, clock.today())),
    }
    return render(request, "inmates/totals/person.html", context)


@require_safe
@allow(PAYROLL_PAGES)
def person_totals_pdf(request: HttpRequest, payer_id: int, number: str) -> HttpResponse:
    """The same on paper, in ru or kk; the name for the payer's accountant, on record."""
    one = _person(request, payer_id, number)
    asked, at = one.asked, clock.now()
    who = None
    known = found.read_by_name(request.user, clock.today(), payer_id, asked.months, [one.inmate.pk])
    if known:
        read = identities(actor=request.user, inmates=known, purpose="wage_totals", at=at)
        who = read.get(one.inmate.pk)
    language = print_language(request)
    with translation.override(language):
        data = shown.person_document(
            asked.payer, asked.period, one.inmate, who, one.months, one.slips,
            found.added(totals for _month, totals in one.months), printed_on=clock.today(),
        )  # fmt: skip
    pdf = render_pdf("wage_totals.typ", data, created_at=at)
    audit.record(
        actor=request.user, action="wage_totals_taken", at=at, subject=one.inmate,
        payer=payer_id, year=asked.year, form="pdf",
    )  # fmt: skip
    return pdf_answer(pdf, f"wages-{number}-{asked.year}{_suffix(asked)}-{language}")
