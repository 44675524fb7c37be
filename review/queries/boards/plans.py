"""What the plan asks of each part of a board on its day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import prefetch_related_objects

from review.models import Campaign
from review.queries.completion import Cell
from review.queries.schedule import plan_of

ALL = None  # in place of a code: the sum over that dimension
ONE = Decimal(1)


class Plans:
    """Planned shares of a board's rows, columns, cells and whole; one query.

    Each scale has a plan of its own; a part that holds several is asked for their sum, each weighed by how many of it
    are expected there. ``found`` are cells by row, column and scale.
    """

    def __init__(self, campaign: Campaign, day: dt.date, found: Iterable[Cell]) -> None:
        prefetch_related_objects([campaign], "milestones")
        self._shares: dict[str, Decimal] = {}
        self._expected: dict[tuple, int] = defaultdict(int)
        self._asked: dict[tuple, Decimal] = defaultdict(Decimal)
        for cell in found:
            row, column, scale = cell.key[0], cell.key[1], str(cell.key[2])
            if scale not in self._shares:
                self._shares[scale] = plan_of(campaign, scale).share(day)
            number = cell.figures.expected
            for key in ((row, column), (row, ALL), (ALL, column), (ALL, ALL)):
                self._expected[key] += number
                self._asked[key] += self._shares[scale] * number

    def share(self, row: int | str | None = ALL, column: int | str | None = ALL) -> Decimal | None:
        """Return the planned share of a cell, a row, a column or the whole; None where nothing is expected."""
        expected = self._expected.get((row, column), 0)
        return min(self._asked[row, column] / expected, ONE) if expected else None

    def of_scale(self, scale: str) -> Decimal | None:
        """Return the share the plan asks for of a scale; None where nothing of it is expected."""
        return self._shares.get(scale)
