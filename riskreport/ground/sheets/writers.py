"""The two libraries that write a workbook, either in constant memory; text stays text, without formula or link.

Both give the same workbook, but for line breaks within a cell, which only XlsxWriter's wraps.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from riskreport.ground.sheets.cells import Cell

try:
    import rustpy_xlsxwriter as quick
except ImportError:  # there is no wheel for this machine: XlsxWriter writes all
    quick = None

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
NUMBER_FORMATS = {"int": "0", "date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm"}  # all others are text: @
HEAD_COLOUR = "#F5F7FA"
MARGINS = {"left": 0.4, "right": 0.4, "top": 0.6, "bottom": 0.6}  # inches
FOOTER = "&C&P / &N"
A4 = 9


@dataclass(frozen=True)
class Worksheet:
    """A worksheet to be written: column by column its heading, width in characters and kind; its rows of cells.

    Cells of kind head are bold. A list keeps its heading in sight and has filter arrows.
    """

    name: str
    headings: Sequence[str]
    widths: Sequence[int]
    kinds: Sequence[str]
    rows: Iterator[tuple[Cell, ...]]
    is_list: bool = True


def can_write_quickly(headings: Sequence[str]) -> bool:
    """Return whether the writer in Rust is there and can take these columns: a row is a mapping to it."""
    return quick is not None and len(set(headings)) == len(headings)


def write_quickly(path: Path, sheets: Sequence[Worksheet]) -> None:
    """Write worksheets that ``can_write_quickly``, each with a row at least: without one it has no heading."""
    names, lists = [sheet.name for sheet in sheets], [sheet for sheet in sheets if sheet.is_list]
    head = _dressed(quick.Format().set_background_color(HEAD_COLOUR).set_border_bottom("thin"), "head")
    page = {"landscape": True, "paper_size": A4, "fit_to_pages": (1, 0), "repeat_rows": 0}
    quick.write_worksheets(
        [(sheet.name, _records(sheet)) for sheet in sheets],
        str(path),
        freeze_panes={sheet.name: {"row": 1, "col": 1} for sheet in lists},
        autofilter={sheet.name: True for sheet in lists},
        ignore_errors={sheet.name: list(sheet.headings) for sheet in lists},
        page_setup=dict.fromkeys(names, page | {"margins": MARGINS, "footer": FOOTER}),
        column_widths={sheet.name: list(sheet.widths) for sheet in sheets},
        column_formats={sheet.name: [_dressed(quick.Format(), kind) for kind in sheet.kinds] for sheet in sheets},
        header_format=dict.fromkeys(names, head),
    )


def _records(sheet: Worksheet) -> Iterator[dict[str, Cell]]:
    headings = sheet.headings
    for row in sheet.rows:
        yield dict(zip(headings, row, strict=True))


def write_plainly(path: Path, sheets: Sequence[Worksheet]) -> None:
    """Write worksheets with XlsxWriter."""
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        for sheet in sheets:
            _write_sheet(book, sheet)


def _write_sheet(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
    head = _dressed(book.add_format({"bg_color": HEAD_COLOUR, "bottom": 1}), "head")
    formats = [_dressed(book.add_format(), kind) for kind in sheet.kinds]
    lines = _dressed(book.add_format({"text_wrap": True}), "text")
    page, line = _begin(book, sheet, head, formats), 0
    for line, row in enumerate(sheet.rows, start=1):
        for place, value in enumerate(row):
            if isinstance(value, str):
                page.write_string(line, place, value, lines if "\n" in value else formats[place])
            elif value is not None:
                page.write(line, place, value, formats[place])
    if sheet.is_list:
        area = (0, 0, line, len(sheet.headings) - 1)
        page.autofilter(*area)
        page.ignore_errors({"number_stored_as_text": xlsxwriter.utility.xl_range(*area)})


def _begin(book: xlsxwriter.Workbook, sheet: Worksheet, head: Any, formats: list[Any]) -> Any:
    """Return a new worksheet of XlsxWriter with its page and its heading."""
    page = book.add_worksheet(sheet.name)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.set_margins(**MARGINS)
    page.set_footer(FOOTER)
    page.repeat_rows(0)
    if sheet.is_list:
        page.freeze_panes(1, 1)
    for place, heading in enumerate(sheet.headings):
        page.set_column(place, place, sheet.widths[place], formats[place])
        page.write_string(0, place, heading, head)
    return page


def _dressed(made: Any, kind: str) -> Any:
    """Return a new format of either library as the cells of a kind have it."""
    made.set_num_format(NUMBER_FORMATS.get(kind, "@"))
    made.set_align("top")
    if kind == "head":
        made.set_bold()
        made.set_text_wrap()
    if kind in ("date", "datetime"):
        made.set_align("left")
    return made
