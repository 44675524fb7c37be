"""The background work of an import: reading, checking, taking in, undoing. Each can be killed and run again."""

import json
import secrets
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import translation

from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.jobs import JobRefused, Progress
from riskreport.ground.domain.kept_files import drop_file
from riskreport.ground.domain.many_rows import reserve_ids
from riskreport.ground.imports import staging
from riskreport.ground.imports.acting import act_on_rows
from riskreport.ground.imports.batches import FOLDER, lock_batch, writable
from riskreport.ground.imports.checking import Checker
from riskreport.ground.imports.headings import known_headings, match, missing, remembered, skipped_worksheets, unknown
from riskreport.ground.imports.reading import FileRefused, read_file, rows_of
from riskreport.ground.imports.recognising import recognise_same
from riskreport.ground.imports.returning import write_errors
from riskreport.ground.imports.standing import Stand, is_same
from riskreport.ground.imports.undoing import Undo
from riskreport.ground.imports.writing import Writer, chunks_of, work_long
from riskreport.ground.models import ImportBatch, ImportRow, Job
from riskreport.ground.models.imports import ROWS_WRITTEN, ImportState, RowState
from riskreport.ground.sheets.declaration import Sheet, get_sheet
from riskreport.ground.sheets.importer import Written

LONGEST_TRANSACTION = 900  # seconds; a worker that dies within it is followed after that time
Handler = Callable[[ImportBatch, Sheet, Job, Progress], None]


def for_batch(work: Handler) -> Callable[[Job, Progress], dict]:
    """Turn work on a batch into a handler of jobs: in the batch's language, the right to import asked again."""

    @wraps(work)
    def handle(job: Job, progress: Progress) -> dict:
        with translation.override(job.params["language"]):
            batch = ImportBatch.objects.select_related("owner").get(pk=job.params["batch"])
            sheet = get_sheet(batch.sheet)
            answer = sheet.importer.rule(job.owner)
            if not job.owner.is_active or not answer.allowed:
                raise JobRefused(str(answer.reason))
            work(batch, sheet, job, progress)
            return {"page": reverse("import_batch", args=[batch.sheet, batch.pk])}

    return handle


@for_batch
def read_import(batch: ImportBatch, sheet: Sheet, job: Job, progress: Progress) -> None:
    """Have the file read and its headings matched; check the rows at once when nothing is left to ask.

    Side effects: the rows as a file; the batch's reading and state; what check does. Run again, it goes on where the
    last step ended.
    """
    if batch.state == ImportState.READING:
        _read(batch, sheet, progress)
    if batch.state == ImportState.CHECKING:
        check(batch, sheet, job.owner, progress)


def _read(batch: ImportBatch, sheet: Sheet, progress: Progress) -> None:
    memory = remembered(sheet, batch.home)
    rows_file = f"{FOLDER}/{batch.pk}-{secrets.token_hex(8)}.rows"
    ask = {
        "file": str(Path(settings.MEDIA_ROOT, batch.file)),
        "out": str(Path(settings.MEDIA_ROOT, rows_file)),
        "known": [*known_headings(sheet), *memory],
        "skip": skipped_worksheets(),
    }
    try:
        reading = read_file(ask, alive=lambda: progress.at(0))
    except FileRefused as refusal:
        drop_file(rows_file)
        batch.state, batch.problem = ImportState.FAILED, str(refusal)
        batch.save(update_fields=["state", "problem"])
        raise JobRefused(str(refusal)) from refusal
    drop_file(batch.rows_file)
    batch.reading, batch.rows_file = reading, rows_file
    headings = match(sheet, reading["headings"], memory)
    batch.mapping = [one.column for one in headings]
    batch.state = ImportState.MAPPING if asks(sheet, batch, memory) else ImportState.CHECKING
    batch.save(update_fields=["reading", "rows_file", "mapping", "state"])


