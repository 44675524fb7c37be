"""Removing what nobody needs any more. Safe to run twice."""

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session

from riskreport.ground import clock
from riskreport.ground.models import Job, Notice, Pending, RequestKey

KEEP_KEYS = dt.timedelta(days=7)
KEEP_DONE_REACTIONS = dt.timedelta(days=90)
KEEP_READ_NOTICES = dt.timedelta(days=365)
KEEP_JOB_FILES = dt.timedelta(days=7)


def remove_expired() -> dict[str, int]:
    """Delete lapsed sessions, old request keys, done reactions, read notices and result files; return the counts."""
    moment = clock.now()
    return {
        "sessions": Session.objects.filter(expire_date__lt=moment).delete()[0],
        "request_keys": RequestKey.objects.filter(created_at__lt=moment - KEEP_KEYS).delete()[0],
        "reactions": Pending.objects.filter(done_at__lt=moment - KEEP_DONE_REACTIONS).delete()[0],
        "notices": Notice.objects.filter(read_at__lt=moment - KEEP_READ_NOTICES).delete()[0],
        "files": _remove_job_files(moment - KEEP_JOB_FILES),
    }


def _remove_job_files(before: dt.datetime) -> int:
    removed = 0
    for job in Job.objects.filter(ended_at__lt=before).exclude(file=""):
        Path(settings.MEDIA_ROOT, job.file).unlink(missing_ok=True)
        job.file = ""
        job.save(update_fields=["file"])
        removed += 1
    return removed
