"""Writing a workbook row by row in constant memory: the list, on as many worksheets as it needs, and what it is."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from math import ceil
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from riskreport.ground.sheets.cells import Cell, Cells
from riskreport.ground.sheets.declaration import Column
from riskreport.ground.sheets.reading import fields_of
from riskreport.ground.sheets.selection import Selection
from riskreport.ground.sheets.values import text_of_moment
from riskreport.ground.sheets.writers import Worksheet, can_write_quickly, write_plainly, write_quickly

ROWS_A_SHEET = 1_000_000  # Excel holds 1,048,576
QUICK_ABOVE = 5_000  # rows; so many and fewer are written by XlsxWriter


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


def write_workbook(path: Path, selection: Selection, chunks: Iterable[list[tuple]], about: About, most: int) -> int:
    """Write the rows with the selection's columns and a sheet about them; return how many rows were written.

    ``chunks`` are lists of plain rows, as ``reading.plain_rows`` gives them, ``most`` rows in all or fewer. Beyond a
    million rows a further worksheet begins. Whatever they raise passes through; the file is then not whole and the
    caller removes it.
    """
    rows, name = Rows(selection, chunks), worksheet_name(about.title)
    cells = iter(rows)
    headings = [str(column.heading) for column in selection.columns]
    widths, kinds = zip(*((column.width, column.kind) for column in selection.columns), strict=True)
    sheets = [
        Worksheet(name if number == 1 else f"{name} {number}", headings, widths, kinds, islice(cells, ROWS_A_SHEET))
        for number in range(1, max(1, ceil(most / ROWS_A_SHEET)) + 1)
    ]
    title = (pgettext("workbook", "List"), about.title)
    facts = Worksheet(
        pgettext("workbook", "About"), title, (22, 70), ("head", "text"), _facts(about, selection, rows), is_list=False
    )
    is_quick = most > QUICK_ABOVE and can_write_quickly(headings)
    (write_quickly if is_quick else write_plainly)(path, [*sheets, facts])
    return rows.written


class Rows:
    """The rows of a list as cells, to be gone through once, and how many there were so far."""

    def __init__(self, selection: Selection, chunks: Iterable[list[tuple]]) -> None:
        places = {field: place for place, field in enumerate(fields_of(selection.columns))}
        self.cells = [
            (Cells(column, unmasked=selection.unmasked), [places[field] for field in column.fields])
            for column in selection.columns
        ]
        self.chunks, self.written = chunks, 0

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        for chunk in filter(None, self.chunks):
            values = list(zip(*chunk, strict=True))
            self.written += len(chunk)
            columns = [cells.all_of(*(values[place] for place in wanted)) for cells, wanted in self.cells]
            yield from zip(*columns, strict=True)


def worksheet_name(title: str) -> str:
    """Return a title as Excel takes it for the name of a worksheet, with room for a number behind it."""
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in title)[:28].strip()


def _facts(about: About, selection: Selection, rows: Rows) -> Iterator[tuple[str, str | int]]:
    """Yield what the list is, once its rows have been written."""
    personal = [str(column.heading) for column in selection.columns if column.personal]
    sorted_by = selection.sheet.by_key.get(selection.sort.lstrip("-"))
    falling = selection.sort.startswith("-")
    yield from [
        *[(_("Filter: %(name)s") % {"name": label}, words) for label, words in about.filters],
        *([] if about.filters else [(_("Filter"), _("None: all that this person may see"))]),
        *([(_("Sorted by"), _sorted(sorted_by, falling))] if sorted_by else []),
        (_("Rows"), rows.written),
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
