"""The addresses of papers after the pay run: totals, certificates, notices, the leaving file."""

from django.urls import path

from inmates.views import bailiff_notices, certificates, form_200, leaving, wage_totals

urlpatterns = [
    path("payroll/totals/", wage_totals.wage_totals, name="wage_totals"),
    path("payroll/totals/xlsx/", wage_totals.wage_totals_xlsx, name="wage_totals_xlsx"),
    path("payroll/totals/pdf/", wage_totals.wage_totals_pdf, name="wage_totals_pdf"),
    path(
        "payroll/totals/<int:payer_id>/<str:number>/",
        wage_totals.person_totals,
        name="person_totals",
    ),
    path(
        "payroll/totals/<int:payer_id>/<str:number>/pdf",
        wage_totals.person_totals_pdf,
        name="person_totals_pdf",
    ),
    path("payroll/form-200/", form_200.form_200, name="form_200"),
    path("payroll/form-200/xlsx/", form_200.form_200_xlsx, name="form_200_xlsx"),
    path("payroll/certificates/", certificates.wage_certificates, name="wage_certificates"),
    path(
        "payroll/certificates/new/",
        certificates.wage_certificate_new,
        name="wage_certificate_new",
    ),
    path(
        "payroll/certificates/<int:certificate_id>/pdf",
        certificates.wage_certificate_pdf,
        name="wage_certificate_pdf",
    ),
    path("payroll/notices/", bailiff_notices.bailiff_notices, name="bailiff_notices"),
    path("payroll/notices/<int:notice_id>/", bailiff_notices.bailiff_notice, name="bailiff_notice"),
    path(
        "payroll/notices/<int:notice_id>/send/",
        bailiff_notices.bailiff_notice_send,
        name="bailiff_notice_send",
    ),
    path(
        "payroll/notices/<int:notice_id>/cancel/",
        bailiff_notices.bailiff_notice_cancel,
        name="bailiff_notice_cancel",
    ),
    path(
        "payroll/notices/<int:notice_id>/pdf",
        bailiff_notices.bailiff_notice_pdf,
        name="bailiff_notice_pdf",
    ),
    path("leaving/", leaving.leaving_list, name="leaving"),
    path("leaving/<str:number>/", leaving.leaving_file, name="leaving_file"),
    path("leaving/<str:number>/steps/<slug:code>/", leaving.leaving_step, name="leaving_step"),
    path("leaving/<str:number>/papers.zip", leaving.leaving_papers_zip, name="leaving_papers"),
    path(
        "leaving/<str:number>/papers/<slug:paper>.pdf", leaving.leaving_paper, name="leaving_paper"
    ),
]
