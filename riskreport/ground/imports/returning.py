"""What goes back to the person: their own workbook with the wrong cells marked, or a workbook of the wrong rows."""

import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter
from django.conf import settings
from django.utils.translation import gettext as _

from riskreport.ground.domain.kept_files import drop_file
from riskreport.ground.imports.checking import letter_of
from riskreport.ground.imports.reading import FileRefused, read_file, rows_of
from riskreport.ground.models import ImportBatch, ImportRow
from riskreport.ground.models.imports import RowState
from riskreport.ground.sheets.cells import CELL_LIMIT
from riskreport.ground.sheets.declaration import Sheet
from riskreport.ground.sheets.writers import OPTIONS

MARKED_UP_TO = 5_000  # rows: a marked copy is held in memory as a whole
MARKED_SIZE = 3 * 1024 * 1024
FOLDER = "imports"


def write_errors(batch: ImportBatch, sheet: Sheet) -> str:
    """Write the workbook of what is wrong; return its path below MEDIA_ROOT.

    Up to 5,000 rows it is the person's own workbook with the wrong cells marked and noted; above, for a CSV file, and
    for a workbook that can't be written again, one of the wrong rows with their numbers.
    """
    path = f"{FOLDER}/{batch.pk}-{secrets.token_hex(8)}.xlsx"
    is_small = batch.reading["rows"] <= MARKED_UP_TO and batch.size <= MARKED_SIZE
    if batch.reading["sheet"] and is_small:
        try:
            _mark(batch, sheet, path)
            return path
        except FileRefused:
            drop_file(path)
    _write_wrong_rows(batch, sheet, path)
    return path


def note(sheet: Sheet, problem: list[str]) -> str:
    """Return what is wrong with a cell, as a note on it."""
    key, _letter, found, wanted = problem
    lines = [_("Found: %(found)s") % {"found": found or _("nothing")}, _("Wanted: %(wanted)s") % {"wanted": wanted}]
    example = str(sheet.by_key[key].example) if key in sheet.by_key else ""
    return "\n".join([*lines, *([_("Example: %(example)s") % {"example": example}] if example else [])])


def _wrong(batch: ImportBatch) -> Iterator[tuple[int, list[list[str]]]]:
    rows = ImportRow.objects.filter(batch=batch, state=RowState.WRONG).order_by("number")
    return rows.values_list("number", "problems").iterator(chunk_size=2000)


def _mark(batch: ImportBatch, sheet: Sheet, path: str) -> None:
    marks: dict[str, list[str]] = {}
    for number, problems in _wrong(batch):
        for problem in problems:
            marks.setdefault(f"{problem[1] or 'A'}{number}", []).append(note(sheet, problem))
    listed = Path(settings.MEDIA_ROOT, path).with_suffix(".marks")
    listed.write_text(json.dumps([[cell, "\n".join(notes)] for cell, notes in marks.items()]), encoding="utf-8")
    try:
        read_file(
            {
                "file": str(Path(settings.MEDIA_ROOT, batch.file)),
                "out": str(Path(settings.MEDIA_ROOT, path)),
                "mark": str(listed),
                "sheet": batch.reading["sheet"],
                "author": str(settings.SYSTEM_NAME),
            }
        )
    finally:
        listed.unlink(missing_ok=True)


def _write_wrong_rows(batch: ImportBatch, sheet: Sheet, path: str) -> None:
    headings = batch.reading["headings"]
    with xlsxwriter.Workbook(str(Path(settings.MEDIA_ROOT, path)), OPTIONS) as book:
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1, "bg_color": "#F5F7FA"}),
            "text": book.add_format({"num_format": "@"}),
            "wrong": book.add_format({"num_format": "@", "bg_color": "#FFF2A8"}),
            "said": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        page = book.add_worksheet(_("Wrong rows"))
        page.freeze_panes(1, 1)
        page.set_column(0, 0, 8)
        page.set_column(1, len(headings), 18)
        page.set_column(len(headings) + 1, len(headings) + 1, 60)
        page.write_row(0, 0, [_("Row in the file"), *headings, _("What is wrong")], formats["head"])
        _write_lines(page, formats, sheet, _joined(batch))


def _joined(batch: ImportBatch) -> Iterator[tuple[list, list[list[str]]]]:
    """Yield each wrong row's cells with its problems; both lists are in the order of the file."""
    wrong = _wrong(batch)
    number, problems = next(wrong, (0, []))
    for part in rows_of(batch.rows_file):
        for row in part:
            if row[0] == number:
                yield row, problems
                number, problems = next(wrong, (0, []))


def _write_lines(page: Any, formats: dict, sheet: Sheet, rows: Iterator[tuple[list, list[list[str]]]]) -> None:
    for line, (row, problems) in enumerate(rows, start=1):
        letters = {problem[1] for problem in problems}
        page.write_number(line, 0, row[0])
        for place, text in enumerate(row[1:]):
            if text:
                form = formats["wrong"] if letter_of(place) in letters else formats["text"]
                page.write_string(line, place + 1, text[:CELL_LIMIT], form)
        said = "\n".join(_said(sheet, problem, row[0]) for problem in problems)
        page.write_string(line, len(row), said[:CELL_LIMIT], formats["said"])


def _said(sheet: Sheet, problem: list[str], number: int) -> str:
    key, place, _found, _wanted = problem
    heading = str(sheet.by_key[key].heading) if key in sheet.by_key else ""
    where = f"{place}{number} " if place else ""
    return f"{where}{heading}：" + note(sheet, problem).replace("\n", "；")
