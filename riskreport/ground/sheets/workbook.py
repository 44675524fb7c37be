"""Writing a workbook row by row in constant memory: the list, on as many worksheets as it needs, and what it is.

The rows are put together here because that takes less than a library that is handed every cell
(docs/decisions/0026-rows-of-a-workbook.md). Text stays text: no formula and no link is made of it.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter.utility import xl_col_to_name

from riskreport.ground.sheets import parts
from riskreport.ground.sheets.cells import HEAD, INT, STYLES, TEXT, Cells, Strings, text_cell
from riskreport.ground.sheets.declaration import Column
from riskreport.ground.sheets.reading import fields_of
from riskreport.ground.sheets.selection import Selection
from riskreport.ground.sheets.values import text_of_moment

ROWS_A_SHEET = 1_000_000  # Excel holds 1,048,576
OPTIONS = {  # for XlsxWriter, where a workbook needs what it can: drop-downs of a template, marks of a returned file
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}


@dataclass(frozen=True)
class About:
    """What the last sheet says: whose export of what it is, with which filter, when."""

    title: str
    filters: list[tuple[str, str]]
    person: Any
    at: dt.datetime

    @property
    def zone(self) -> dt.tzinfo:
        """The city's time zone."""
        return timezone.get_current_timezone()


def write_workbook(path: Path, selection: Selection, chunks: Iterable[list[tuple]], about: About) -> int:
    """Write the rows with the selection's columns and a sheet about them; return how many rows were written.

    ``chunks`` are lists of plain rows, as ``reading.plain_rows`` gives them. Beyond a million rows a further worksheet
    begins. Whatever they raise passes through; the file is then not whole and the caller removes it.
    """
    book = Book(path, about.title)
    with book.open():
        written = book.write_list(selection, chunks)
        book.write_about(_facts(about, selection, written))
    return written


class Book:
    """A workbook while it is written: its zip file, the names of its worksheets, what lists fill, its texts."""

    def __init__(self, path: Path, title: str) -> None:
        self.path, self.title = path, worksheet_name(title)
        self.names: list[str] = []
        self.areas: list[str] = []
        self.strings = Strings()

    @contextmanager
    def open(self) -> Iterator[None]:
        """Open the file and, when all worksheets are written, add the parts that name them."""
        with ZipFile(self.path, "w", ZIP_DEFLATED, compresslevel=1) as self.file:
            yield
            sheets = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(self.names) + 1)]
            others = [("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")]
            self.file.writestr("xl/sharedStrings.xml", parts.shared_strings(self.strings).encode(errors="replace"))
            self.file.writestr("xl/styles.xml", parts.styles())
            self.file.writestr("xl/workbook.xml", parts.workbook(self.names, self.areas))
            self.file.writestr("xl/_rels/workbook.xml.rels", parts.relations(sheets + others))
            self.file.writestr("_rels/.rels", parts.relations([("officeDocument", "xl/workbook.xml")]))
            self.file.writestr("[Content_Types].xml", parts.content_types(len(self.names)))

    def begin(self, name: str, *, large: bool = False) -> IO[bytes]:
        """Begin the part of a further worksheet; the one before has ended."""
        self.names.append(name)
        return self.file.open(f"xl/worksheets/sheet{len(self.names)}.xml", "w", force_zip64=large)

    def write_list(self, selection: Selection, chunks: Iterable[list[tuple]]) -> int:
        """Write the list, at least its heading; return how many rows it has."""
        places = {field: place for place, field in enumerate(fields_of(selection.columns))}
        read = [
            (Cells(column, self.strings, unmasked=selection.unmasked), [places[field] for field in column.fields])
            for column in selection.columns
        ]
        sheet, written = Worksheet(self, selection.columns), 0
        try:
            for chunk in chunks:
                while chunk:
                    if sheet.rows == ROWS_A_SHEET:
                        sheet.end()
                        sheet = Worksheet(self, selection.columns)
                    now, chunk = chunk[: ROWS_A_SHEET - sheet.rows], chunk[ROWS_A_SHEET - sheet.rows :]
                    values = list(zip(*now, strict=True))
                    sheet.write([cells.all_of(*(values[place] for place in wanted)) for cells, wanted in read])
                    written += len(now)
            sheet.end()
        finally:
            sheet.part.close()  # a zip file with an open part raises of its own and hides what went wrong
        return written

    def write_about(self, facts: list[tuple[str, Any]]) -> None:
        """Write the last worksheet: what the list is."""
        with self.begin(pgettext("workbook", "About")) as sheet:
            sheet.write(parts.before_rows([(22, TEXT), (70, TEXT)], is_list=False, is_shown=False).encode())
            for line, (name, value) in enumerate(facts, start=1):
                said = f'" s="{INT}"><v>{value}</v></c>' if isinstance(value, int) else text_cell(str(value))
                row = f'<row r="{line}"><c r="A{line}{text_cell(str(name), HEAD)}<c r="B{line}{said}</row>'
                sheet.write(row.encode(errors="replace"))
            sheet.write(parts.after_rows().encode())


