"""A table within a file: where its headings stand, and its rows from there on."""

import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cells import heading_key
from guard import MOST_ROWS, FileRefused

HEADING_WITHIN = 30  # rows from the top: a title, notes and who filled it in may stand above the headings
MOST_COLUMNS = 200
ROWS_A_LINE = 1000
Row = tuple[int, list[str]]


@dataclass
class Table:
    """The rows of a worksheet from its heading row on; ``score`` is how many headings were known."""

    name: str
    number: int
    headings: list[str]
    rows: Iterator[Row]
    score: int


def find_table(name: str, rows: Iterable[Row], known: set[str]) -> Table | None:
    """Return the table of a worksheet, or None when it is blank.

    The heading row is the one of the first rows that holds most known headings; where none is known, the one with most
    cells filled.
    """
    stream = iter(rows)
    top = [row for row in itertools.islice(stream, HEADING_WITHIN) if any(row[1])]
    if not top:
        return None
    filled = [[cell for cell in cells if cell] for _number, cells in top]
    scores = [(sum(heading_key(cell) in known for cell in cells), len(cells)) for cells in filled]
    place = max(range(len(top)), key=lambda index: (*scores[index], -index))
    number, headings = top[place]
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > MOST_COLUMNS:
        raise FileRefused("too_many_columns", count=len(headings), most=MOST_COLUMNS)
    return Table(name, number, headings, itertools.chain(top[place + 1 :], stream), scores[place][0])


def write_rows(table: Table, out: Path) -> int:
    """Write the rows that hold anything, cut to the headings' width; return how many."""
    width, count, batch = len(table.headings), 0, []
    with out.open("w", encoding="utf-8") as file:
        for number, cells in table.rows:
            if not any(cells):
                continue
            count += 1
            if count > MOST_ROWS:
                raise FileRefused("too_many_rows", most=MOST_ROWS)
            batch.append([number, *cells[:width], *[""] * (width - len(cells))])
            if len(batch) == ROWS_A_LINE:
                _write(batch, file)
        if batch:
            _write(batch, file)
    return count


def _write(batch: list, file) -> None:
    file.write(json.dumps(batch, ensure_ascii=False, separators=(",", ":")))
    file.write("\n")
    batch.clear()
