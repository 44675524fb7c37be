"""The way of a batch: uploaded, read, its columns assigned, checked, decided. Each step is one act of one person."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.jobs import start_job
from riskreport.ground.domain.kept_files import drop_file, keep_file, plain_name
from riskreport.ground.domain.request_keys import digest_of, earlier_answer, keep_answer
from riskreport.ground.imports import staging
from riskreport.ground.imports.headings import check_columns, known_headings, missing, remember
from riskreport.ground.imports.reading import FileRefused, sentence
from riskreport.ground.models import ImportBatch
from riskreport.ground.models.imports import IMPORT_WAITS, ImportState
from riskreport.ground.models.job import JobState
from riskreport.ground.reader.guard import MOST_BYTES, kind_of
from riskreport.ground.reader.guard import FileRefused as Guarded
from riskreport.ground.sheets.declaration import Sheet, get_sheet

FOLDER = "imports"
READ, CHECK, APPLY, UNDO = "import_read", "import_check", "import_apply", "import_undo"
ALL, RIGHT = "all", "right"
Batches = QuerySet[ImportBatch]


def batches_of(user: Any, sheet: Sheet) -> Batches:
    """Return the batches of a sheet that the person may see: those of their department."""
    home = sheet.importer.home(user)
    return ImportBatch.objects.filter(Q(home=home) if home else Q(owner=user), sheet=sheet.name)


def start_import(
    *, sheet: Sheet, user: Any, file: Any, name: str, language: str, complete: str = "", key: str = ""
) -> ImportBatch:
    """Keep a file that was sent in and have it read.

    Side effects, in order: size and kind are looked at; the file is kept; in one transaction the batch, its job and the
    event ``import.uploaded``. When anything fails no file is left. The same ``key`` again gives the batch it made.
    Raises Refused when the person may not import, FileRefused for a file that cannot be a list.
    """
    sheet.importer.rule.check(user)
    _look_at_size(file)
    path, digest = keep_file(file=file, folder=FOLDER, extension="bin")
    try:
        kind = kind_of(Path(settings.MEDIA_ROOT, path))
        batch = _create(
            sheet, user, key, path=path, file_name=plain_name(name, kind), sha256=digest, size=file.size,
            language=language, complete=_scope(sheet, user, complete),
        )  # fmt: skip
    except Guarded as refusal:
        drop_file(path)
        raise FileRefused(sentence(refusal.code, refusal.found)) from refusal
    except BaseException:
        drop_file(path)
        raise
    if batch.file != path:
        drop_file(path)
    return batch


def _look_at_size(file: Any) -> None:
    if not file.size:
        raise FileRefused(sentence("empty", {}))
    if file.size > MOST_BYTES:
        found = {"size": f"{file.size / 1024 / 1024:.1f}", "most": MOST_BYTES // 1024 // 1024}
        raise FileRefused(sentence("too_big", found))


def _create(sheet: Sheet, user: Any, key: str, *, path: str, **fields: Any) -> ImportBatch:
    digest = digest_of([sheet.name, fields["sha256"], fields["complete"]])
    refusal = _("This form was sent before with another file. Open the upload page again.")
    try:
        with transaction.atomic():
            earlier = earlier_answer(user=user, key=key, digest=digest, refusal=refusal)
            if earlier is not None:
                return ImportBatch.objects.get(pk=earlier["batch"])
            batch = ImportBatch.objects.create(
                sheet=sheet.name,
                owner=user,
                home=sheet.importer.home(user),
                file=path,
                created_at=clock.now(),
                **fields,
            )
            keep_answer(user=user, key=key, digest=digest, answer={"batch": batch.pk})
            record_event(kind="import.uploaded", actor=user, about=batch, data=_facts(batch))
            _work(batch, READ, user)
    except IntegrityError:
        earlier = earlier_answer(user=user, key=key, digest=digest, refusal=refusal)
        if earlier is None:
            raise
        return ImportBatch.objects.get(pk=earlier["batch"])
    return batch


def _facts(batch: ImportBatch) -> dict[str, Any]:
    return {"sheet": batch.sheet, "sha256": batch.sha256, "size": batch.size}


def _work(batch: ImportBatch, kind: str, user: Any, **params: Any) -> None:
    """Start the batch's next job and remember it."""
    sheet = get_sheet(batch.sheet)
    titles = {
        READ: _("Import: %(sheet)s"),
        CHECK: _("Check: %(sheet)s"),
        APPLY: _("Take in: %(sheet)s"),
        UNDO: _("Undo: %(sheet)s"),
    }
    params = {"batch": batch.pk, "language": batch.language} | params
    batch.job = start_job(kind=kind, owner=user, params=params, title=titles[kind] % {"sheet": sheet.title})
    batch.save()


