"""The panel of places: the map of the districts, and a tile for every district or town."""

from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from review.interfaces.board_page import draw_number, rate_text
from review.interfaces.city_map import WIDTH, city_map
from review.interfaces.panels.completeness import area_name, areas, board_of, expects_something
from review.interfaces.panels.registry import BoardRequest, Panel, register_panel
from review.interfaces.panels.tables import draw_cell
from review.interfaces.wall_drawings import NUDGED, step_of
from review.queries.board import Board
from review.queries.boards.plans import ALL

STEPS = ("0–25%", "25–50%", "50–70%", "70–90%", "90–100%", "100%")


def draw_places(asked: BoardRequest, board: Board) -> SafeString:
    """Draw the map where rows are districts, and the tiles of all rows."""
    return mark_safe(_map(asked, board) + _tiles(asked, board))  # every piece escaped  # nosec B703


def _map(asked: BoardRequest, board: Board) -> str:
    """Draw the districts as shapes that lead to their boards; nothing where a row has no shape, as towns have none."""
    drawn = city_map()
    if board.rows != "district" or not set(board.row_names) <= set(drawn.shapes):
        return ""
    shapes, words = [], []
    for code, shape in drawn.shapes.items():
        if code not in board.row_names:
            shapes.append(f'<path class="rr-map-none" d="{shape.path}"/>')
            continue
        name, rate = escape(board.row_names[code]), rate_text(board.by_row[code].rate)
        sign = asked.page.light(board.by_row[code], code).label
        shapes.append(
            f'<a href="{escape(asked.page.here(county=code))}" aria-label="{name} {rate} {escape(str(sign))}">'
            f'<path class="rr-step-{step_of(board.by_row[code].rate)}" d="{shape.path}"><title>{name} {rate}</title>'
            "</path></a>"
        )
        x, y = (middle + beside for middle, beside in zip(shape.middle, NUDGED.get(code, (0, 0)), strict=True))
        words.append(
            f'<text class="rr-map-name" x="{x:g}" y="{y:g}">{name}</text>'
            f'<text class="rr-map-rate" x="{x:g}" y="{y + 36:g}">{rate}</text>'
        )
    steps = "".join(
        f'<li><span class="rr-map-step rr-step-{place}"></span>{words}</li>' for place, words in enumerate(STEPS)
    )
    note = escape(
        _("Schematic: outlines simplified; the border between Gusu and the Industrial Park is not the real one.")
    )
    label = escape(_("Map of the districts with their rates; each leads to its board"))
    return (
        f'<figure class="rr-map"><svg viewBox="-8 -8 {WIDTH + 16:g} {drawn.height + 16:g}" role="group" '
        f'aria-label="{label}">{"".join(shapes)}{"".join(words)}</svg>'
        f'<figcaption><ul class="rr-map-steps">{steps}</ul>{note}</figcaption></figure>'
    )


def _tiles(asked: BoardRequest, board: Board) -> str:
    tiles = []
    for code, figures in board.by_row.items():
        named, codes = area_name(asked, code), {board.rows: code}
        name = draw_cell(named)
        numbers = "/".join(
            draw_number(getattr(figures, stage), escape(asked.page.list_address(stage, **codes)))
            for stage in ("actual", "expected")
        )
        tiles.append(
            f'<li class="rr-tile rr-step-{step_of(figures.rate)}"><span class="rr-tile-name">{name}</span>'
            f"<b>{rate_text(figures.rate)}</b><span>{numbers}</span>{asked.page.worded_sign(figures, code, ALL)}</li>"
        )
    return f'<ul class="rr-tiles">{"".join(tiles)}</ul>'


register_panel(
    Panel(
        "places", _l("Map and tiles of places"), 50, board_of, areas, draw_places, fits=expects_something,
        on_paper=False, in_workbook=False,
    )
)  # fmt: skip
