"""The landing page and the overview after sign-in."""

from django.urls import path

from portal.front import views

app_name = "front"
urlpatterns = [
    path("", views.home, name="home"),
    path("office/", views.start, name="start"),
]