def asks(sheet: Sheet, batch: ImportBatch, memory: dict[str, str]) -> bool:
    """Return whether a person must say something about the headings before rows can be checked."""
    headings = match(sheet, batch.reading["headings"], memory)
    lacking = [column for column in sheet.imported if column.required and column.key not in batch.mapping]
    return bool(unknown(sheet, headings, memory) or missing(sheet, batch.mapping) or lacking)


@for_batch
def check_import(batch: ImportBatch, sheet: Sheet, job: Job, progress: Progress) -> None:
    """Check every row and stage what would be written. Run again, it begins anew."""
    if batch.state == ImportState.CHECKING:
        check(batch, sheet, job.owner, progress)


def check(batch: ImportBatch, sheet: Sheet, user: Any, progress: Progress) -> None:
    """Check every row of a batch.

    Side effects, in order: the batch's staged rows anew, list by list; the workbook of what is wrong; counts and state.
    """
    total = batch.reading["rows"]
    progress.at(0, total)
    staging.clear(batch)
    places = {key: place for place, key in enumerate(batch.mapping) if key}
    checker = Checker(sheet, user, places, from_1904=batch.reading.get("from_1904", False))
    done = 0
    for rows in chunks_of(row for part in rows_of(batch.rows_file) for row in part):
        staged = list(checker.check(rows))
        staging.fill(batch.pk, with_ids(sheet, staged))
        done += len(rows)
        progress.at(done)
    mark_doubles(batch, checker)
    if batch.complete:
        stage_leaving(batch, sheet, user, checker)
    count(batch, checker)
    drop_file(batch.errors_file)
    batch.errors_file = write_errors(batch, sheet) if batch.counts.get("wrong") else ""
    batch.state = ImportState.PREVIEW
    batch.save(update_fields=["counts", "errors_file", "state"])


def with_ids(sheet: Sheet, staged: list[staging.Staged]) -> list[staging.Staged]:
    """Give new rows the ids they will have, where the database can give them in advance; SQLite does so at apply."""
    if connection.vendor != "postgresql":
        return staged
    fresh = [number for number, row in enumerate(staged) if row.state == RowState.NEW]
    for number, key in zip(fresh, reserve_ids(sheet.importer.model, len(fresh)), strict=True):
        staged[number] = staged[number]._replace(target=key)
    return staged


def mark_doubles(batch: ImportBatch, checker: Checker) -> None:
    """Mark the earlier of two rows for one key, which was staged before the later one was seen."""
    for numbers in chunks_of(checker.doubles.items(), 500):
        other = dict(numbers)
        rows = list(ImportRow.objects.filter(batch=batch, number__in=list(other)))
        for row in rows:
            row.problems.append(checker.double("", row.values, other[row.number]))
            checker.tally.states[row.state] -= 1
            row.state, row.target, row.seen_version, row.values, row.old = RowState.WRONG, None, None, {}, {}
            checker.tally.states[RowState.WRONG] += 1
        ImportRow.objects.bulk_update(rows, ["problems", "state", "target", "seen_version", "values", "old"])


def stage_leaving(batch: ImportBatch, sheet: Sheet, user: Any, checker: Checker) -> None:
    """Stage the standing rows of the scope that a complete list does not name."""
    leaving = sheet.importer.leaving
    values = leaving.values(clock.today().isoformat())
    stand = Stand(sheet, [*values, checker.label])
    keys = leaving.rows(user, batch.complete).values_list("pk", flat=True).order_by("pk")
    gone = [key for key in keys if key not in checker.tally.named]
    for chunk in chunks_of(gone):
        rows = stand.read(sheet.importer.model._default_manager.filter(pk__among=chunk))
        staged = []
        for pk, row in sorted(rows.items()):
            new = {key: value for key, value in values.items() if not is_same(value, row.values.get(key))}
            old = {key: row.values.get(key) for key in new}
            label = str(row.values.get(checker.label) or "")
            staged.append(staging.Staged(0, RowState.LEAVES.value, pk, row.version, label, new, old, []))
        staging.fill(batch.pk, staged)
    checker.tally.states[RowState.LEAVES] += len(gone)
    checker.tally.written.update(values)