class Worksheet:
    """One worksheet of a list while it is written."""

    def __init__(self, book: Book, columns: Sequence[Column]) -> None:
        number = len(book.names) + 1
        self.book, self.rows, self.letters = book, 0, [xl_col_to_name(place) for place in range(len(columns))]
        self.part = book.begin(book.title if number == 1 else f"{book.title} {number}", large=True)
        shapes = [(column.width, STYLES.get(column.kind, TEXT)) for column in columns]
        self.part.write(parts.before_rows(shapes, is_list=True, is_shown=number == 1).encode())
        self._put(1, [[text_cell(str(column.heading), HEAD)] for column in columns])

    def write(self, cells: list[list[str]]) -> None:
        """Add rows, given column by column."""
        self._put(self.rows + 2, cells)
        self.rows += len(cells[0])

    def _put(self, first: int, cells: list[list[str]]) -> None:
        """Write rows from number ``first`` on: a cell is «<c r="B», the row's number, and what Cells made of it."""
        count, step = len(cells[0]), 3 * len(cells) + 3
        numbers = list(map(str, range(first, first + count)))
        pieces = ["</row>"] * (step * count)
        pieces[0::step], pieces[1::step] = ['<row r="'] * count, numbers
        for place, (letter, column) in enumerate(zip(self.letters, cells, strict=True)):
            opening = f'"><c r="{letter}' if place == 0 else f'<c r="{letter}'
            pieces[3 * place + 2 :: step] = [opening] * count
            pieces[3 * place + 3 :: step] = numbers
            pieces[3 * place + 4 :: step] = column
        self.part.write("".join(pieces).encode(errors="replace"))

    def end(self) -> None:
        """Write what stands behind the rows."""
        last = self.letters[-1]
        self.part.write(parts.after_rows(f"A1:{last}{self.rows + 1}").encode())
        self.part.close()
        self.book.areas.append(f"$A$1:${last}${self.rows + 1}")


def worksheet_name(title: str) -> str:
    """Return a title as Excel takes it for the name of a worksheet, with room for a number behind it."""
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in title)[:28].strip()


def _facts(about: About, selection: Selection, written: int) -> list[tuple[str, Any]]:
    personal = [str(column.heading) for column in selection.columns if column.personal]
    sorted_by = selection.sheet.by_key.get(selection.sort.lstrip("-"))
    falling = selection.sort.startswith("-")
    return [
        (pgettext("workbook", "List"), about.title),
        *[(_("Filter: %(name)s") % {"name": label}, words) for label, words in about.filters],
        *([] if about.filters else [(_("Filter"), _("None: all that this person may see"))]),
        *([(_("Sorted by"), _sorted(sorted_by, falling))] if sorted_by else []),
        (_("Rows"), written),
        *(
            [(_("Personal columns shown in full") if selection.unmasked else _("Masked columns"), "、".join(personal))]
            if personal
            else []
        ),
        (_("Exported by"), f"{about.person.name}（{about.person.get_username()}）"),
        (_("Exported at"), text_of_moment(about.at)),
    ]


def _sorted(column: Column, falling: bool) -> str:
    return (_("%(column)s, falling") if falling else _("%(column)s, rising")) % {"column": column.heading}
