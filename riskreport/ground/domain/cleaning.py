"""Removing what nobody needs any more. Safe to run twice."""

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q

from riskreport.ground import clock
from riskreport.ground.domain.kept_files import drop_file, remove_temporary, remove_unreferenced
from riskreport.ground.models import Delivery, ImportBatch, ImportRow, Job, Notice, Pending, RequestKey
from riskreport.ground.models.imports import IMPORT_WAITS, IMPORT_WORKS, ImportState

KEEP_KEYS = dt.timedelta(days=7)
KEEP_DONE_REACTIONS = dt.timedelta(days=90)
KEEP_READ_NOTICES = dt.timedelta(days=365)
KEEP_DELIVERIES = dt.timedelta(days=180)
KEEP_STAGED_ROWS = dt.timedelta(days=30)


def remove_expired() -> dict[str, int]:
    """Delete lapsed sessions, old request keys, done reactions, read notices and files nobody needs; return the counts.

    How long files are kept are settings. A file that somebody sent in and a record names is never touched.
    """
    moment = clock.now()
    return {
        "sessions": Session.objects.filter(expire_date__lt=moment).delete()[0],
        "request_keys": RequestKey.objects.filter(created_at__lt=moment - KEEP_KEYS).delete()[0],
        "reactions": Pending.objects.filter(done_at__lt=moment - KEEP_DONE_REACTIONS).delete()[0],
        "notices": Notice.objects.filter(read_at__lt=moment - KEEP_READ_NOTICES).delete()[0],
        "deliveries": Delivery.objects.filter(ended_at__lt=moment - KEEP_DELIVERIES).delete()[0],
        "files": _remove_job_files(moment - dt.timedelta(days=settings.RESULT_FILES_KEPT_DAYS)),
        "staged_rows": _remove_staged_rows(moment - KEEP_STAGED_ROWS),
        "temporary": remove_temporary(before=moment - dt.timedelta(days=settings.TEMPORARY_FILES_KEPT_DAYS)),
        "unreferenced": remove_unreferenced(before=moment - dt.timedelta(days=settings.UNREFERENCED_FILES_KEPT_DAYS)),
    }


def _remove_staged_rows(before: dt.datetime) -> int:
    """Take the single rows of old imports away: of decided ones, and of those that nobody decided, which then end.

    The file that was sent in stays, and so do the lines of what was taken in.
    """
    waiting = ImportBatch.objects.filter(created_at__lt=before, state__in=sorted(IMPORT_WAITS))
    waiting.update(state=ImportState.REFUSED)
    old = ImportBatch.objects.filter(created_at__lt=before).exclude(state__in=sorted(IMPORT_WORKS))
    removed = 0
    has_rows = Exists(ImportRow.objects.filter(batch=OuterRef("pk")))
    for batch in old.filter(Q(has_rows) | ~Q(rows_file="") | ~Q(errors_file="")):
        removed += ImportRow.objects.filter(batch=batch).delete()[0]
        drop_file(batch.rows_file)
        drop_file(batch.errors_file)
        batch.rows_file = batch.errors_file = ""
        batch.save(update_fields=["rows_file", "errors_file"])
    return removed


def _remove_job_files(before: dt.datetime) -> int:
    removed = 0
    for job in Job.objects.filter(ended_at__lt=before).exclude(file=""):
        Path(settings.MEDIA_ROOT, job.file).unlink(missing_ok=True)
        job.file = ""
        job.save(update_fields=["file"])
        removed += 1
    return removed
