"""Taking in rows that ask for acts: one domain function per row, and the reason of each one that is refused."""

from typing import Any

from django.db import transaction

from riskreport.ground.access import Refused
from riskreport.ground.domain.jobs import Progress
from riskreport.ground.domain.kept_files import drop_file
from riskreport.ground.imports.returning import write_errors
from riskreport.ground.models import ImportBatch, ImportRow
from riskreport.ground.models.imports import RowState
from riskreport.ground.sheets.declaration import Sheet
from riskreport.ground.sheets.importer import Asked

ACTED_ON = (RowState.NEW, RowState.CHANGED)
STEP = 50


def act_on_rows(sheet: Sheet, batch: ImportBatch, user: Any, progress: Progress) -> None:
    """Do what every staged row asks, in the order of the file.

    Side effects, in the caller's transaction: those of each act; a refused row becomes wrong, with the reason, and the
    workbook of what is wrong is written anew.
    """
    act = sheet.importer.act(user)
    rows = list(ImportRow.objects.filter(batch=batch, state__in=ACTED_ON).order_by("number", "pk"))
    refused = []
    for done, row in enumerate(rows, 1):
        asked = Asked(row.target if row.state == RowState.CHANGED else None, row.seen_version, row.values, _key(row))
        try:
            with transaction.atomic():
                act(asked)
        except Refused as reason:
            row.state, row.problems = RowState.WRONG, [[sheet.columns[0].key, "", row.label, str(reason)]]
            refused.append(row)
        if done % STEP == 0:
            progress.at(done)
    ImportRow.objects.bulk_update(refused, ["state", "problems"], batch_size=200)
    if refused:
        batch.counts["refused"] = len(refused)
        drop_file(batch.errors_file)
        batch.errors_file = write_errors(batch, sheet)
        batch.save(update_fields=["errors_file"])


def _key(row: ImportRow) -> str:
    return f"import-{row.batch_id}-{row.number}"
