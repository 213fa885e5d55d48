"""Pages of accounts beside those of the sign-in library."""

from django.urls import path

from portal.accounts import views

app_name = "accounts"
urlpatterns = [
    path("organisations/new/", views.register_organisation, name="register_organisation"),
]
