"""The files of a payment register: XLSX, CSV and paper. Names and IINs stand in them, so each is
for the payer's accountant alone and on record."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from inmates.presenters.register_files import register_book, register_csv, register_document
from inmates.presenters.register_sheets import RegisterSheet, register_sheet
from inmates.rules import PAYROLL_ACTS, can_issue_register
from inmates.selectors.people import identities_on_list
from inmates.selectors.registers import orders_of, register_rows
from inmates.views.registers import visible_register
from portal.documents.render import render_long_pdf, render_pdf
from portal.kernel import audit, clock
from portal.kernel.access import allow

LANGUAGES = ("ru", "kk")
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
}
# Longer papers are set in a process of their own.
LONG = 1000


@require_safe
@allow(PAYROLL_ACTS)
def register_file(request: HttpRequest, register_id: int, kind: str) -> HttpResponse:
    """The register as a file, in Russian or Kazakh."""
    if kind not in TYPES:
        raise Http404
    register = visible_register(request, register_id)
    place_id = register.institution.organisation_id
    can_issue_register(request.user, register.payer_id, place_id, clock.today()).require()
    rows = list(register_rows(register))
    people = {row.inmate_id: row.inmate for row in rows}
    found = identities_on_list(
        actor=request.user, inmates=people.values(), purpose="payment_register", at=clock.now(),
        subject=register,
    )  # fmt: skip
    asked = request.GET.get("language", translation.get_language())
    language = asked if asked in LANGUAGES else LANGUAGES[0]
    with translation.override(language):
        sheet = register_sheet(register, orders_of(register), rows, found)
        content = _content(sheet, kind, is_long=len(rows) > LONG)
    audit.record(
        actor=request.user, action="payment_register_exported", at=clock.now(), subject=register,
        kind=kind, rows=len(rows),
    )  # fmt: skip
    name = f"register-{register.number}-{register.code}.{kind}"
    return HttpResponse(
        content,
        content_type=TYPES[kind],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _content(sheet: RegisterSheet, kind: str, *, is_long: bool) -> bytes:
    at = clock.now()
    if kind == "xlsx":
        return register_book(sheet, at)
    if kind == "csv":
        return register_csv(sheet)
    data = register_document(sheet)
    if is_long:
        return render_long_pdf("payment_register.typ", data, created_at=at)
    return render_pdf("payment_register.typ", data, created_at=at)
