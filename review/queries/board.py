"""What every board shows: completion with names in the city's order, states, colours, risk levels."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, Sum, Value
from django.db.models.functions import Coalesce

from enterprises.enums import Scale
from enterprises.models import Category, Region, Sector
from enterprises.models.places import COUNTY_DIVISOR
from enterprises.queries.bodies import seen_scope
from enterprises.queries.scope import Scope
from review.enums import FUNNEL, CampaignState
from review.models import Campaign, RiskTally
from review.models.tally import RATED
from review.queries.boards.plans import Plans
from review.queries.completion import (
    GROUPINGS,
    WHOLE,
    Cell,
    Figures,
    completion,
    expected_filings,
    folded,
    narrowed,
    parts_by,
    tallied_after,
    total_of,
)
from review.queries.tallies import Marks, is_of_counties, parts, read_marks
from risks.enums import LARGER_AND_ABOVE, Colour, Level, RiskState
from risks.models import Rating, Risk


@dataclass(frozen=True)
class NamedCell:
    """A cell with the name of each of its codes in the active language."""

    key: tuple[int | str, ...]
    labels: tuple[str, ...]
    figures: Figures


def named_cells(cells: Iterable[Cell], *, by: str) -> list[NamedCell]:
    """Return the cells with names, in the city's own order; one query per dimension but scale."""
    found = list(cells)
    names = GROUPINGS[by]
    known = [labels_of(name, {cell.key[place] for cell in found}) for place, name in enumerate(names)]
    order = [{code: rank for rank, code in enumerate(labels)} for labels in known]
    found.sort(key=lambda cell: tuple(ranks[code] for ranks, code in zip(order, cell.key, strict=True)))
    return [
        NamedCell(cell.key, tuple(labels[code] for labels, code in zip(known, cell.key, strict=True)), cell.figures)
        for cell in found
    ]


def labels_of(dimension: str, codes: Iterable[int | str]) -> dict[int | str, str]:
    """Return code → name in the active language, in the order boards are read in (Region.order for districts)."""
    wanted = set(codes)
    if dimension == "scale":
        return {scale.value: str(scale.label) for scale in Scale if scale.value in wanted}
    if dimension == "sector":
        return {row.pk: row.label for row in Sector.objects.filter(pk__in=wanted)}
    if dimension == "category":
        return {row.pk: row.label for row in Category.objects.filter(pk__in=wanted)}
    places = Region.objects.filter(pk__in=wanted)
    if dimension == "town":
        places = places.order_by("parent__order", "order", "code")
    return {row.pk: row.label for row in places}


def count_by_state(
    *,
    campaign: Campaign,
    today: dt.date,
    scope: Scope = WHOLE,
    within: Q | None = None,
    marks: Marks | None = None,
) -> dict[str, int]:
    """Return how many expected obligations stand in each state today, in the order of the way.

    One query; where something is marked, one more for what is counted one by one.
    """
    split = parts_by(campaign, scope, within, marks)
    states = [state.value for state in FUNNEL]
    found = _tallied(campaign, today, split.tallied, states)
    if split.single is not None:
        rows = expected_filings(campaign=campaign, as_of=today).filter(split.single).order_by()
        found.update(dict(rows.values_list("state").annotate(n=Count("*"))))
    return {state: found[state] for state in states}


def count_by_colour(
    *,
    campaign: Campaign,
    today: dt.date,
    expected: int,
    scope: Scope = WHOLE,
    within: Q | None = None,
    marks: Marks | None = None,
) -> dict[str, int]:
    """Return how many of the units expected today have each colour; queries as count_by_state. Unrated units are grey.

    ``expected`` is how many there are: the ratings are counted, which are fewer and narrower than the filings.
    """
    split = parts_by(campaign, scope, within, marks)
    found = _tallied(campaign, today, split.tallied, RATED)
    if split.single is not None:
        rows = expected_filings(campaign=campaign, as_of=today).filter(split.single).order_by()
        ratings = Rating.objects.filter(is_current=True, enterprise__in=rows.values("enterprise_id")).order_by()
        found.update(dict(ratings.exclude(colour=Colour.GREY).values_list("colour").annotate(n=Count("*"))))
    found[Colour.GREY.value] = expected - sum(found.values())
    return {colour.value: found[colour.value] for colour in Colour}


