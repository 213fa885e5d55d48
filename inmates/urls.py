"""The accountant's addresses."""

from django.urls import path

from inmates import views

app_name = "inmates"
urlpatterns = [
    path("payroll/", views.payroll_runs, name="payroll_runs"),
    path("payroll/start/", views.payroll_start, name="payroll_start"),
    path("payroll/parameters/", views.pay_parameters, name="pay_parameters"),
    path("payroll/runs/<int:run_id>/", views.payroll_run, name="payroll_run"),
    path("payroll/runs/<int:run_id>/start/", views.payroll_restart, name="payroll_restart"),
    path("payroll/payslips/<int:slip_id>/", views.payslip, name="payslip"),
    path("payroll/payslips/<int:slip_id>/pdf", views.payslip_pdf, name="payslip_pdf"),
]
