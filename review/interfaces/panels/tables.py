"""What a panel says, as tables: one declaration drawn on the page, written into the workbook and set on the paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from review.interfaces.board_page import draw_number


@dataclass(frozen=True)
class Number:
    """A count, and the address of the list that holds exactly so many rows."""

    count: int
    address: str
    label: str = ""


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere."""

    text: str
    address: str


@dataclass(frozen=True)
class Marked:
    """Words that are drawn as a badge."""

    text: str
    drawn: SafeString


Cell = str | int | Number | Link | Marked


@dataclass(frozen=True)
class Table:
    """A table: the first cell of a row names it. ``total`` is the last row, ``note`` a sentence beneath."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] = ()
    note: str = ""


def plain(cell: Cell) -> str | int:
    """Return a cell as a workbook or a paper holds it."""
    if isinstance(cell, Number):
        return cell.count
    return cell.text if isinstance(cell, Link | Marked) else cell


def draw_tables(tables: Iterable[Table], *, titled: bool = False) -> SafeString:
    """Draw tables one beneath the other, each with its title where there are several, or ``titled``."""
    found = list(tables)
    drawn = "".join(_draw_table(table, has_title=titled or len(found) > 1) for table in found)
    return mark_safe(drawn)  # every piece was escaped where it was drawn  # nosec B703


def _draw_table(table: Table, *, has_title: bool) -> str:
    heads = [escape(heading) for heading in table.headings]
    first = table.rows[0] if table.rows else ()
    counted = {place for place, cell in enumerate(first) if place and not isinstance(cell, Link | Marked)}
    head = "".join(
        f'<th scope="col"{_number_class(place in counted)}>{words}</th>' for place, words in enumerate(heads)
    )
    rows = "".join(_draw_row(row, heads, counted) for row in table.rows)
    foot = f"<tfoot>{_draw_row(table.total, heads, counted)}</tfoot>" if table.total else ""
    title = f'<h3 class="rr-panel-title">{escape(table.title)}</h3>' if has_title else ""
    note = f'<p class="rr-panel-note">{escape(table.note)}</p>' if table.note else ""
    return (
        f'{title}<div class="rr-scroll" tabindex="0"><table class="table rr-figures rr-panel-table"><thead><tr>{head}'
        f"</tr></thead><tbody>{rows}</tbody>{foot}</table></div>{note}"
    )


def _draw_row(row: Sequence[Cell], heads: list[str], counted: set[int]) -> str:
    name, *cells = row
    drawn = "".join(
        f'<td{_number_class(place in counted)} data-label="{heads[place]}">{draw_cell(cell)}</td>'
        for place, cell in enumerate(cells, start=1)
    )
    return f'<tr><th scope="row">{draw_cell(name)}</th>{drawn}</tr>'


def _number_class(counts: bool) -> str:
    return ' class="rr-int"' if counts else ""


def draw_cell(cell: Cell) -> str:
    """Draw a cell, escaped."""
    if isinstance(cell, Number):
        return draw_number(cell.count, escape(cell.address), escape(cell.label))
    if isinstance(cell, Link):
        return f'<a href="{escape(cell.address)}">{escape(cell.text)}</a>'
    if isinstance(cell, Marked):
        return cell.drawn
    return f"{cell:,}" if isinstance(cell, int) else escape(cell)
