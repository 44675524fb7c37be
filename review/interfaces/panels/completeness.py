"""Panels of completeness: the five figures, areas, lines, scales, and areas by lines, each with the plan's light."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from review.enums import Light
from review.interfaces.board_page import SIGNS, rate_text
from review.interfaces.panels.registry import BoardRequest, Panel, register_panel
from review.interfaces.panels.tables import Cell, Link, Marked, Number, Table, draw_tables
from review.queries.board import Board
from review.queries.boards.plans import ALL
from review.queries.completion import Figures
from riskreport.ground.ui.badges import status_badge

TONES = {Light.AHEAD: "ok", Light.ON: "neutral", Light.BEHIND: "bad"}


def board_of(asked: BoardRequest) -> Board:
    """Read the figures of the board, which several panels share."""
    return asked.board


def light_cell(stands: Light) -> Marked:
    """Return a light as a badge: its word, and a shape."""
    return Marked(str(stands.label), status_badge(stands.label, TONES[stands]))


def figure_headings(asked: BoardRequest, first: str) -> list[str]:
    """Return the headings of a table of the five figures, with the plan and its light."""
    return [first, *asked.page.headings.values(), _("Planned"), _("Against the plan")]


def figure_cells(asked: BoardRequest, one: Figures, at: tuple, codes: dict[str, Any]) -> list[Cell]:
    """Return figures, what is open, the planned share and the light of a part; ``at`` is its row and column."""
    page, counts = asked.page, ("expected", "actual", "on_time", "open")
    found = {name: Number(getattr(one, name), page.list_address(name, **codes)) for name in counts}
    rates = {"rate": rate_text(one.rate), "rate_on_time": rate_text(one.rate_on_time)}
    cells = [(found | rates)[name] for name in page.headings]
    return [*cells, rate_text(page.board.plans.share(*at)), light_cell(page.light(one, *at))]


def total_row(asked: BoardRequest) -> list[Cell]:
    """Return the row of sums of a table of figures."""
    return [_("Total"), *figure_cells(asked, asked.board.total, (ALL, ALL), {})]


def area_name(asked: BoardRequest, code: int | str) -> str | Link:
    """Return the name of a row, as the way to the board of that county or town."""
    board, name = asked.board, asked.board.row_names[code]
    if board.rows == "district":
        return Link(name, asked.page.here(county=code))
    return name if board.narrowing.town else Link(name, asked.page.here(county=int(code) // 1000, town=code))


def line_name(asked: BoardRequest, code: int | str) -> str | Link:
    """Return the name of a column, as the way to its categories where it has some."""
    name = asked.board.column_names[code]
    return Link(name, asked.page.here(sector=code)) if asked.board.columns == "sector" else name


def areas(asked: BoardRequest, board: Board) -> list[Table]:
    """Return the figures of every area."""
    rows = [
        [area_name(asked, code), *figure_cells(asked, one, (code, ALL), {board.rows: code})]
        for code, one in board.by_row.items()
    ]
    heading = asked.page.row_heading
    return [Table(_("By area"), figure_headings(asked, heading), rows, total_row(asked))]


def lines(asked: BoardRequest, board: Board) -> list[Table]:
    """Return the figures of every line, and of every scale where there are several."""
    rows = [
        [line_name(asked, code), *figure_cells(asked, one, (ALL, code), {board.columns: code})]
        for code, one in board.by_column.items()
    ]
    return [Table(_("By line"), figure_headings(asked, asked.page.column_heading), rows, total_row(asked))]


def scales(asked: BoardRequest, board: Board) -> list[Table]:
    """Return the figures of every scale, without the plan of the whole, which is none of theirs."""
    rows = []
    for cell in board.by_scale:
        plan = board.plans.of_scale(cell.key[0])
        named = figure_cells(asked, cell.figures, (ALL, ALL), {"scale": cell.key[0]})[:-2]
        rows.append([cell.labels[0], *named, rate_text(plan), light_cell(asked.page.against(cell.figures, plan))])
    return [Table(_("By scale"), figure_headings(asked, _("Scale")), rows)]


def figures(asked: BoardRequest, board: Board) -> list[Table]:
    """Return the five figures of the whole board."""
    return [Table(_("The five figures"), figure_headings(asked, ""), [total_row(asked)])]


def draw_figures(asked: BoardRequest, board: Board) -> SafeString:
    """Draw the five figures as tiles, and how they stand to the plan."""
    planned, stands = board.plans.share(), asked.page.light(board.total)
    context = {
        "tiles": asked.page.tiles,
        "planned": rate_text(planned),
        "light": light_cell(stands).drawn,
        "has_plan": planned is not None,
    }
    return render_to_string("review/board/_figures.html", context)


def draw_areas(asked: BoardRequest, board: Board) -> SafeString:
    """Draw the bars of the areas, and the table they are drawn from."""
    bars = render_to_string("review/board/_chart.html", {"chart": asked.page.chart})
    return mark_safe(bars + draw_tables(areas(asked, board)))  # both escaped  # nosec B703


def matrix(asked: BoardRequest, board: Board) -> list[Table]:
    """Return the rate of every area in every line, with the sign of its light and what it is made of."""

    def said(row: int | str, column: int | str) -> str:
        one = board.cells.get((row, column))
        if one is None:
            return "—"
        return f"{SIGNS[asked.page.light(one, row, column)]} {rate_text(one.rate)} ({one.actual}/{one.expected})"

    rows = [
        [name, *(said(row, column) for column in board.column_names), rate_text(board.by_row[row].rate)]
        for row, name in board.row_names.items()
    ]
    total = [_("Total"), *(rate_text(one.rate) for one in board.by_column.values()), rate_text(board.total.rate)]
    headings = [asked.page.row_heading, *board.column_names.values(), _("Total")]
    return [Table(_("By area and by line"), headings, rows, total)]


def draw_matrix(asked: BoardRequest, board: Board) -> SafeString:
    """Draw the matrix with every number as a link."""
    return mark_safe(f'<div class="rr-scroll" tabindex="0">{asked.page.matrix}</div>')  # drawn safe  # nosec B703


def expects_something(asked: BoardRequest) -> bool:
    """A board on which something is expected."""
    return bool(asked.board.total.expected)


def has_scales(asked: BoardRequest) -> bool:
    """A board whose units are of several scales."""
    return len(asked.board.by_scale) > 1


LIGHT_NOTE = _l(
    "Signs: ▲ ahead of plan, ● on plan, ▼ behind plan; ahead and behind mean more than 10 points off what the "
    "milestones ask for by this day."
)
register_panel(
    Panel("figures", _l("The five figures"), 10, board_of, figures, draw_figures, at_once=True)
)  # fmt: skip
register_panel(
    Panel(
        "areas", _l("By area"), 20, board_of, areas, draw_areas, fits=expects_something, at_once=True, note=LIGHT_NOTE
    )
)  # fmt: skip
register_panel(Panel("lines", _l("By line"), 30, board_of, lines, fits=expects_something, at_once=True))
register_panel(Panel("scales", _l("By scale"), 40, board_of, scales, fits=has_scales, at_once=True))
register_panel(
    Panel(
        "matrix",
        _l("By area and by line"),
        60,
        board_of,
        matrix,
        draw_matrix,
        fits=expects_something,
        note=_l("Each cell: the light of the plan and the rate; filed of expected; the rate on time where it differs."),
    )
)