def lock_batch(batch_id: int) -> ImportBatch:
    """Return the batch, locked until the transaction ends. Raises ImportBatch.DoesNotExist."""
    return ImportBatch.objects.select_for_update().get(pk=batch_id)


def _scope(sheet: Sheet, user: Any, complete: str) -> str:
    """Return the scope a file is the whole list of, when it is one the person may speak of. Raises Refused."""
    if not complete:
        return ""
    leaving = sheet.importer.leaving
    if leaving is None or complete not in dict(leaving.scopes(user)):
        raise Refused(_("Choose one of the lists offered that this file is the whole of."))
    return complete


def assign_columns(*, batch_id: int, user: Any, columns: list[str]) -> ImportBatch:
    """Say which heading is which column, and have the rows checked.

    ``columns`` gives a column's key, or nothing, for each heading. Side effects, in one transaction: the mapping is
    kept with the batch and remembered for the department; the job of checking starts. A batch that is already being
    checked is returned as it is. Raises Refused for a mapping without which no row can be told from another.
    """
    with transaction.atomic():
        batch = lock_batch(batch_id)
        sheet = _may(batch, user)
        if batch.state not in IMPORT_WAITS:
            return batch
        _check_columns(sheet, batch, columns)
        batch.mapping = columns
        batch.state = ImportState.CHECKING
        remember(sheet, batch.home, batch.reading["headings"], columns, known_headings(sheet))
        _work(batch, CHECK, user)
    return batch


def _check_columns(sheet: Sheet, batch: ImportBatch, columns: list[str]) -> None:
    check_columns(sheet, batch.reading["headings"], columns)
    lacking = missing(sheet, columns)
    if lacking:
        raise Refused(missing_in_words([str(column.heading) for column in lacking]))


def missing_in_words(headings: list[str]) -> str:
    """Return the sentence for columns without which rows cannot be told apart."""
    names = "、".join(headings)
    return _("No heading stands for “%(names)s”, by which a row is recognised. Assign it, or add it to the file.") % {
        "names": names
    }


def say_complete(*, batch_id: int, user: Any, complete: str) -> ImportBatch:
    """Say that the file is the whole list of a scope, or a part only, and have it checked again.

    Side effects, in one transaction: the scope is kept; the job of checking starts. Said again, or while something
    runs, it changes nothing. Raises Refused for a scope that is not the person's.
    """
    with transaction.atomic():
        batch = lock_batch(batch_id)
        sheet = _may(batch, user)
        scope = _scope(sheet, user, complete)
        if batch.state != ImportState.PREVIEW or scope == batch.complete:
            return batch
        batch.complete = scope
        batch.state = ImportState.CHECKING
        _work(batch, CHECK, user)
    return batch


def refuse_import(*, batch_id: int, user: Any) -> ImportBatch:
    """Put a file aside: nothing of it is taken in.

    Side effects, in one transaction: the state; the staged rows go; event ``import.refused``. A second call changes
    nothing. Raises Refused once it is taken in.
    """
    with transaction.atomic():
        batch = lock_batch(batch_id)
        _may(batch, user)
        if batch.state == ImportState.REFUSED:
            return batch
        if not can_decide(batch) and batch.state != ImportState.MAPPING:
            raise Refused(_("This file is being worked on or was decided already."))
        _decide(batch, user, ImportState.REFUSED)
        record_event(kind="import.refused", actor=user, about=batch, data=_facts(batch))
        batch.save()
        _leave_nothing(batch)
    return batch


