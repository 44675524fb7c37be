"""Addresses of the ground: inbox, background work, exports, health."""

from django.urls import path

from riskreport.ground.views import health, inbox, jobs

urlpatterns = [
    path("notices/", inbox.notices, name="notices"),
    path("notices/read/", inbox.notices_read, name="notices_read"),
    path("notices/<int:pk>/open/", inbox.notice_open, name="notice_open"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/file/", jobs.job_file, name="job_file"),
    path("exports/<slug:name>/", jobs.export_sheet, name="export_sheet"),
    path("healthz", health.healthz, name="healthz"),
]
