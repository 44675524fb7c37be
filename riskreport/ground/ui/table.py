"""A sheet's rows as a table, drawn in Python and escaped cell by cell; on a phone each row becomes a card."""

from collections.abc import Callable
from html import escape
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from riskreport.ground.sheets.declaration import Column
from riskreport.ground.sheets.selection import Selection
from riskreport.ground.sheets.values import text_of
from riskreport.ground.ui.icons import draw_icon

KIND_CSS = {"int": "rr-int", "date": "rr-date", "datetime": "rr-date"}
NONE = '<span class="rr-none">—</span>'


def draw_table(selection: Selection, rows: list) -> SafeString:
    """Return the table of ``rows`` with the columns and the order of a selection."""
    cells = [_cell_drawer(column, selection, first=number == 0) for number, column in enumerate(selection.columns)]
    row_css = selection.sheet.row_css
    lines = []
    for row in rows:
        css = row_css(row) if row_css else ""
        opening = f'<tr class="{escape(css)}">' if css else "<tr>"
        lines.append(opening + "".join([draw(row) for draw in cells]) + "</tr>")
    head = mark_safe("".join(_heading(column, selection) for column in selection.columns))  # by format_html  # nosec B703
    body = mark_safe("".join(lines))  # every cell is escaped where it is drawn  # nosec B703
    return format_html(
        '<table class="table table-hover rr-table"><caption class="visually-hidden">{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table>",
        selection.sheet.title,
        head,
        body,
    )


def _heading(column: Column, selection: Selection) -> str:
    css = _css(column)
    if not column.sort:
        return format_html('<th scope="col" class="{}">{}</th>', css, column.heading)
    up, down = selection.sort == column.key, selection.sort == f"-{column.key}"
    mark = draw_icon("arrow-up" if up else "arrow-down" if down else "chevron-up-down", 14)
    state = format_html(' aria-sort="{}"', "ascending" if up else "descending") if up or down else ""
    return format_html(
        '<th scope="col" class="{}"{}><a href="{}" title="{}">{}{}</a></th>',
        css,
        state,
        selection.address(sort=f"-{column.key}" if up else column.key),
        _("Sort by this column"),
        column.heading,
        mark,
    )


def _css(column: Column) -> str:
    return f"{KIND_CSS.get(column.kind, '')} {column.css}".strip()


def _cell_drawer(column: Column, selection: Selection, *, first: bool) -> Callable[[Any], str]:
    """Return a function that draws this column's cell of a row; what does not change from row to row is built once."""
    read = column.reader(unmasked=selection.unmasked)
    kind, draw, link = column.kind, column.draw, column.link
    label = escape(str(column.heading))
    css = f' class="{escape(_css(column))}"' if _css(column) else ""
    opening, closing = (f'<th scope="row"{css}>', "</th>") if first else (f'<td{css} data-label="{label}">', "</td>")

    def cell(row: Any) -> str:
        value = read(row)
        shown = (conditional_escape(draw(row, value)) if draw else escape(text_of(value, kind))) or NONE
        if link and (address := link(row)):
            shown = f'<a href="{escape(address)}">{shown}</a>'
        return f"{opening}{shown}{closing}"

    return cell
