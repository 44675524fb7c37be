"""Sending files in as a person does, and running the background work at once."""

import io
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from riskreport.ground.domain.jobs import run_job
from riskreport.ground.imports.batches import start_import, take_import, undo_import
from riskreport.ground.models import ImportBatch
from riskreport.ground.sheets import get_sheet

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def workbook(rows: list[list], *, name: str = "底数清单") -> bytes:
    """Return a workbook with these rows on one worksheet; everything is written as what it is."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return target.getvalue()


def csv(rows: list[list[str]], *, encoding: str = "utf-8") -> bytes:
    """Return a CSV file with these rows."""
    return "\r\n".join(",".join(row) for row in rows).encode(encoding)


def send(sheet: str, user: Any, content: bytes, *, name: str = "清单.xlsx", **options: Any) -> ImportBatch:
    """Upload a file and do the work that follows; return the batch as it stands then."""
    file = SimpleUploadedFile(name, content)
    options = {"language": "zh-hans"} | options
    batch = start_import(sheet=get_sheet(sheet), user=user, file=file, name=name, **options)
    return work(batch)


def work(batch: ImportBatch) -> ImportBatch:
    """Do the background work a batch waits for; return it as it stands then."""
    batch = ImportBatch.objects.get(pk=batch.pk)
    if batch.job_id:
        run_job(job_id=batch.job_id)
    return ImportBatch.objects.select_related("job", "event").get(pk=batch.pk)


def take(batch: ImportBatch, user: Any, choice: str = "all") -> ImportBatch:
    """Take a file's rows in."""
    return work(take_import(batch_id=batch.pk, user=user, choice=choice))


def undo(batch: ImportBatch, user: Any) -> ImportBatch:
    """Undo a file that was taken in."""
    return work(undo_import(batch_id=batch.pk, user=user))


def take_in(sheet: str, user: Any, content: bytes, **options: Any) -> ImportBatch:
    """Upload a file and take all its rows in."""
    return take(send(sheet, user, content, **options), user)


def problems(batch: ImportBatch) -> list[tuple[str, str, str]]:
    """Return (cell, found, wanted) of every error."""
    rows = batch.rows.filter(state="wrong").order_by("number").values_list("number", "problems")
    return [(f"{letter}{number}", found, wanted) for number, said in rows for _key, letter, found, wanted in said]
