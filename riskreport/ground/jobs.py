"""The kinds of background work the ground itself does, by day and by night."""

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from riskreport.ground import clock
from riskreport.ground.domain import cleaning, digests, mailing, reminding
from riskreport.ground.domain.jobs import Progress, job_handler, sweep_jobs
from riskreport.ground.domain.kept_files import files_named_by
from riskreport.ground.domain.nightly import nightly
from riskreport.ground.domain.statistics import refresh_statistics
from riskreport.ground.imports import batches, work
from riskreport.ground.models import ImportBatch, Job
from riskreport.ground.queries.inbox import failed_jobs, parked_reactions
from riskreport.ground.sheets import export

LONGEST_SILENCE = 1800  # seconds between two signs of life
job_handler(export.KIND)(export.export_sheet)
job_handler(batches.READ)(work.read_import)
job_handler(batches.CHECK)(work.check_import)
job_handler(batches.APPLY)(work.apply_import)
job_handler(batches.UNDO)(work.undo_import)
files_named_by(export.FOLDER, Job, "file")
files_named_by(batches.FOLDER, ImportBatch, "file", "rows_file", "errors_file")


@nightly(
    "night.sweep",
    _("Stalled tasks picked up"),
    {"nudged": _("handed to a worker again"), "failed": _("failed tasks"), "parked": _("stopped reactions")},
)
def sweep(job: Job, progress: Progress) -> dict:
    """Hand on what a dead worker dropped, and count what waits for the operator."""
    return {"nudged": sweep_jobs(), "failed": failed_jobs().count(), "parked": parked_reactions().count()}


@nightly(
    "night.digest",
    _("Reminders told, notices folded, both told by mail"),
    {
        "noted": _("reminders that came due"),
        "told": _("people reminded"),
        "settled": _("settled before they were told"),
        "folded": _("notices folded"),
        "written": _("mails written"),
        "sent": _("mails sent"),
    },
)
def digest(job: Job, progress: Progress) -> dict:
    """Tell what is due, fold the unread notices, and where mail is set up tell of both."""
    today, alive = clock.today(), lambda: progress.hold(LONGEST_SILENCE)
    noted = reminding.note_due(on=today, alive=alive)
    told = reminding.tell_due(on=today, alive=alive)
    figures = {"noted": noted, "told": told.people, "settled": told.settled, "folded": digests.fold_notices()}
    if not settings.MAIL_ON:
        return figures
    written = told.mails + digests.write_digests(on=today)
    alive()
    return figures | {"written": written, "sent": mailing.send_mails()}


@nightly(
    "night.clean",
    _("Old files and records cleaned up"),
    {
        "files": _("result files"),
        "temporary": _("temporary files"),
        "unreferenced": _("uploads that no record names"),
        "staged_rows": _("single rows of old imports"),
        "notices": _("read notices"),
        "deliveries": _("old deliveries of digests"),
        "reactions": _("finished reactions"),
        "sessions": _("lapsed sessions"),
        "request_keys": _("keys of old forms"),
    },
)
def clean(job: Job, progress: Progress) -> dict:
    """Remove what nobody needs any more."""
    removed = cleaning.remove_expired()
    if connection.vendor == "sqlite":
        refresh_statistics()
    return removed
