"""Completeness: five figures, never one, for any day, from the dates that filings carry.

``expected`` are the obligations a day counts: joined on or before it, not yet left on it, nor away on it. ``actual``
are those of them filed on or before the day, ``on_time`` those filed by their own due day besides. A reopened report
stays filed. Lists filter by the very conditions below, so a figure and the list behind it cannot differ. What was
counted before comes from the tallies (queries.tallies), the rest is counted by these conditions; check_progress proves
that both say the same.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, ExpressionWrapper, F, IntegerField, Q, QuerySet, Sum, Value

from enterprises.models.places import COUNTY_DIVISOR
from enterprises.queries.scope import Scope
from review.enums import FilingKind
from review.models import Campaign, Filing, Tally
from review.queries.tallies import Marks, Parts, is_of_counties, parts, read_marks

WHOLE = Scope(ranges=((0, 999_999_999),))
DIMENSIONS = {
    "district": ExpressionWrapper(F("town_id") / COUNTY_DIVISOR, output_field=IntegerField()),
    "town": F("town_id"),
    "sector": F("category__sector_id"),
    "category": F("category_id"),
    "scale": F("scale"),
}
ROWS, COLUMNS = ("district", "town"), ("sector", "category")
MATRICES: dict[str, tuple[str, ...]] = {f"{row}_{column}": (row, column) for row in ROWS for column in COLUMNS}
GROUPINGS: dict[str, tuple[str, ...]] = {
    "total": (),
    **{name: (name,) for name in DIMENSIONS},
    **MATRICES,
    **{f"{name}_scale": (*dimensions, "scale") for name, dimensions in MATRICES.items()},
}
BY_SCALE_TOO = {f"{by}_scale": (*names, "scale") for by, names in GROUPINGS.items() if len(names) == 2}
TENTH = Decimal("0.1")
COUNTS = ("n_expected", "n_actual", "n_on_time")


@dataclass(frozen=True)
class Figures:
    """The five figures. A rate is an exact share of one, or None when nothing is expected."""

    expected: int = 0
    actual: int = 0
    on_time: int = 0

    @property
    def rate(self) -> Decimal | None:
        """The share of the expected that has been filed."""
        return Decimal(self.actual) / self.expected if self.expected else None

    @property
    def rate_on_time(self) -> Decimal | None:
        """The share of the expected that was filed on time."""
        return Decimal(self.on_time) / self.expected if self.expected else None

    @property
    def open(self) -> int:
        """How many are expected and not filed."""
        return self.expected - self.actual

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(self.expected + other.expected, self.actual + other.actual, self.on_time + other.on_time)


@dataclass(frozen=True)
class Cell:
    """The figures of one group. ``key`` holds its codes in the order of the grouping; empty for the total."""

    key: tuple[int | str, ...]
    figures: Figures


def percent(share: Decimal | None) -> str:
    """Return a share as per cent with one decimal, for example ``93.2``, or an empty string for None.

    Never rounds up to 100.0 while one is missing, nor down to 0.0 when one has filed: both would be read as a fact.
    """
    if share is None:
        return ""
    shown = (share * 100).quantize(TENTH, ROUND_HALF_UP)
    if shown == 100 and share < 1:
        shown = 100 - TENTH
    elif shown == 0 and share > 0:
        shown = TENTH
    return str(shown)


def expected_q(as_of: dt.date) -> Q:
    """Return the condition of an obligation that the day counts."""
    counted = Q(kind=FilingKind.OBLIGATION, joined_on__lte=as_of)
    there = Q(away_from__isnull=True) | Q(away_from__gt=as_of) | Q(away_until__lte=as_of)
    return counted & (Q(left_on__isnull=True) | Q(left_on__gt=as_of)) & there


def filed_q(as_of: dt.date) -> Q:
    """Return the condition of a filing that had been filed by the end of the day."""
    return Q(first_filed_on__lte=as_of)


def on_time_q(as_of: dt.date) -> Q:
    """Return the condition of a filing that had been filed by the day, and by its own due day."""
    return filed_q(as_of) & Q(first_filed_on__lte=F("due_on"))


def open_q(as_of: dt.date) -> Q:
    """Return the condition of a filing that had not been filed by the end of the day."""
    return Q(first_filed_on__isnull=True) | Q(first_filed_on__gt=as_of)


STAGES = {
    "expected": expected_q,
    "actual": lambda as_of: expected_q(as_of) & filed_q(as_of),
    "on_time": lambda as_of: expected_q(as_of) & on_time_q(as_of),
    "late": lambda as_of: expected_q(as_of) & filed_q(as_of) & Q(first_filed_on__gt=F("due_on")),
    "open": lambda as_of: expected_q(as_of) & open_q(as_of),
    "overdue": lambda as_of: expected_q(as_of) & open_q(as_of) & Q(due_on__lt=as_of),
}


def expected_filings(*, campaign: Campaign, as_of: dt.date, scope: Scope = WHOLE) -> QuerySet[Filing]:
    """Return the obligations of a campaign that the day counts, within a scope."""
    return Filing.objects.filter(scope.q(), expected_q(as_of), campaign=campaign)


def completion(
    *,
    campaign: Campaign,
    as_of: dt.date,
    by: str = "total",
    scope: Scope = WHOLE,
    within: Q | None = None,
    marks: Marks | None = None,
) -> list[Cell]:
    """Return the figures of a campaign on a day, one cell per group that has an obligation; one query.

    ``by`` is a key of GROUPINGS or BY_SCALE_TOO: cells come in ascending order of their codes (queries.board puts names
    and the city's own order to them); ``total`` always gives one cell. ``within`` narrows further, by conditions on the
    filing. Not told what is marked, it asks: one more query.
    Raises KeyError for an unknown grouping.
    """
    names = BY_SCALE_TOO[by] if by in BY_SCALE_TOO else GROUPINGS[by]
    groups = {f"by_{name}": DIMENSIONS[name] for name in names}
    split = parts_by(campaign, scope, within, marks, by_town="town" in names)
    sums: dict[tuple[int | str, ...], Figures] = {} if names else {(): Figures()}
    for row in _both(campaign, as_of, split, groups):
        key = tuple(row[1 : 1 + len(names)])
        sums[key] = sums.get(key, Figures()) + Figures(*row[1 + len(names) :])
    return [Cell(key, sums[key]) for key in sorted(sums) if sums[key].expected or not names]


def parts_by(
    campaign: Campaign, scope: Scope, within: Q | None, marks: Marks | None, *, by_town: bool = False
) -> Parts:
    """Return which filings of a campaign the tallies count and which are counted one by one."""
    condition = scope.q() if within is None else scope.q() & within
    if by_town or not is_of_counties(condition):
        return Parts(None, condition)
    known = read_marks(campaign) if marks is None else marks
    return parts(condition, known.filings, whole=known.whole)


def tallied_after(campaign: Campaign, day: dt.date, condition: Q) -> QuerySet[Tally]:
    """Return the rows of the tallies whose sum is what a campaign counts on the day, under a condition."""
    return Tally.objects.filter(condition, campaign=campaign, day__gt=day).order_by()


def _both(campaign: Campaign, as_of: dt.date, split: Parts, groups: dict[str, Any]) -> QuerySet:
    """Return rows of the campaign, the groups and the three figures, from the tallies and counted, in one query."""
    columns = ("campaign_id", *groups, *COUNTS)
    found = []
    if split.tallied is not None:
        rows = tallied_after(campaign, as_of, split.tallied).values("campaign_id", **groups)
        found.append(rows.annotate(**{name: Sum(name.removeprefix("n_")) for name in COUNTS}).values_list(*columns))
    if split.single is not None:
        rows = expected_filings(campaign=campaign, as_of=as_of).filter(split.single).order_by()
        counts = {
            "n_expected": Count("*"),
            "n_actual": Count(Value(1), filter=filed_q(as_of)),
            "n_on_time": Count(Value(1), filter=on_time_q(as_of)),
        }
        found.append(rows.values("campaign_id", **groups).annotate(**counts).values_list(*columns))
    return found[0].union(*found[1:], all=True)


def folded(cells: Iterable[Cell], position: int) -> dict[int | str, Figures]:
    """Return the figures summed by the code at one position of the keys: the margins of a matrix."""
    return {cell.key[0]: cell.figures for cell in narrowed(cells, slice(position, position + 1))}


def narrowed(cells: Iterable[Cell], positions: slice) -> list[Cell]:
    """Return the figures summed by these positions of the keys, in the order in which they are first met."""
    sums: dict[tuple[int | str, ...], Figures] = {}
    for cell in cells:
        key = cell.key[positions]
        sums[key] = sums.get(key, Figures()) + cell.figures
    return [Cell(key, figures) for key, figures in sums.items()]


def total_of(cells: Iterable[Cell]) -> Figures:
    """Return the sum of all cells."""
    return sum((cell.figures for cell in cells), Figures())
