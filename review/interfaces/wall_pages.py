"""The pages of the wall, one after the other: what each is called and what stands on it."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from review.checks.ranking import rank
from review.checks.standing import standing_of
from review.enums import LetterKind, Light
from review.interfaces.board_page import HEADINGS
from review.interfaces.wall_drawings import draw_map, draw_matrix, draw_tiles, rate_of
from review.queries.completion import percent
from review.queries.wall import Wall
from risks.enums import Colour, Level

MOST_RANKED = 12
LIGHT_SIGNS = {Light.AHEAD: "▲", Light.ON: "●", Light.BEHIND: "▼"}


@dataclass(frozen=True)
class Page:
    """A page of the wall: ``key`` names its template, review/wall/_<key>.html, which gets ``shown``."""

    key: str
    title: str
    shown: dict[str, Any] = field(default_factory=dict)

    @property
    def template(self) -> str:
        """The template that draws it."""
        return f"review/wall/_{self.key}.html"


def wall_pages(wall: Wall) -> list[Page]:
    """Return the pages that have something to show, in the order they are turned."""
    if not wall.board.total.expected:
        return [Page("overview", _("Overview"), _overview(wall))]
    pages = [
        Page("overview", _("Overview"), _overview(wall)),
        _areas(wall),
        Page("ranking", _("Ranking by area"), {"rows": _ranking(wall)}),
        _matrix(wall),
        Page("colours", _("Enterprise ratings and risks"), _colours(wall)),
        _letters(wall),
    ]
    return [page for page in pages if page is not None]


def _overview(wall: Wall) -> dict[str, Any]:
    total = wall.board.total
    figures = {name: f"{getattr(total, name):,}" for name in ("expected", "actual", "on_time")}
    figures |= {name: f"{percent(getattr(total, name)) or '—'}%" for name in ("rate", "rate_on_time")}
    tiles = [{"label": HEADINGS[name], "value": value, "name": name} for name, value in figures.items()]
    stands = standing_of(total, wall.plan, wall.today)
    return {
        "tiles": tiles,
        "open": f"{total.open:,}",
        "planned": f"{percent(stands.planned)}%",
        "light": stands.light.value,
        "light_text": f"{LIGHT_SIGNS[stands.light]} {stands.light.label}",
        "behind": stands.days_behind,
        "due": wall.board.campaign.due_on,
        "days_left": stands.days_left,
        "over": wall.today > wall.board.campaign.due_on,
        "working_days_left": stands.working_days_left,
        "needed": f"{stands.needed:,}" if stands.needed else "",
    }


def _areas(wall: Wall) -> Page:
    board = wall.board
    drawn = draw_map(board.row_names, board.by_row)
    if drawn is not None:
        return Page("map", _("Map of the districts (schematic)"), {"map": drawn, "rows": _ranking(wall)})
    return Page("tiles", _("Towns and streets"), {"tiles": draw_tiles(board.row_names, board.by_row)})


def _ranking(wall: Wall) -> list[dict[str, Any]]:
    names, figures = wall.board.row_names, wall.board.by_row
    return [
        {
            "place": one.place,
            "name": names[one.code],
            "rate": rate_of(figures[one.code]),
            "width": round(float(one.rate) * 100, 1),
            "actual": f"{figures[one.code].actual:,}",
            "expected": f"{figures[one.code].expected:,}",
            "moved": _moved(one.moved),
            "way": "up" if one.moved > 0 else "down" if one.moved < 0 else "same",
            "gained": "" if one.gained is None else f"{float(one.gained) * 100:+.1f}",
        }
        for one in rank(figures, wall.before)[:MOST_RANKED]
    ]


def _moved(places: int) -> str:
    """How a place moved since last week, with a sign that needs no colour."""
    return f"▲{places}" if places > 0 else f"▼{-places}" if places < 0 else "—"


def _matrix(wall: Wall) -> Page | None:
    board = wall.board
    if len(board.column_names) < 2 or len(board.row_names) > MOST_RANKED:
        return None
    drawn = draw_matrix(board.row_names, board.column_names, board.cells, board.by_column)
    return Page("matrix", _("Rate by line and by area, per cent"), {"matrix": drawn})


def _letters(wall: Wall) -> Page | None:
    if not wall.letters:
        return None
    rows = [
        {
            "label": LetterKind(one.kind).label,
            "issued": f"{one.issued:,}",
            "under_way": f"{one.under_way:,}",
            "overdue": f"{one.overdue:,}" if one.overdue else "0",
            "late": bool(one.overdue),
        }
        for one in wall.letters
    ]
    return Page("letters", _("Follow-up letters"), {"rows": rows})


def _colours(wall: Wall) -> dict[str, Any]:
    colours, whole = wall.board.colours, sum(wall.board.colours.values()) or 1
    return {
        "colours": [
            {"colour": code, "label": Colour(code).label, "count": f"{count:,}", "width": round(100 * count / whole, 2)}
            for code, count in colours.items()
        ],
        "levels": [
            {"level": code, "label": Level(code).label, "count": f"{count:,}"}
            for code, count in wall.board.levels.items()
        ],
        "whole": f"{sum(wall.board.levels.values()):,}",
    }
