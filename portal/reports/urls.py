"""Pages of the department's reports."""

from django.urls import path

from portal.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.stored_list, name="stored_list"),
    path("employment/", views.employment, name="employment"),
    path("employment/order", views.order_employment, name="order_employment"),
    path("employment/<slug:number>/", views.employment_institution, name="employment_institution"),
    path("stored/<int:pk>/download", views.download, name="download"),
]
