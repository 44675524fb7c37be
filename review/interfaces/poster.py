"""The wall chart (挂图作战) as one sheet of A1: matrix with lights, schedule with milestones, map, who answers."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from review.checks.standing import Standing, standing_of
from review.domain.bulletins.figures import PAPER_LANGUAGE
from review.interfaces.board_page import HEADINGS
from review.interfaces.city_map import WIDTH, city_map
from review.interfaces.wall_drawings import NO_RATE, NUDGED, rate_of, step_of
from review.interfaces.wall_pages import LIGHT_SIGNS
from review.queries.board import Board
from review.queries.completion import Figures, percent
from review.queries.poster import Poster
from review.queries.schedule import Plan
from riskreport.ground.documents.typeset import typeset


def poster_pdf(poster: Poster, *, at: dt.datetime) -> bytes:
    """Return the poster as PDF, 841 × 594 mm."""
    with translation.override(PAPER_LANGUAGE):
        return typeset("poster.typ", poster_data(poster), at=at)


def poster_data(poster: Poster) -> dict[str, Any]:
    """Return what the poster is set from, as plain texts and numbers."""
    board, plan = poster.board, poster.plan
    day = board.as_of
    stands = standing_of(board.total, plan, day)
    return {
        "title": _("Wall chart: %(task)s") % {"task": board.campaign.name},
        "unit": settings.OFFICE_NAME,
        "place": poster.region.display_name,
        "as_of": day.isoformat(),
        "five": _five(board.total),
        "standing": _standing(stands, board.total, plan),
        "matrix": _matrix(board, plan, poster.leads),
        "schedule": _schedule(poster, stands),
        "map": _map(board),
        "areas": [_line(code, name, board.by_row[code], plan, day, poster) for code, name in board.row_names.items()],
    }


def _five(total: Figures) -> list[dict[str, str]]:
    counts = {name: f"{getattr(total, name):,}" for name in ("expected", "actual", "on_time")}
    rates = {name: f"{percent(getattr(total, name)) or NO_RATE}%" for name in ("rate", "rate_on_time")}
    return [{"label": str(HEADINGS[name]), "value": value} for name, value in (counts | rates).items()]


def _standing(stands: Standing, total: Figures, plan: Plan) -> list[dict[str, str]]:
    light = f"{LIGHT_SIGNS[stands.light]} {stands.light.label}"
    return [
        {"label": _("Against the plan"), "value": light},
        {"label": _("The plan asks for"), "value": f"{percent(stands.planned)}%"},
        {"label": str(HEADINGS["open"]), "value": f"{total.open:,}"},
        {"label": _("Due on"), "value": plan.due_on.isoformat()},
        {"label": _("Days left"), "value": str(stands.days_left)},
        {"label": _("Needed a working day"), "value": f"{stands.needed:,}" if stands.needed else NO_RATE},
    ]


def _matrix(board: Board, plan: Plan, leads: dict[str, str]) -> dict[str, Any]:
    """Lines downwards with who leads them, areas across; each cell with its rate, what it is made of, and its light."""
    rows = [
        {
            "name": name,
            "lead": leads.get(str(line), ""),
            "cells": [_cell(board.cells.get((area, line)), plan, board.as_of) for area in board.row_names],
            "sum": _cell(board.by_column[line], plan, board.as_of),
        }
        for line, name in board.column_names.items()
    ]
    sums = [_cell(board.by_row[area], plan, board.as_of) for area in board.row_names]
    return {
        "areas": list(board.row_names.values()),
        "rows": rows,
        "sums": sums,
        "sum": _cell(board.total, plan, board.as_of),
    }


def _cell(figures: Figures | None, plan: Plan, day: dt.date) -> dict[str, Any] | None:
    if figures is None or figures.rate is None:
        return None
    light = standing_of(figures, plan, day).light
    return {
        "rate": rate_of(figures),
        "of": f"{figures.actual:,}/{figures.expected:,}",
        "light": light.value,
        "sign": LIGHT_SIGNS[light],
    }


def _schedule(poster: Poster, stands: Standing) -> dict[str, Any]:
    """The plan as a line from the opening to the last day: its targets, today, and how far the whole has come."""
    plan, day = poster.plan, poster.board.as_of
    length = max((plan.due_on - plan.opens_on).days, 1)

    def across(on: dt.date) -> float:
        return round(min(max((on - plan.opens_on).days / length, 0), 1), 4)

    points = [{"x": 0.0, "y": 0.0}] + [{"x": across(on), "y": float(share)} for on, share in plan.targets]
    return {
        "opens": plan.opens_on.isoformat(),
        "points": points,
        "today": {"x": across(day), "y": float(poster.board.total.rate or 0), "planned": float(stands.planned)},
        "milestones": [
            {"name": one.name, "day": one.due_on.isoformat(), "percent": one.percent, "x": across(one.due_on)}
            for one in poster.milestones
        ],
    }


def _map(board: Board) -> dict[str, Any] | None:
    """The districts as outlines; None where the rows are no districts of the map."""
    drawn = city_map()
    if not board.row_names or not set(board.row_names) <= set(drawn.shapes):
        return None
    shapes = []
    for code, shape in drawn.shapes.items():
        figures = board.by_row.get(code)
        beside = NUDGED.get(code, (0, 0))
        shapes.append(
            {
                "rings": [[list(point) for point in ring] for ring in shape.rings],
                "step": step_of(figures.rate if figures else None),
                "name": board.row_names.get(code, ""),
                "rate": rate_of(figures),
                "x": shape.middle[0] + beside[0],
                "y": shape.middle[1] + beside[1],
            }
        )
    return {"width": WIDTH, "height": drawn.height, "shapes": shapes}


def _line(code: int | str, name: str, figures: Figures, plan: Plan, day: dt.date, poster: Poster) -> dict[str, Any]:
    stands = standing_of(figures, plan, day)
    return {
        "name": name,
        "who": poster.offices.get(int(code), ""),
        "open": f"{figures.open:,}",
        "behind": str(stands.days_behind) if stands.days_behind else NO_RATE,
        "needed": f"{stands.needed:,}" if stands.needed else NO_RATE,
        "light": stands.light.value,
        "sign": LIGHT_SIGNS[stands.light],
    }
