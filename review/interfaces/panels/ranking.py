"""The panel of the ranking: areas and lines by rate, and how they moved since last week."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext

from review.checks.ranking import Ranked, rank
from review.interfaces.board_page import rate_text
from review.interfaces.panels.completeness import area_name, expects_something, light_cell, line_name
from review.interfaces.panels.registry import BoardRequest, Panel, register_panel
from review.interfaces.panels.tables import Cell, Number, Table
from review.queries.boards.movement import week_before
from review.queries.boards.plans import ALL


@dataclass(frozen=True)
class Ranking:
    """Areas and lines by their rate."""

    areas: list[Ranked]
    lines: list[Ranked]


def ranking_of(asked: BoardRequest) -> Ranking:
    """Read how areas and lines stood a week before, and rank them."""
    rows, columns = week_before(asked.board)
    return Ranking(rank(asked.board.by_row, rows), rank(asked.board.by_column, columns))


def ranking(asked: BoardRequest, found: Ranking) -> list[Table]:
    """Return both rankings."""
    page, board = asked.page, asked.board
    headings = [
        pgettext("ranking", "Place"), page.headings["rate"], page.headings["actual"], page.headings["expected"],
        _("Against the plan"), _("Places since last week"), _("Points since last week"),
    ]  # fmt: skip

    def row(one: Ranked, all_of_them: list[Ranked], dimension: str, name: Callable, is_row: bool) -> list[Cell]:
        figures = (board.by_row if is_row else board.by_column)[one.code]
        is_tied = sum(other.place == one.place for other in all_of_them) > 1
        codes = {dimension: one.code}
        return [
            name(asked, one.code),
            _("%(place)s (equal)") % {"place": one.place} if is_tied else str(one.place),
            rate_text(one.rate),
            Number(figures.actual, page.list_address("actual", **codes)),
            Number(figures.expected, page.list_address("expected", **codes)),
            light_cell(page.light(figures, *((one.code, ALL) if is_row else (ALL, one.code)))),
            _moved(one),
            "—" if one.gained is None else f"{float(one.gained) * 100:+.1f}",
        ]

    areas = [row(one, found.areas, board.rows, area_name, True) for one in found.areas]
    lines = [row(one, found.lines, board.columns, line_name, False) for one in found.lines]
    return [
        Table(_("Ranking by area"), [page.row_heading, *headings], areas),
        Table(_("Ranking by line"), [page.column_heading, *headings], lines),
    ]


def _moved(one: Ranked) -> str:
    """How a place moved since last week, with a sign that needs no colour."""
    if one.before is None:
        return _("new")
    return f"▲ {one.moved}" if one.moved > 0 else f"▼ {-one.moved}" if one.moved < 0 else "—"


register_panel(
    Panel(
        "ranking",
        _l("Ranking, and movement since last week"),
        70,
        ranking_of,
        ranking,
        fits=expects_something,
        note=_l(
            "By the exact rate, not the rounded one. Equal rates share a place and the next place is left out after "
            "them (1, 2, 2, 4); among equals the city's own order stays. Movement is against seven days before."
        ),
    )
)
