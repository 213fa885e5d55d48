"""The landing page and the overview after sign-in."""

from django.urls import path

from portal.front.views import pages

app_name = "front"
urlpatterns = [
    path("", pages.home, name="home"),
    path("office/", pages.start, name="start"),
]
