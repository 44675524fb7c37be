"""Worksheets of a workbook, one after the other, as rows of text."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cells import folded, text_of_cell
from guard import FileRefused
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum
from table import Row

MOST_SHEETS = 60
MOST_MERGED = 20_000
FROM_1904 = re.compile(rb"""<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*["'](?:1|true|on)["']""")


def sheets_of(path: Path, skip: set[str]) -> Iterator[tuple[str, Iterator[Row]]]:
    """Yield (name, rows) of every visible worksheet whose folded name is not to be skipped. Raises FileRefused."""
    try:
        book = CalamineWorkbook.from_path(str(path))
        metadata = book.sheets_metadata
    except (OSError, ValueError, KeyError) as error:
        raise FileRefused("damaged") from error
    except Exception as error:
        raise FileRefused("encrypted" if "password" in str(error).lower() else "damaged") from error
    for sheet in metadata[:MOST_SHEETS]:
        plain = sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        if plain and folded(sheet.name) not in skip:
            yield sheet.name, _rows(_load(book, sheet.name))


def counts_from_1904(path: Path) -> bool:
    """Return whether a guarded workbook counts its days from 1904, as those made on old Macintoshes do."""
    with zipfile.ZipFile(path) as package:
        name = next(name for name in package.namelist() if name.lower() == "xl/workbook.xml")
        return FROM_1904.search(package.read(name)) is not None


def _load(book: CalamineWorkbook, name: str) -> Any:
    try:
        return book.get_sheet_by_name(name)
    except Exception as error:  # whatever the reader's own errors are called: the file is at fault
        raise FileRefused("damaged") from error


def _rows(sheet: Any) -> Iterator[Row]:
    """Yield the rows with their numbers as Excel shows them; a cell merged downwards counts in each of its rows."""
    if sheet.start is None:
        return
    first_row, first_column = sheet.start
    merged = _merged_down(sheet)
    seen: dict[Any, str] = {}
    held: dict[int, tuple[int, str]] = {}
    for number, row in enumerate(sheet.iter_rows(), start=first_row):
        cells = [_text(value, seen) for value in row]
        for column, last in merged.get(number, ()):
            if 0 <= column - first_column < len(cells):
                held[column - first_column] = (last, cells[column - first_column])
        for place, (last, text) in list(held.items()):
            if number > last:
                del held[place]
            else:
                cells[place] = cells[place] or text
        yield number + 1, cells


def _text(value: Any, seen: dict[Any, str]) -> str:
    """Texts come again and again in most columns; what a text becomes is remembered."""
    if type(value) is not str:
        return text_of_cell(value)
    text = seen.get(value)
    if text is None:
        text = text_of_cell(value)
        if len(seen) < 50_000:
            seen[value] = text
    return text


def _merged_down(sheet: Any) -> dict[int, list[tuple[int, int]]]:
    """Return, by the row a merged range begins in, its first column and its last row."""
    starts: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _right) in (sheet.merged_cell_ranges or [])[:MOST_MERGED]:
        if bottom > top:
            starts.setdefault(top, []).append((left, bottom))
    return starts
