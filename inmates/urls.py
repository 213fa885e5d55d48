"""The addresses of people, of wages and of the shift."""

from django.urls import path

from inmates.views import (
    accidents,
    apprenticeship,
    batches,
    consents,
    floor,
    floor_papers,
    imports,
    month,
    payroll,
    people,
    places,
    reasons,
    safety,
    shift,
    timesheets,
)

app_name = "inmates"
urlpatterns = [
    # The labour officer's desk
    path("people/", people.people, name="people"),
    path("people/import/", imports.people_imports, name="people_imports"),
    path("people/import/template/", imports.people_import_template, name="people_import_template"),
    path("people/import/<int:import_id>/", imports.people_import, name="people_import"),
    path(
        "people/import/<int:import_id>/apply/",
        imports.people_import_apply,
        name="people_import_apply",
    ),
    path(
        "people/import/<int:import_id>/drop/", imports.people_import_drop, name="people_import_drop"
    ),
    # Safety, accidents, trainings: their words stand before a personnel number
    path("people/safety/", safety.safety, name="safety"),
    path("people/safety/enter/", safety.safety_enter, name="safety_enter"),
    path("people/accidents/", accidents.accidents, name="accidents"),
    path("people/accidents/new/", accidents.accident_new, name="accident_new"),
    path("people/accidents/<int:accident_id>/", accidents.accident, name="accident"),
    path(
        "people/accidents/<int:accident_id>/close/",
        accidents.accident_close,
        name="accident_close",
    ),
    path(
        "people/accidents/notices/<int:notice_id>/send/",
        accidents.accident_notice_send,
        name="accident_notice_send",
    ),
    path(
        "people/accidents/notices/<int:notice_id>/pdf",
        accidents.accident_notice_pdf,
        name="accident_notice_pdf",
    ),
    path("people/apprenticeships/", apprenticeship.apprenticeships, name="apprenticeships"),
    path(
        "people/apprenticeships/<int:pk>/complete/",
        apprenticeship.apprenticeship_complete,
        name="apprenticeship_complete",
    ),
    path(
        "people/apprenticeships/<int:pk>/discontinue/",
        apprenticeship.apprenticeship_discontinue,
        name="apprenticeship_discontinue",
    ),
    path("people/<str:number>/safety/", safety.person_safety, name="person_safety"),
    path(
        "people/<str:number>/safety/<int:clearance_id>/end/",
        safety.clearance_end,
        name="clearance_end",
    ),
    path(
        "people/<str:number>/apprenticeship/",
        apprenticeship.person_apprenticeship,
        name="person_apprenticeship",
    ),
    path("people/<str:number>/", people.person, name="person"),
    # Consents, and the queue for places
    path("people/<str:number>/consents/", consents.person_consents, name="person_consents"),
    path("people/<str:number>/consents/<slug:kind>/new/", consents.consent_new, name="consent_new"),
    path(
        "people/<str:number>/consents/<slug:kind>/<slug:language>.pdf",
        consents.consent_paper_pdf,
        name="consent_paper",
    ),
    path(
        "people/<str:number>/consents/<int:consent_id>/withdraw/",
        consents.consent_withdraw,
        name="consent_withdraw",
    ),
    path(
        "people/<str:number>/consents/<int:consent_id>/scan/",
        consents.consent_scan_add,
        name="consent_scan_add",
    ),
    path("consents/scans/<int:scan_id>/", consents.consent_scan, name="consent_scan"),
    path("people/<str:number>/offer/", places.place_offer, name="place_offer"),
    path("people/<str:number>/offers/<int:offer_id>/", places.offer_answer, name="offer_answer"),
    path("places/", places.places, name="places"),
    path("places/<int:post_id>/", places.place_queue, name="place_queue"),
    path("places/<int:post_id>/<str:number>/", places.place_give, name="place_give"),
    # The shift
    path("reasons/", reasons.reasons, name="reasons"),
    path("reasons/add/", reasons.reason_add, name="reason_add"),
    path("reasons/<int:reason_id>/retire/", reasons.reason_retire, name="reason_retire"),
    path("shift/", shift.shifts, name="shifts"),
    path("shift/<slug:code>/<str:day>/", shift.shift, name="shift"),
    path("shift/<slug:code>/<str:day>/output/", shift.shift_output, name="shift_output"),
    # The floor beside the output
    path("shift/<slug:code>/<str:day>/downtime/", floor.downtime, name="shift_downtime"),
    path("shift/<slug:code>/<str:day>/defects/", floor.defects, name="shift_defects"),
    path("shift/<slug:code>/<str:day>/materials/", floor.materials, name="shift_materials"),
    path("shift/<slug:code>/<str:day>/report.pdf", floor_papers.shift_report, name="shift_report"),
    path(
        "shift/<slug:code>/<str:day>/<slug:kind>/<int:entry_id>/<slug:act>/",
        floor.floor_act,
        name="floor_act",
    ),
    path("b/", batches.find_batch, name="find_batch"),
    path("b/<str:scanned>", batches.batch, name="batch"),
    path("shift/<slug:code>/<str:month>/month/", month.month, name="month"),
    path("shift/<slug:code>/<str:month>/month/submit/", month.month_submit, name="month_submit"),
    path("timesheets/", timesheets.timesheets, name="timesheets"),
    path("timesheets/<slug:code>/<str:month>/", timesheets.timesheet, name="timesheet"),
    path("timesheets/<slug:code>/<str:month>/pdf", timesheets.timesheet_pdf, name="timesheet_pdf"),
    path(
        "timesheets/<slug:code>/<str:month>/<slug:act>/",
        timesheets.timesheet_act,
        name="timesheet_act",
    ),
    path("payroll/", payroll.payroll_runs, name="payroll_runs"),
    path("payroll/start/", payroll.payroll_start, name="payroll_start"),
    path("payroll/parameters/", payroll.pay_parameters, name="pay_parameters"),
    path("payroll/runs/<int:run_id>/", payroll.payroll_run, name="payroll_run"),
    path("payroll/runs/<int:run_id>/start/", payroll.payroll_restart, name="payroll_restart"),
    path("payroll/payslips/<int:slip_id>/", payroll.payslip, name="payslip"),
    path("payroll/payslips/<int:slip_id>/pdf", payroll.payslip_pdf, name="payslip_pdf"),
]
