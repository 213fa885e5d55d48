"""Every address of the portal."""

from django.urls import include, path

urlpatterns = [
    path("", include("portal.front.urls")),
    path("", include("portal.accounts.urls")),
    path("", include("workshops.urls")),
    path("", include("orders.urls")),
    path("", include("inmates.urls")),
    path("reports/", include("portal.reports.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
]
