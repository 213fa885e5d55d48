"""Pages of accounts beside those of the sign-in library."""

from django.urls import path

from portal.accounts import views

app_name = "accounts"
urlpatterns = [
    path("organisations/new/", views.register_organisation, name="register_organisation"),
    path("payroll/signature/", views.signature, name="signature"),
    path(
        "payroll/signature/<int:signature_id>/end/",
        views.signature_end,
        name="signature_end",
    ),
]
