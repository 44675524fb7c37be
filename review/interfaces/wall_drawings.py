"""What is drawn on the wall: the map, the tiles of towns, the matrix; as HTML and SVG, so that nothing has to be kept.

Each drawing is whole in itself and is put in the place of the one before: a screen that shows the wall for weeks holds
no chart, no listener and no figure of yesterday.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from review.interfaces.city_map import WIDTH, city_map
from review.queries.completion import Figures, percent

STEPS = ((1.0, 5), (0.9, 4), (0.7, 3), (0.5, 2), (0.25, 1))
NO_RATE = "—"
# Where a name beside its rate would cover a smaller neighbour, it is written this much beside the middle.
NUDGED = {320508: (-42, 12), 320576: (14, -6), 320583: (22, 34), 320505: (-36, 4), 320507: (30, -34), 320506: (-30, 60)}


def step_of(share: Any) -> int:
    """Return how dark a rate is drawn, 0 to 5; the number always stands beside it."""
    return 0 if share is None else next((step for least, step in STEPS if share >= least), 0)


def rate_of(figures: Figures | None) -> str:
    """Return a rate as the wall writes it."""
    shown = percent(figures.rate) if figures is not None else ""
    return f"{shown}%" if shown else NO_RATE


def draw_map(names: Mapping[Any, str], by_row: Mapping[Any, Figures]) -> SafeString | None:
    """Return the map of the districts with their rates; None where a row has no shape, as towns have none."""
    drawn = city_map()
    if not names or not set(names) <= set(drawn.shapes):
        return None
    shapes, words = [], []
    for code, shape in drawn.shapes.items():
        figures = by_row.get(code)
        shapes.append(f'<path class="wall-step-{step_of(figures.rate if figures else None)}" d="{shape.path}"/>')
        if code in names:
            x, y = (middle + beside for middle, beside in zip(shape.middle, NUDGED.get(code, (0, 0)), strict=True))
            words.append(
                f'<text class="wall-map-name" x="{x:g}" y="{y:g}">{escape(names[code])}</text>'
                f'<text class="wall-map-rate" x="{x:g}" y="{y + 42:g}">{rate_of(figures)}</text>'
            )
    said = escape(_("Map of the districts with their rates; the same figures stand in the ranking"))
    return mark_safe(  # paths and numbers of our own, names escaped  # nosec B703
        f'<svg class="wall-map" viewBox="-8 -8 {WIDTH + 16:g} {drawn.height + 16:g}" role="img" aria-label="{said}">'
        f"{''.join(shapes)}{''.join(words)}</svg>"
    )


def draw_tiles(names: Mapping[Any, str], by_row: Mapping[Any, Figures]) -> SafeString:
    """Return a tile for each town: name, rate, filed of expected."""
    tiles = "".join(
        f'<li class="wall-tile wall-step-{step_of(by_row[code].rate)}"><span>{escape(name)}</span>'
        f"<b>{rate_of(by_row[code])}</b><small>{by_row[code].actual:,}/{by_row[code].expected:,}</small></li>"
        for code, name in names.items()
    )
    crowd = "many" if len(names) > 15 else "few"
    return mark_safe(f'<ul class="wall-tiles wall-tiles-{crowd}">{tiles}</ul>')  # names escaped  # nosec B703


def draw_matrix(
    rows: Mapping[Any, str], columns: Mapping[Any, str], cells: Mapping[tuple, Figures], sums: Mapping[Any, Figures]
) -> SafeString:
    """Return the rates by line and area: lines downwards, areas across, so that long names of lines have room.

    ``rows`` are the areas, ``columns`` the lines, as the board has them; ``sums`` are those of the lines.
    """
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in rows.values())
    lines = []
    for line, name in columns.items():
        drawn = "".join(_cell(cells.get((area, line))) for area in rows)
        lines.append(f'<tr><th scope="row">{escape(name)}</th>{drawn}{_cell(sums.get(line), "wall-sum ")}</tr>')
    said, whole = escape(_("Rates by line and by area")), escape(_("Total"))
    return mark_safe(  # numbers, and names escaped  # nosec B703
        f'<table class="wall-matrix"><caption class="wall-hidden">{said}</caption><thead><tr><td></td>{head}'
        f'<th scope="col" class="wall-sum">{whole}</th></tr></thead><tbody>{"".join(lines)}</tbody></table>'
    )


def _cell(figures: Figures | None, css: str = "") -> str:
    if figures is None or figures.rate is None:
        return f'<td class="{css}wall-none">{NO_RATE}</td>'
    # A cell is read from five metres: whole per cent, and never 100 while one is missing.
    whole = int(figures.rate * 100)
    return f'<td class="{css}wall-step-{step_of(figures.rate)}">{whole}</td>'