def count(batch: ImportBatch, checker: Checker) -> None:
    """Put what was found into the batch's counts."""
    batch.counts = {
        "total": batch.reading["rows"],
        **{RowState(state).value: number for state, number in checker.tally.states.items() if number},
        "columns": dict(checker.tally.columns),
        "written": sorted(checker.tally.written),
        "fresh": checker.tally.wants_fresh,
    }


@for_batch
def apply_import(batch: ImportBatch, sheet: Sheet, job: Job, progress: Progress) -> None:
    """Write the staged rows.

    Side effects, in one transaction: the batch is locked; rows that changed since the preview are set aside, and told
    from those that say what stands by now; new, changed and leaving rows and what is beside them are written; the event
    with a line per row; followers are told; counts and state. A second call finds the state changed and does nothing.
    """
    progress.at(0, writable(batch))
    progress.hold(LONGEST_TRANSACTION)
    with transaction.atomic():
        work_long()
        batch = lock_batch(batch.pk)
        if batch.state != ImportState.APPLYING:
            return
        if batch.counts.get("wrong"):
            ImportRow.objects.filter(batch=batch, state=RowState.LEAVES).delete()
        data = {"batch": batch.pk, "sheet": sheet.name, "sha256": batch.sha256, "file": batch.file_name}
        event = record_event(kind=sheet.importer.event, actor=job.owner, about=batch, data=data)
        if sheet.importer.act:
            act_on_rows(sheet, batch, job.owner, progress)
        else:
            Writer(sheet, batch, batch.counts["written"]).write(event)
            recognise_same(sheet, batch, job.owner)
        sheet.importer.announce(written_rows(batch), job.owner)
        batch.counts["applied"] = states_of(batch)
        batch.event, batch.state = event, ImportState.APPLIED
        batch.save(update_fields=["counts", "event", "state"])
    drop_file(batch.rows_file)


def written_rows(batch: ImportBatch) -> Iterator[Written]:
    """Yield what was written for each row, from the staging table; JSON as text is read without the field's detour."""
    rows = ImportRow.objects.filter(batch=batch, state__in=ROWS_WRITTEN).order_by("pk")
    texts = rows.values_list("target", "state", Cast("old", TextField()), Cast("values", TextField()))
    for target, state, old, new in texts.iterator(chunk_size=2000):
        yield Written(target, {} if old == "{}" else json.loads(old), json.loads(new), is_new=state == RowState.NEW)


def states_of(batch: ImportBatch) -> dict[str, int]:
    """Return how many staged rows stand in each state now."""
    found: dict[str, int] = {}
    for state in RowState.values:
        number = ImportRow.objects.filter(batch=batch, state=state).count()
        if number:
            found[state] = number
    return found


@for_batch
def undo_import(batch: ImportBatch, sheet: Sheet, job: Job, progress: Progress) -> None:
    """Write back what stood before a batch was taken in, unless somebody has touched one of its rows since.

    Side effects, in one transaction: the batch is locked; its rows are compared with the lines of its event; old values
    are written, new rows deleted; the event ``import.undone`` with a line per row; followers are told; the state. A
    second call finds the state changed and does nothing. Raises JobRefused, which names who touched what.
    """
    progress.hold(LONGEST_TRANSACTION)
    try:
        with transaction.atomic():
            work_long()
            batch = lock_batch(batch.pk)
            if batch.state != ImportState.UNDOING:
                return
            Undo(sheet, batch, job.owner).run()
            batch.state = ImportState.UNDONE
            batch.save(update_fields=["state", "undo_event"])
    except Refused as refusal:
        ImportBatch.objects.filter(pk=batch.pk).update(state=ImportState.APPLIED, problem=str(refusal))
        raise JobRefused(str(refusal)) from refusal
