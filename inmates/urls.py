"""The addresses of people, of wages and of the shift."""

from django.urls import path

from inmates.views import (
    batches,
    floor,
    floor_papers,
    imports,
    payroll,
    people,
    reasons,
    shift,
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
    path("people/<str:number>/", people.person, name="person"),
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
    path("payroll/", payroll.payroll_runs, name="payroll_runs"),
    path("payroll/start/", payroll.payroll_start, name="payroll_start"),
    path("payroll/parameters/", payroll.pay_parameters, name="pay_parameters"),
    path("payroll/runs/<int:run_id>/", payroll.payroll_run, name="payroll_run"),
    path("payroll/runs/<int:run_id>/start/", payroll.payroll_restart, name="payroll_restart"),
    path("payroll/payslips/<int:slip_id>/", payroll.payslip, name="payslip"),
    path("payroll/payslips/<int:slip_id>/pdf", payroll.payslip_pdf, name="payslip_pdf"),
]
