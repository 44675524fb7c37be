"""Export a roster to Excel, as its page does: the same scope, filters and masks."""

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from enterprises.queries.deputies import person_of_department
from riskreport.ground.access import Refused
from riskreport.ground.domain.jobs import run_job
from riskreport.ground.sheets import get_sheet, sheet_names
from riskreport.ground.sheets.export import start_export
from riskreport.ground.sheets.selection import BadFilter


class Command(BaseCommand):
    help = (
        "Write a roster as its page shows it to a department. Filters are those of the page: county=320583 scale=above"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sheet", choices=sheet_names())
        parser.add_argument("file", type=Path)
        parser.add_argument("filters", nargs="*", metavar="name=value")
        parser.add_argument("--department", default="", help="code of the department it is done for; else the office")
        parser.add_argument("--all-columns", action="store_true", help="every column that an import takes")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export, copy the file to where it was asked for, say how many rows it holds."""
        sheet = get_sheet(options["sheet"])
        pairs = [part.partition("=") for part in options["filters"]]
        if bad := [name for name, sign, _value in pairs if not sign]:
            raise CommandError(f"A filter is written name=value, not “{bad[0]}”.")
        query = [(name, value) for name, _sign, value in pairs]
        if options["all_columns"]:
            query += [("cols", column.key) for column in sheet.imported]
        with translation.override(settings.LANGUAGE_CODE):
            try:
                user = person_of_department(code=options["department"], rule=sheet.rule)
                job = start_export(
                    sheet=sheet, owner=user, query=urlencode(query), fixed={}, language=settings.LANGUAGE_CODE
                )
            except (Refused, BadFilter) as refusal:
                raise CommandError(str(refusal)) from refusal
            run_job(job_id=job.pk)
        job.refresh_from_db()
        if not job.file:
            raise CommandError(job.error or "The export did not end.")
        shutil.copyfile(Path(settings.MEDIA_ROOT, job.file), options["file"])
        self.stdout.write(f"{job.result['rows']:,} rows → {options['file']}")
