"""Writing a workbook row by row in constant memory. Text stays text: no formula and no link is made of it."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter.worksheet import Worksheet

from riskreport.ground.sheets.declaration import Column
from riskreport.ground.sheets.quick_workbook import fits, write_quickly
from riskreport.ground.sheets.selection import Selection
from riskreport.ground.sheets.values import text_of, text_of_moment

ROWS_A_SHEET = 1_000_000  # Excel holds 1,048,576
QUICK_FROM = 5_000
CELL_LIMIT = 32_767  # characters Excel takes in one cell
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}


@dataclass(frozen=True)
class About:
    """What the second sheet says: whose export of what it is, with which filter, when."""

    title: str
    filters: list[tuple[str, str]]
    person: Any
    at: dt.datetime

    @property
    def zone(self) -> dt.tzinfo:
        """The city's time zone."""
        return timezone.get_current_timezone()


def write_workbook(path: Path, selection: Selection, rows: Iterable[Any], about: About, expected: int = 0) -> int:
    """Write ``rows`` with the selection's columns and a sheet about them; return how many rows were written.

    From QUICK_FROM rows ``expected`` on the quick writer is used. Beyond a million rows a further worksheet begins.
    Whatever ``rows`` raises passes through; the file is then not whole and the caller removes it.
    """
    if QUICK_FROM <= expected <= ROWS_A_SHEET - QUICK_FROM and fits(selection):
        return write_quickly(
            path,
            selection,
            rows,
            name=worksheet_name(about.title),
            about_name=pgettext("workbook", "About"),
            about=lambda written: [(name, str(value)) for name, value in _facts(about, written)],
            most=ROWS_A_SHEET,
        )
    book = xlsxwriter.Workbook(str(path), OPTIONS)
    try:
        formats = _formats(book)
        written = _write_rows(book, formats, selection, rows, about.title)
        _write_about(book, formats, about, written)
    finally:
        book.close()
    return written


def worksheet_name(title: str) -> str:
    """Return a title as Excel takes it for the name of a worksheet, with room for a number behind it."""
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in title)[:28]


def _formats(book: xlsxwriter.Workbook) -> dict[str, Any]:
    return {
        "head": book.add_format({"bold": True, "bottom": 1, "bg_color": "#F5F7FA", "text_wrap": True, "valign": "top"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        "datetime": book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
        "text": book.add_format({"num_format": "@"}),
        "int": book.add_format({"num_format": "0"}),
    }


def _write_rows(book: Any, formats: dict, selection: Selection, rows: Iterable[Any], title: str) -> int:
    writers = [_writer(column, selection, formats) for column in selection.columns]
    sheet, line, written, number = _begin(book, formats, selection, title, 1), 0, 0, 1
    for row in rows:
        if line == ROWS_A_SHEET:
            number += 1
            sheet, line = _begin(book, formats, selection, title, number), 0
        line += 1
        written += 1
        for place, write in enumerate(writers):
            write(sheet, line, place, row)
    return written


def _begin(book: Any, formats: dict, selection: Selection, title: str, number: int) -> Worksheet:
    """Start a worksheet with its heading row, which stays in sight."""
    name = worksheet_name(title)
    sheet = book.add_worksheet(name if number == 1 else f"{name} {number}")
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(selection.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, str(column.heading), formats["head"])
    return sheet


def _writer(column: Column, selection: Selection, formats: dict) -> Callable[[Worksheet, int, int, Any], None]:
    """Return a function that writes this column's cell of a row as what it is."""
    read, kind = column.reader(unmasked=selection.unmasked), column.kind

    def write(sheet: Worksheet, line: int, place: int, row: Any) -> None:
        value = read(row)
        if value is None or value == "":
            return
        if kind == "int" and isinstance(value, int):
            sheet.write_number(line, place, value, formats["int"])
        elif kind == "datetime" and isinstance(value, dt.datetime):
            local = timezone.localtime(value).replace(tzinfo=None, microsecond=0)
            sheet.write_datetime(line, place, local, formats["datetime"])
        elif kind == "date" and isinstance(value, dt.date):
            sheet.write_datetime(line, place, value, formats["date"])
        else:
            sheet.write_string(line, place, text_of(value, kind)[:CELL_LIMIT], formats["text"])

    return write


def _write_about(book: Any, formats: dict, about: About, written: int) -> None:
    sheet = book.add_worksheet(pgettext("workbook", "About"))
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 60)
    for line, (name, value) in enumerate(_facts(about, written)):
        sheet.write_string(line, 0, str(name), formats["head"])
        if isinstance(value, int):
            sheet.write_number(line, 1, value)
        else:
            sheet.write_string(line, 1, str(value), formats["text"])


def _facts(about: About, written: int) -> list[tuple[str, Any]]:
    return [
        (pgettext("workbook", "List"), about.title),
        *[(_("Filter: %(name)s") % {"name": label}, words) for label, words in about.filters],
        *([] if about.filters else [(_("Filter"), _("None: all that this person may see"))]),
        (_("Rows"), written),
        (_("Exported by"), f"{about.person.name}（{about.person.get_username()}）"),
        (_("Exported at"), text_of_moment(about.at)),
    ]
