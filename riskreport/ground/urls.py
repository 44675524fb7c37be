"""Addresses of the ground: inbox, background work, exports, health."""

from django.urls import path

from riskreport.ground.views import headings, health, imports, inbox, jobs

urlpatterns = [
    path("notices/", inbox.notices, name="notices"),
    path("notices/read/", inbox.notices_read, name="notices_read"),
    path("notices/<int:pk>/open/", inbox.notice_open, name="notice_open"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/file/", jobs.job_file, name="job_file"),
    path("exports/<slug:name>/", jobs.export_sheet, name="export_sheet"),
    path("imports/<slug:sheet_name>/", imports.import_sheet, name="import_sheet"),
    path("imports/<slug:sheet_name>/template/", imports.import_template, name="import_template"),
    path("imports/<slug:sheet_name>/headings/", headings.import_headings, name="import_headings"),
    path("imports/<slug:sheet_name>/<int:pk>/", imports.import_batch, name="import_batch"),
    path("imports/<slug:sheet_name>/<int:pk>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<slug:sheet_name>/<int:pk>/complete/", imports.import_complete, name="import_complete"),
    path("imports/<slug:sheet_name>/<int:pk>/refuse/", imports.import_refuse, name="import_refuse"),
    path("imports/<slug:sheet_name>/<int:pk>/take/", imports.import_take, name="import_take"),
    path("imports/<slug:sheet_name>/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("imports/<slug:sheet_name>/<int:pk>/file/", imports.import_file, name="import_file"),
    path("imports/<slug:sheet_name>/<int:pk>/errors/", imports.import_errors, name="import_errors"),
    path("healthz", health.healthz, name="healthz"),
]