def take_import(*, batch_id: int, user: Any, choice: str) -> ImportBatch:
    """Have the rows taken in: ``all`` only when none is wrong, ``right`` those that are right.

    Side effects, in one transaction: the state; the job that writes. A second call while it is written, or after it
    was, changes nothing. Raises Refused when there is nothing to take in, or with ``all`` when a row is wrong.
    """
    with transaction.atomic():
        batch = lock_batch(batch_id)
        _may(batch, user)
        if batch.state == ImportState.APPLIED or (batch.state == ImportState.APPLYING and not can_decide(batch)):
            return batch
        if not can_decide(batch):
            raise Refused(_("This file is being worked on or was decided already."))
        if choice == ALL and batch.counts.get("wrong"):
            raise Refused(_("%(count)s rows are wrong. Put them right, or take in the right rows alone.")
                          % {"count": batch.counts["wrong"]})  # fmt: skip
        if not writable(batch):
            raise Refused(_("Nothing in this file would change anything."))
        _decide(batch, user, ImportState.APPLYING)
        _work(batch, APPLY, user)
    return batch


def undo_import(*, batch_id: int, user: Any) -> ImportBatch:
    """Have a batch undone that was taken in.

    Side effects, in one transaction: the state; the job that undoes. A second call changes nothing. Raises Refused for
    a batch that was not taken in.
    """
    with transaction.atomic():
        batch = lock_batch(batch_id)
        sheet = _may(batch, user)
        if batch.state in {ImportState.UNDOING, ImportState.UNDONE} and not _job_failed(batch):
            return batch
        if sheet.importer.act:
            raise Refused(_("This file was done step by step; each step is taken back where it was made."))
        if batch.state not in {ImportState.APPLIED, ImportState.UNDOING}:
            raise Refused(_("Only a file that was taken in can be undone."))
        batch.state = ImportState.UNDOING
        _work(batch, UNDO, user)
    return batch


def can_decide(batch: ImportBatch) -> bool:
    """Return whether the batch waits for a decision; one whose taking in broke down does again."""
    return batch.state == ImportState.PREVIEW or (batch.state == ImportState.APPLYING and _job_failed(batch))


def twin_of(batch: ImportBatch, user: Any) -> ImportBatch | None:
    """Return the last file of the same bytes that the department has taken in, or has before it, beside this one."""
    over = {ImportState.REFUSED, ImportState.FAILED, ImportState.UNDONE}
    same = batches_of(user, get_sheet(batch.sheet)).filter(sha256=batch.sha256).exclude(pk=batch.pk)
    return same.exclude(state__in=over).select_related("owner").order_by("-pk").first()


def writable(batch: ImportBatch) -> int:
    """Return how many rows would be written. Rows leave only by a list of which every row is right."""
    leaves = 0 if batch.counts.get("wrong") else batch.counts.get("leaves", 0)
    return batch.counts.get("new", 0) + batch.counts.get("changed", 0) + leaves


def _job_failed(batch: ImportBatch) -> bool:
    return batch.job is not None and batch.job.state == JobState.FAILED


def _decide(batch: ImportBatch, user: Any, state: ImportState) -> None:
    batch.state, batch.decided_by, batch.decided_at = state, user, clock.now()


def _may(batch: ImportBatch, user: Any) -> Sheet:
    sheet = get_sheet(batch.sheet)
    sheet.importer.rule.check(user)
    return sheet


def _leave_nothing(batch: ImportBatch) -> None:
    """Remove what was only there until the decision; the file itself stays."""
    staging.clear(batch)
    transaction.on_commit(lambda: drop_file(batch.rows_file))