def _tallied(campaign: Campaign, today: dt.date, condition: Q | None, columns: Sequence[str]) -> Counter[str]:
    """Return the sums of columns of the tallies as of today; nothing without a condition."""
    if condition is None:
        return Counter()
    found = tallied_after(campaign, today, condition).aggregate(**{f"n_{name}": Sum(name) for name in columns})
    return Counter({name: found[f"n_{name}"] or 0 for name in columns})


def current_rating() -> FilteredRelation:
    """Return the join from a filing to its unit's current rating; annotate it as ``rated``."""
    return FilteredRelation("enterprise__ratings", condition=Q(enterprise__ratings__is_current=True))


def colour_or_grey() -> Coalesce:
    """Return the colour of ``rated``; grey where the unit has none, as it has not reported."""
    return Coalesce(F("rated__colour"), Value(Colour.GREY.value))


def count_by_level(*, scope: Scope, within: Q | None = None, marks: Marks | None = None) -> dict[str, int]:
    """Return how many active ledger risks there are at each level that must be reported; queries as count_by_state."""
    condition = scope.q() & (within or Q())
    known = marks if marks is not None or not is_of_counties(condition) else read_marks(None)
    split = parts(condition, known.risks if known else {}, whole=known.whole if known else False)
    found: Counter[str] = Counter()
    if split.tallied is not None:
        tallied = RiskTally.objects.filter(split.tallied).order_by()
        found.update(dict(tallied.values_list("level").annotate(total=Sum("n"))))
    if split.single is not None:
        rows = Risk.objects.filter(split.single, state=RiskState.ACTIVE).order_by()
        found.update(dict(rows.values_list("level").annotate(n=Count("*"))))
    return {level.value: found[level.value] for level in Level if level in LARGER_AND_ABOVE}


@dataclass(frozen=True)
class Narrowing:
    """A board looked at more closely: one county, one town, one sector, and what one department handles; or all.

    ``seen_by`` is the department's code; it narrows the scope (``seen_scope``), the others are conditions on rows.
    """

    county: int | None = None
    sector: str = ""
    town: int | None = None
    seen_by: str = ""

    def q(self, sectors: dict[str, str], *, town: str = "town_id", category: str = "category_id") -> Q:
        """Return the condition on rows with a town and a category; ``sectors`` maps category to sector code."""
        condition = Q()
        if self.town:
            condition &= Q(**{town: self.town})
        if self.county:
            low = self.county * COUNTY_DIVISOR
            condition &= Q(**{f"{town}__gte": low, f"{town}__lt": low + COUNTY_DIVISOR})
        if self.sector:
            own = sorted(code for code, sector in sectors.items() if sector == self.sector)
            condition &= Q(**{f"{category}__in": own})
        return condition

    def codes(self) -> dict[str, int | str]:
        """Return the codes by dimension, for the addresses of lists."""
        asked = {"district": self.county, "town": self.town, "sector": self.sector, "seen_by": self.seen_by}
        return {name: code for name, code in asked.items() if code}


