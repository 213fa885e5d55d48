"""The portal's addresses and, beside them, the reference pages."""

from django.urls import include, path

from tests.benchmarks import reference

urlpatterns = [
    path("reference/hello/", reference.hello),
    path("reference/", reference.reference),
    path("reference/kept/", reference.kept),
    path("", include("portal.urls")),
]
