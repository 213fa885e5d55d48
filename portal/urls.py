"""Every address of the portal."""

from django.urls import include, path

from portal.kernel.headers import csp_report

urlpatterns = [
    path("", include("portal.front.urls")),
    path("", include("portal.accounts.urls")),
    path("", include("workshops.urls")),
    path("", include("orders.urls")),
    path("", include("inmates.urls")),
    path("reports/", include("portal.reports.urls")),
    path("csp-reports/", csp_report, name="csp_report"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
]

# Does not stumble over the form that was refused.
handler400 = "portal.kernel.outages.bad_request"
# Tells a database that is away (503) from a fault of ours (500).
handler500 = "portal.kernel.outages.server_error"
