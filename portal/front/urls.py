"""The landing page and the overview after sign-in."""

from django.urls import path

from portal.front.views import health, jobs, pages

app_name = "front"
urlpatterns = [
    path("", pages.home, name="home"),
    path("office/", pages.start, name="start"),
    path("office/health/", health.health, name="health"),
    path("office/jobs/", jobs.jobs, name="jobs"),
    path("office/jobs/<uuid:run_id>/retry/", jobs.retry, name="job_retry"),
    path("office/jobs/<uuid:run_id>/send/", jobs.send_again, name="job_send"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
]
