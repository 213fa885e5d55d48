"""The addresses of people, of wages and of the shift."""

from django.urls import path

from inmates.views import payroll, people, shift

app_name = "inmates"
urlpatterns = [
    # The labour officer's desk
    path("people/", people.people, name="people"),
    path("people/<str:number>/", people.person, name="person"),
    # The shift
    path("shift/", shift.shifts, name="shifts"),
    path("shift/<slug:code>/<str:day>/", shift.shift, name="shift"),
    path("shift/<slug:code>/<str:day>/output/", shift.shift_output, name="shift_output"),
    path("payroll/", payroll.payroll_runs, name="payroll_runs"),
    path("payroll/start/", payroll.payroll_start, name="payroll_start"),
    path("payroll/parameters/", payroll.pay_parameters, name="pay_parameters"),
    path("payroll/runs/<int:run_id>/", payroll.payroll_run, name="payroll_run"),
    path("payroll/runs/<int:run_id>/start/", payroll.payroll_restart, name="payroll_restart"),
    path("payroll/payslips/<int:slip_id>/", payroll.payslip, name="payslip"),
    path("payroll/payslips/<int:slip_id>/pdf", payroll.payslip_pdf, name="payslip_pdf"),
]
