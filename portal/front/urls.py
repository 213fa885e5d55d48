"""Pages without a domain: landing, overview, check of documents."""

from django.urls import path

from portal.front.views import calculator, health, jobs, outbox, pages, search, verify

app_name = "front"
urlpatterns = [
    path("", pages.home, name="home"),
    path("office/", pages.start, name="start"),
    path("office/sender/", outbox.sender, name="sender"),
    path("office/health/", health.health, name="health"),
    path("office/jobs/", jobs.jobs, name="jobs"),
    path("office/jobs/<uuid:run_id>/retry/", jobs.retry, name="job_retry"),
    path("office/jobs/<uuid:run_id>/send/", jobs.send_again, name="job_send"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("contacts/", pages.contacts, name="contacts"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
    path("pay/", calculator.pay_calculator, name="pay_calculator"),
    path("search/", search.search, name="search"),
    path("verify/", verify.verify, name="verify"),
    path("verify/<str:code>/", verify.verify_document, name="verify_document"),
]
