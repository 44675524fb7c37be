"""A board as files: a workbook with a worksheet for each table of each panel, and a paper of A4 pages across."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from review.interfaces.board_choice import board_pills
from review.interfaces.board_page import rate_text
from review.interfaces.panels.registry import BoardRequest, Panel, panels_for, tables_of
from review.interfaces.panels.tables import Table, plain
from riskreport.ground import clock
from riskreport.ground.documents.typeset import typeset
from riskreport.ground.sheets.values import text_of_moment
from riskreport.ground.sheets.workbook import worksheet_name
from riskreport.ground.sheets.writers import Worksheet, write_plainly

PAPER_LANGUAGE = "zh-hans"
NAME_WIDTH, WIDTH = 28, 14


def board_workbook(asked: BoardRequest) -> bytes:
    """Return what is seen as a workbook: numbers as numbers, all else as text, and a worksheet about it.

    A panel that cannot be read is named on that worksheet; the others are there.
    """
    sheets: list[Worksheet] = []
    lost: list[Panel] = []
    for panel in panels_for(asked):
        tables = tables_of(asked, panel) if panel.in_workbook else []
        if tables is None:
            lost.append(panel)
        sheets += [_worksheet(table, {sheet.name for sheet in sheets}) for table in tables or []]
    title = (pgettext("workbook", "Board"), asked.campaign.label)
    about = pgettext("workbook", "About")
    facts = Worksheet(about, title, (22, 70), ("head", "text"), iter(_facts(asked, lost)), is_list=False)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "board.xlsx")
        write_plainly(path, [*sheets, facts])
        return path.read_bytes()


def _worksheet(table: Table, taken: set[str]) -> Worksheet:
    name = worksheet_name(table.title)
    name = next(one for one in _names(name) if one not in taken)
    rows = [*table.rows, table.total] if table.total else list(table.rows)
    cells = [tuple(plain(cell) for cell in row) for row in rows]
    first = cells[0] if cells else ()
    kinds = [
        "int" if place < len(first) and isinstance(first[place], int) else "text"
        for place in range(len(table.headings))
    ]
    widths = [NAME_WIDTH, *[WIDTH] * (len(table.headings) - 1)]
    return Worksheet(name, list(table.headings), widths, kinds, iter(cells))


def _names(name: str) -> Iterator[str]:
    yield name
    for number in range(2, 100):
        yield f"{name} {number}"


def _facts(asked: BoardRequest, lost: list[Panel]) -> list[tuple[str, str]]:
    return [
        (_("As of"), asked.as_of.isoformat()),
        *((pill["label"], pill["words"]) for pill in board_pills(asked)),
        (_("Seen by"), f"{asked.user.name}（{asked.user.department.label}）"),
        (_("Exported at"), text_of_moment(clock.now())),
        *((_("Could not be read"), str(panel.heading)) for panel in lost),
    ]


def board_paper(asked: BoardRequest) -> bytes:
    """Return what is seen as a PDF on A4 across, in Chinese: the five figures, the bars of the areas, the tables.

    A panel that cannot be read is named in its place. Raises NotTypeset.
    """
    with translation.override(PAPER_LANGUAGE):
        at = clock.now()
        return typeset("board.typ", _paper(asked, text_of_moment(at)), at=at)


def _paper(asked: BoardRequest, at: str) -> dict[str, Any]:
    board, page = asked.board, asked.page
    total = board.total
    counts = {name: f"{getattr(total, name):,}" for name in ("expected", "actual", "on_time", "open")}
    rates = {"rate": rate_text(total.rate), "rate_on_time": rate_text(total.rate_on_time)}
    bars = [
        {"name": name, "rate": rate_text(board.by_row[code].rate), "share": float(board.by_row[code].rate or 0)}
        for code, name in board.row_names.items()
    ]
    return {
        "title": _("Completion board"),
        "unit": asked.campaign.label,
        "as_of": asked.as_of.isoformat(),
        "at": at,
        "who": asked.user.department.label,
        "pills": [f"{pill['label']}：{pill['words']}" for pill in board_pills(asked)],
        "figures": [{"label": label, "value": (counts | rates)[name]} for name, label in page.headings.items()],
        "planned": rate_text(board.plans.share()),
        "light": str(page.light(total).label),
        "bars": bars,
        "parts": [_part(asked, panel) for panel in panels_for(asked) if panel.on_paper],
    }


def _part(asked: BoardRequest, panel: Panel) -> dict[str, Any]:
    tables = tables_of(asked, panel)
    return {
        "name": panel.name,
        "heading": str(panel.heading),
        "note": str(panel.note),
        "is_lost": tables is None,
        "tables": [_set_table(table) for table in tables or []],
    }


def _set_table(table: Table) -> dict[str, Any]:
    rows = [*table.rows, table.total] if table.total else list(table.rows)
    words = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in map(plain, row)] for row in rows]
    return {
        "title": table.title,
        "headings": [str(heading) for heading in table.headings],
        "rows": words,
        "has_total": bool(table.total),
        "note": table.note,
    }
