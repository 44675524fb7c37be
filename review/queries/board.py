"""What the board shows beside completion: names in the city's order, states, colours, risk levels."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, FilteredRelation, Q, Value
from django.db.models.functions import Coalesce

from enterprises.enums import Scale
from enterprises.models import Category, Region, Sector
from enterprises.queries.scope import Scope
from review.enums import FUNNEL
from review.models import Campaign
from review.queries.completion import GROUPINGS, WHOLE, Cell, Figures, expected_filings
from risks.enums import LARGER_AND_ABOVE, Colour, Level, RiskState
from risks.models import Risk


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
    *, campaign: Campaign, today: dt.date, scope: Scope = WHOLE, within: Q | None = None
) -> dict[str, int]:
    """Return how many expected obligations stand in each state today, in the order of the way; one query."""
    rows = expected_filings(campaign=campaign, as_of=today, scope=scope).filter(within or Q()).order_by()
    found = dict(rows.values_list("state").annotate(n=Count("*")))
    return {state.value: found.get(state.value, 0) for state in FUNNEL}


def count_by_colour(
    *, campaign: Campaign, today: dt.date, scope: Scope = WHOLE, within: Q | None = None
) -> dict[str, int]:
    """Return how many of the units expected today have each colour; one query. Unrated units are grey."""
    rows = expected_filings(campaign=campaign, as_of=today, scope=scope).filter(within or Q()).order_by()
    rows = rows.annotate(rated=current_rating()).values_list(colour_or_grey()).annotate(n=Count("*"))
    found = dict(rows)
    return {colour.value: found.get(colour.value, 0) for colour in Colour}


def current_rating() -> FilteredRelation:
    """Return the join from a filing to its unit's current rating; annotate it as ``rated``."""
    return FilteredRelation("enterprise__ratings", condition=Q(enterprise__ratings__is_current=True))


def colour_or_grey() -> Coalesce:
    """Return the colour of ``rated``; grey where the unit has none, as it has not reported."""
    return Coalesce(F("rated__colour"), Value(Colour.GREY.value))


def count_by_level(*, scope: Scope, within: Q | None = None) -> dict[str, int]:
    """Return how many active ledger risks there are at each level that must be reported; one query."""
    rows = Risk.objects.filter(scope.q(), state=RiskState.ACTIVE).filter(within or Q()).order_by()
    found = dict(rows.values_list("level").annotate(n=Count("*")))
    return {level.value: found.get(level.value, 0) for level in Level if level in LARGER_AND_ABOVE}
