"""How many of the filed reports say that there is no larger-and-above risk, by area and by line."""

from collections import defaultdict

from django.db.models import Count, Q

from review.queries.board import Board
from review.queries.completion import DIMENSIONS, expected_filings, filed_q

ZERO_RISK = Q(first_filed_at__isnull=False, risks_major=0, risks_larger=0)
Shares = dict[int | str, tuple[int, int]]


def zero_risk_of(board: Board) -> tuple[Shares, Shares]:
    """Return (filed, zero-risk of them) of each row and each column of a board on its day; one query.

    Filed are those the board counts as filed. What a report says is what its last final report said.
    """
    there = expected_filings(campaign=board.campaign, as_of=board.as_of, scope=board.scope)
    rows = there.filter(board.narrowing.q(board.sectors), filed_q(board.as_of)).order_by()
    groups = {"by_row": DIMENSIONS[board.rows], "by_column": DIMENSIONS[board.columns]}
    found = rows.values(**groups).annotate(n=Count("*"), n_zero=Count("pk", filter=ZERO_RISK))
    by_row: Shares = defaultdict(lambda: (0, 0))
    by_column: Shares = defaultdict(lambda: (0, 0))
    for row, column, filed, zero in found.values_list("by_row", "by_column", "n", "n_zero"):
        by_row[row] = by_row[row][0] + filed, by_row[row][1] + zero
        by_column[column] = by_column[column][0] + filed, by_column[column][1] + zero
    return dict(by_row), dict(by_column)
