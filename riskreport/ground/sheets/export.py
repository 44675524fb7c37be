"""Exporting a sheet to Excel by a background job: what was seen, for whom it may be seen when the job runs."""

import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from riskreport.ground import clock
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.jobs import JobRefused, Progress, start_job
from riskreport.ground.models import Job
from riskreport.ground.models.job import JOB_ENDED
from riskreport.ground.sheets.declaration import Sheet, get_sheet
from riskreport.ground.sheets.reading import keys_in_order, plain_rows
from riskreport.ground.sheets.selection import BadFilter, Selection
from riskreport.ground.sheets.workbook import About, write_workbook

KIND = "export_sheet"
TELL_SECONDS = 1.0
FOLDER = "exports"


def start_export(*, sheet: Sheet, owner: Any, query: str, fixed: dict[str, str], language: str) -> Job:
    """Start the job that exports ``sheet`` as the address ``query`` shows it.

    Side effects, in one transaction: the owner's row is locked, so that of a double click the second comes after the
    first; a job is created and a worker nudged. The same export that still waits or runs is returned as it is. Raises
    BadFilter when the filter cannot be, before a job is made of it.
    """
    Selection(sheet, owner, QueryDict(query), fixed).check()
    params = {"sheet": sheet.name, "query": query, "fixed": fixed, "language": language}
    with transaction.atomic():
        get_user_model().objects.select_for_update().get(pk=owner.pk)
        under_way = Job.objects.filter(owner=owner, kind=KIND, params=params).exclude(state__in=JOB_ENDED).first()
        return under_way or start_job(kind=KIND, owner=owner, params=params, title=str(sheet.title))


def export_sheet(job: Job, progress: Progress) -> dict:
    """Do the export job: ask rule and scope again for its owner, write the file, record the event.

    Side effects, in order: the file below MEDIA_ROOT/exports; the event ``sheet.exported`` with filter and row count.
    A second run writes a new file and another event. Raises JobRefused when the owner may no longer see the sheet.
    """
    with translation.override(job.params.get("language") or settings.LANGUAGE_CODE):
        sheet = _sheet_for(job)
        selection = Selection(sheet, job.owner, QueryDict(job.params["query"]), job.params.get("fixed") or {})
        try:
            keys = keys_in_order(selection)
        except BadFilter as problem:
            raise JobRefused(str(problem)) from problem
        progress.at(0, len(keys))
        about = About(title=str(sheet.title), filters=_filters_in_words(selection), person=job.owner, at=clock.now())
        relative = Path(FOLDER, f"{job.pk}-{secrets.token_hex(8)}.xlsx")
        path = Path(settings.MEDIA_ROOT, relative)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        try:
            written = write_workbook(part, selection, _told(plain_rows(selection, keys), progress), about, len(keys))
            part.rename(path)
        finally:
            part.unlink(missing_ok=True)
        _record(job, selection, written)
        progress.at(written, written)
        job.file = relative.as_posix()
        job.file_name = f"{sheet.title}-{clock.now().astimezone(about.zone):%Y%m%d-%H%M}.xlsx"
        return {"rows": written}


def _sheet_for(job: Job) -> Sheet:
    try:
        sheet = get_sheet(job.params["sheet"])
    except KeyError:
        raise JobRefused(_("This list no longer exists.")) from None
    answer = sheet.rule(job.owner)
    if not job.owner.is_active or not answer.allowed:
        raise JobRefused(str(answer.reason) or _("This account is closed."))
    return sheet


def _told(chunks: Iterator[list[tuple]], progress: Progress) -> Iterator[list[tuple]]:
    """Tell the progress now and then: each time is a commit."""
    done, told = 0, time.monotonic()
    for chunk in chunks:
        yield chunk
        done += len(chunk)
        if time.monotonic() - told >= TELL_SECONDS:
            progress.at(done)
            told = time.monotonic()


def _filters_in_words(selection: Selection) -> list[tuple[str, str]]:
    return [(label, words) for _name, label, words in selection.asked_filters()]


def _record(job: Job, selection: Selection, written: int) -> None:
    with transaction.atomic():
        record_event(
            kind="sheet.exported",
            actor=job.owner,
            about=job,
            data={
                "sheet": selection.sheet.name,
                "query": job.params["query"],
                "rows": written,
                "unmasked": selection.unmasked and any(column.personal for column in selection.columns),
            },
        )
