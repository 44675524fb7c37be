"""What launching a campaign still being thought out would do: how many units, who decides, what is in the way."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, F

from enterprises.enums import ON_ROSTER
from enterprises.models import Category, Department, Enterprise, Region
from enterprises.queries.deciders import Deciders
from review.enums import CampaignState
from review.models import Campaign


@dataclass(frozen=True)
class Conflict:
    """An open campaign that already asks some of the categories for the same scales."""

    campaign: Campaign
    categories: tuple[str, ...]


@dataclass
class Preview:
    """Units by decider, by sector and by category; towns without a decider, by name; campaigns that overlap."""

    units: int = 0
    by_department: list[tuple[Department, int]] = field(default_factory=list)
    by_category: list[tuple[Category, int]] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


def preview(*, categories: Iterable[str], scales: Iterable[str], level: str) -> Preview:
    """Return what a launch today would do. Six queries, however many units."""
    codes, wanted = sorted(set(categories)), sorted(set(scales))
    lines = {row.code: row for row in Category.objects.filter(code__in=codes).select_related("sector")}
    counted = _counted(codes, wanted)
    deciders, found = Deciders(level), Preview()
    departments: dict[int, int] = {}
    rows: dict[int, Department] = {}
    by_category: dict[str, int] = {}
    lacking: set[tuple[str, int]] = set()
    for category, town, count in counted:
        found.units += count
        by_category[category] = by_category.get(category, 0) + count
        try:
            row = deciders.find(line=lines[category].lead_id, town_id=town)
        except LookupError:
            lacking.add((category, town))
            continue
        rows[row.pk] = row
        departments[row.pk] = departments.get(row.pk, 0) + count
    found.by_department = sorted(((rows[pk], n) for pk, n in departments.items()), key=lambda pair: pair[0].code)
    found.by_category = [(lines[code], by_category.get(code, 0)) for code in codes if code in lines]
    found.undecided = _named(lacking, lines)
    found.conflicts = _conflicts(codes, wanted)
    return found


def _counted(codes: list[str], scales: list[str]) -> list[tuple[str, int, int]]:
    units = Enterprise.objects.filter(lifecycle__in=sorted(ON_ROSTER), category__in=codes)
    units = units.filter(scale__in=scales) if scales else units
    rows = units.order_by().values(code=F("category_id"), town_code=F("town_id")).annotate(n=Count("*"))
    return list(rows.values_list("code", "town_code", "n"))


def _named(lacking: set[tuple[str, int]], categories: dict[str, Category]) -> list[str]:
    towns = Region.objects.select_related("parent").in_bulk({town for _category, town in lacking})
    return [
        f"{towns[town].parent.label} {towns[town].label} · {categories[category].label}"
        for category, town in sorted(lacking)
        if town in towns
    ]


def _conflicts(codes: list[str], scales: list[str]) -> list[Conflict]:
    found = []
    rows = Campaign.objects.filter(state=CampaignState.OPEN, categories__in=codes).distinct()
    for row in rows.prefetch_related("categories").order_by("pk"):
        if row.scales and scales and not set(row.scales) & set(scales):
            continue
        shared = tuple(one.label for one in row.categories.all() if one.code in codes)
        found.append(Conflict(row, shared))
    return found