@dataclass(frozen=True)
class Board:
    """The figures of a board. ``rows`` and ``columns`` name the dimensions of the matrix; today's counts are read late.

    ``scope`` is what the board is asked for: the person's, or what of it one department handles. ``ledger`` is what
    risks are counted of: this board, or the one sector that its campaign asks.
    """

    campaign: Campaign
    as_of: dt.date
    today: dt.date
    scope: Scope
    narrowing: Narrowing
    sectors: dict[str, str]
    rows: str
    columns: str
    row_names: dict[int | str, str]
    column_names: dict[int | str, str]
    cells: dict[tuple, Figures]
    by_row: dict[int | str, Figures]
    by_column: dict[int | str, Figures]
    by_scale: list[NamedCell]
    total: Figures
    plans: Plans
    marks: Marks
    ledger: Narrowing

    @property
    def asked(self) -> dict[str, Any]:
        """What counts of this board's filings are asked with: campaign, scope, what it is narrowed to, marks."""
        within = self.narrowing.q(self.sectors)
        return {"campaign": self.campaign, "scope": self.scope, "within": within, "marks": self.marks}

    @cached_property
    def states(self) -> dict[str, int]:
        """Obligations expected today by state."""
        return count_by_state(today=self.today, **self.asked)

    @cached_property
    def colours(self) -> dict[str, int]:
        """Units expected today by colour."""
        return count_by_colour(today=self.today, expected=sum(self.states.values()), **self.asked)

    @cached_property
    def levels(self) -> dict[str, int]:
        """Active risks of the ledger here by level."""
        return count_by_level(scope=self.scope, within=self.ledger.q(self.sectors), marks=self.marks)


def campaigns_to_show() -> list[Campaign]:
    """Return the campaigns that were launched, open ones first and the newest of them first."""
    launched = Campaign.objects.exclude(state=CampaignState.DRAFT).order_by("-opens_on", "code")
    return sorted(launched, key=lambda campaign: campaign.state != CampaignState.OPEN)


def read_board(
    *, campaign: Campaign, as_of: dt.date, today: dt.date, scope: Scope, narrowing: Narrowing | None = None
) -> Board:
    """Return the figures of a board for a scope; eight queries whatever the number of rows behind them.

    Rows are districts, or towns once a single county is looked at; columns are sectors, or categories once a single
    sector is. States, colours and levels are today's, because only today's are kept: a query or two each when asked.
    """
    closer = narrowing or Narrowing()
    seen = seen_scope(scope, closer.seen_by)
    sectors = dict(Category.objects.values_list("code", "sector_id"))
    codes = set(campaign.categories.values_list("code", flat=True))
    rows, columns = _dimensions(codes, seen, closer, sectors)
    marks = read_marks(campaign)
    asked: dict[str, Any] = {"campaign": campaign, "scope": seen, "within": closer.q(sectors), "marks": marks}
    found = completion(by=f"{rows}_{columns}_scale", as_of=as_of, **asked)
    cells, scales = narrowed(found, slice(2)), narrowed(found, slice(2, 3))
    by_row, by_column = folded(cells, 0), folded(cells, 1)
    row_names, column_names = labels_of(rows, by_row), labels_of(columns, by_column)
    return Board(
        campaign=campaign,
        as_of=as_of,
        today=today,
        scope=seen,
        narrowing=closer,
        sectors=sectors,
        rows=rows,
        columns=columns,
        row_names=row_names,
        column_names=column_names,
        cells={cell.key: cell.figures for cell in cells},
        by_row={code: by_row[code] for code in row_names},
        by_column={code: by_column[code] for code in column_names},
        by_scale=named_cells(scales, by="scale"),
        total=total_of(cells),
        plans=Plans(campaign, as_of, found),
        marks=marks,
        ledger=_ledger_of(codes, closer, sectors),
    )


def _ledger_of(codes: set[str], closer: Narrowing, sectors: dict[str, str]) -> Narrowing:
    """Return which risks a board counts: those here, of the campaign's own sector when it asks a single one."""
    own = {sectors[code] for code in codes}
    return closer if closer.sector or len(own) != 1 else replace(closer, sector=own.pop())


def _dimensions(codes: set[str], scope: Scope, closer: Narrowing, sectors: dict[str, str]) -> tuple[str, str]:
    counties = {bound // COUNTY_DIVISOR for bounds in scope.ranges for bound in bounds}
    seen = codes if scope.categories is None else codes & scope.categories
    one_county = closer.county or closer.town or len(counties) == 1
    one_sector = closer.sector or len({sectors[code] for code in seen}) <= 1
    return "town" if one_county else "district", "category" if one_sector else "sector"
