"""Take a roster in from a file, as the upload page does: the same guard, the same checks, the same preview."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from enterprises.queries.deputies import person_of_department
from riskreport.ground.access import Refused
from riskreport.ground.domain.jobs import run_job
from riskreport.ground.imports import batches
from riskreport.ground.imports.preview import Preview, assignment_of, sentence_of
from riskreport.ground.imports.reading import FileRefused
from riskreport.ground.models import ImportBatch
from riskreport.ground.models.imports import ImportState
from riskreport.ground.models.job import JOB_ENDED
from riskreport.ground.sheets import Sheet, get_sheet, sheet_names

REFUSED, WRONG_ROWS, NO_COLUMNS = 1, 2, 3


class Command(BaseCommand):
    help = (
        "Check a file against a roster and show what it would do; with --apply take it in. "
        "Exit code 0: all rows are right; 1: the file or the act was refused; 2: some rows are wrong "
        "(with --apply right the others were taken in); 3: a column by which rows are recognised is missing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sheet", choices=[name for name in sheet_names() if get_sheet(name).importer])
        parser.add_argument("file", type=Path)
        parser.add_argument("--department", default="", help="code of the department it is done for; else the office")
        parser.add_argument("--complete", default="", help="the scope the file is the whole list of")
        parser.add_argument("--apply", choices=["right", "all"], help="take in the right rows, or all if none is wrong")
        parser.add_argument("--json", action="store_true", help="for a program to read")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, print what came of it, exit with what it came to."""
        sheet = get_sheet(options["sheet"])
        with translation.override(settings.LANGUAGE_CODE):
            try:
                batch, unknown = self._check(sheet, options)
                if options["apply"] and batch.state == ImportState.PREVIEW:
                    batches.take_import(batch_id=batch.pk, user=batch.owner, choice=options["apply"])
                    batch = work_off(batch)
            except (Refused, FileRefused) as refusal:
                raise CommandError(str(refusal), returncode=REFUSED) from refusal
            self._print(sheet, batch, unknown, as_json=options["json"])
            self._leave(batch)

    def _check(self, sheet: Sheet, options: dict) -> tuple[ImportBatch, list[str]]:
        """Upload and check; headings nobody knows are left out and named."""
        user = person_of_department(code=options["department"], rule=sheet.importer.rule)
        try:
            with options["file"].open("rb") as file:
                batch = batches.start_import(
                    sheet=sheet,
                    user=user,
                    file=File(file),
                    name=options["file"].name,
                    language=settings.LANGUAGE_CODE,
                    complete=options["complete"],
                )
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}", returncode=REFUSED) from error
        batch = work_off(batch)
        if batch.state != ImportState.MAPPING:
            return batch, []
        assignment = assignment_of(batch, sheet)
        if assignment.missing:
            message = batches.missing_in_words(assignment.missing)
            raise CommandError(message, returncode=NO_COLUMNS)
        batches.assign_columns(batch_id=batch.pk, user=user, columns=batch.mapping)
        return work_off(batch), [one.text for one in assignment.unknown]

    def _print(self, sheet: Sheet, batch: ImportBatch, unknown: list[str], *, as_json: bool) -> None:
        mistakes = list(Preview(batch, sheet, batch.owner).mistakes())
        if as_json:
            said = {
                "batch": batch.pk,
                "state": batch.state,
                "problem": batch.problem,
                "reading": batch.reading,
                "counts": batch.counts,
                "unknown_headings": unknown,
                "errors": [vars(one) for one in mistakes],
                "errors_file": str(Path(settings.MEDIA_ROOT, batch.errors_file)) if batch.errors_file else "",
            }
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{batch.get_state_display()} · {batch.problem or sentence_of(batch)}")
        for name in ("new", "changed", "same", "wrong", "leaves"):
            self.stdout.write(f"  {name:8} {batch.counts.get(name, 0):>8,}")
        if unknown:
            self.stdout.write(f"  unknown headings, left out: {'、'.join(unknown)}")
        for one in mistakes:
            self.stdout.write(f"  {one.cell} {one.heading}: {one.found or '—'} → {one.wanted} ({one.example})")
        if batch.errors_file:
            self.stdout.write(f"  marked: {Path(settings.MEDIA_ROOT, batch.errors_file)}")

    @staticmethod
    def _leave(batch: ImportBatch) -> None:
        if batch.state not in {ImportState.PREVIEW, ImportState.APPLIED}:
            raise CommandError(batch.problem or batch.job.error, returncode=REFUSED)
        if batch.counts.get("wrong"):
            raise CommandError(sentence_of(batch), returncode=WRONG_ROWS)


def work_off(batch: ImportBatch) -> ImportBatch:
    """Do the batch's work here, or wait for the worker that has taken it; return the batch as it stands then."""
    while True:
        run_job(job_id=ImportBatch.objects.values_list("job_id", flat=True).get(pk=batch.pk))
        batch = ImportBatch.objects.select_related("job", "owner").get(pk=batch.pk)
        if batch.job.state in JOB_ENDED:
            return batch
        time.sleep(0.5)
