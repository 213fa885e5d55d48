"""Pages of the department's reports."""

from django.urls import path

from portal.reports.views import consents, department, facts, operator

app_name = "reports"
urlpatterns = [
    path("", department.stored_list, name="stored_list"),
    path("consents/", consents.consents, name="consents"),
    path("operator/", operator.operator, name="operator"),
    path("facts/", facts.fact_periods, name="fact_periods"),
    path("facts/<slug:number>/<str:month>/close", facts.close_facts, name="close_facts"),
    path("facts/<slug:number>/<str:month>/reopen", facts.reopen_month, name="reopen_facts"),
    path("employment/", department.employment, name="employment"),
    path("employment/order", department.order_employment, name="order_employment"),
    path(
        "employment/<slug:number>/",
        department.employment_institution,
        name="employment_institution",
    ),
    path("stored/<int:pk>/download", department.download, name="download"),
]
