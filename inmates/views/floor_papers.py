"""The report of a shift on paper."""

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from inmates.presenters.shift_report import report_document
from inmates.rules import SHIFT_PAGES
from inmates.selectors.floor import output_by_operation
from inmates.views.shift_address import visible_shift
from portal.documents.answers import pdf_answer, print_language
from portal.documents.render import render_pdf
from portal.kernel import clock
from portal.kernel.access import allow
from workshops.selectors.floor import defects_on, downtimes_on, issues_on


@require_safe
@allow(SHIFT_PAGES)
def shift_report(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """The day of a workshop for the folder: personnel numbers, no names."""
    found = visible_shift(request, code, day)
    workshop, when = found.workshop, found.day
    language = print_language(request)
    with translation.override(language):
        data = report_document(
            found,
            output_by_operation(workshop, when),
            defects_on(workshop, when),
            downtimes_on(workshop, when),
            issues_on(workshop, when),
            clock.now(),
        )
    pdf = render_pdf("shift_report.typ", data, created_at=clock.now())
    return pdf_answer(pdf, f"shift-{workshop.code}-{when.isoformat()}-{language}")
