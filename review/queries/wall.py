"""What a display on a wall shows: sums of its area alone, no unit and no list."""

import datetime as dt
from dataclasses import dataclass

from review.models import Campaign, DisplayToken
from review.queries.board import Board, campaigns_to_show, read_board
from review.queries.completion import Figures, completion, folded
from review.queries.displays import scope_of
from review.queries.schedule import Plan, plan_of

WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Wall:
    """All figures of one display as of today; ``before`` are those of the rows a week ago."""

    display: DisplayToken
    board: Board
    before: dict[int | str, Figures]
    plan: Plan
    today: dt.date


def campaign_of(display: DisplayToken) -> Campaign | None:
    """Return the reporting task a display shows: its own, else the newest open one that asks its sector."""
    if display.campaign_id:
        return display.campaign
    rows = campaigns_to_show()
    if display.sector_id:
        asking = set(Campaign.objects.filter(categories__sector=display.sector_id).values_list("pk", flat=True))
        rows = [row for row in rows if row.pk in asking]
    return rows[0] if rows else None


def read_wall(display: DisplayToken, today: dt.date) -> Wall | None:
    """Return the figures of a display, None where no reporting task was launched yet."""
    campaign = campaign_of(display)
    if campaign is None:
        return None
    scope = scope_of(display)
    board = read_board(campaign=campaign, as_of=today, today=today, scope=scope)
    before = folded(completion(campaign=campaign, as_of=today - WEEK, by=board.rows, scope=scope), 0)
    expected = {str(cell.key[0]): cell.figures.expected for cell in board.by_scale}
    return Wall(display, board, before, plan_of(campaign, expected=expected), today)
