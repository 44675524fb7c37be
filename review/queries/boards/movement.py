"""How the parts of a board stood a week before: what a ranking is moved against."""

import datetime as dt

from review.queries.board import Board
from review.queries.completion import Figures, completion, folded

WEEK = dt.timedelta(days=7)


def week_before(board: Board) -> tuple[dict[int | str, Figures], dict[int | str, Figures]]:
    """Return the figures of rows and columns seven days before the board's day, counted as the board's; one query."""
    cells = completion(as_of=board.as_of - WEEK, by=f"{board.rows}_{board.columns}", **board.asked)
    return folded(cells, 0), folded(cells, 1)
