"""Filters of the rosters. Their choices are those the person's scope holds."""

from collections.abc import Iterable
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from enterprises.enums import Lifecycle, RegionLevel, Scale
from enterprises.models import Category, Enterprise, Region
from enterprises.models.places import COUNTY_DIVISOR
from enterprises.queries.scope import Scope, scope_for


class AreaFilterMixin:
    """County, town, sector and category for a set of rows with a town and a category, in two queries together.

    ``town_path`` and ``category_path`` name the columns. Use it before FilterSet, and declare the four filters.
    """

    town_path = "town_id"
    category_path = "category_id"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = scope_for(self.request.user)
        self._offer_areas(scope)
        self._offer_taxonomy(scope)

    def _offer_areas(self, scope: Scope) -> None:
        regions = list(Region.objects.exclude(level=RegionLevel.CITY).order_by("order", "code"))
        seen = [r for r in regions if r.level == RegionLevel.TOWN and _in_ranges(r.code, scope.ranges)]
        counties = {town.code // COUNTY_DIVISOR for town in seen}
        shown = [r for r in regions if r.level == RegionLevel.COUNTY and r.code in counties]
        self._offer("county", [(county.code, county.label) for county in shown])
        chosen, town = self.data.get("county", ""), self.data.get("town", "")
        if town and not town.startswith(chosen):
            chosen = ""  # another county was chosen after the town: offer all, so that the person can put it right
        groups = [
            (county.label, [(town.code, town.label) for town in seen if town.code // COUNTY_DIVISOR == county.code])
            for county in shown
            if chosen in ("", str(county.code))
        ]
        self._offer("town", groups[0][1] if len(groups) == 1 else groups)

    def _offer_taxonomy(self, scope: Scope) -> None:
        rows = list(Category.objects.select_related("sector").order_by("code"))
        seen = [row for row in rows if scope.categories is None or row.code in scope.categories]
        sectors = {row.sector_id: row.sector.label for row in seen}
        self._offer("sector", sorted(sectors.items()))
        chosen, category = self.data.get("sector", ""), self.data.get("category", "")
        offered = [(row.code, row.label) for row in seen if chosen in ("", row.sector_id)]
        if category and category not in dict(offered):
            offered = [(row.code, row.label) for row in seen]
        self._offer("category", offered)

    def _offer(self, name: str, choices: list) -> None:
        if name in self.filters:
            self.filters[name].extra["choices"] = choices
            self.filters[name].extra["empty_label"] = _("All")

    def in_county(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Rows whose town lies in the county."""
        low = int(value) * COUNTY_DIVISOR
        return rows.filter(**{f"{self.town_path}__gte": low, f"{self.town_path}__lt": low + COUNTY_DIVISOR})

    def in_town(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Rows of the town."""
        return rows.filter(**{self.town_path: int(value)})

    def in_sector(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Rows whose primary category lies in the sector."""
        categories = list(Category.objects.filter(sector=value).values_list("code", flat=True))
        return rows.filter(**{f"{self.category_path}__in": categories})

    def in_category(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Rows of the category."""
        return rows.filter(**{self.category_path: value})


def _in_ranges(code: int, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(low <= code <= high for low, high in ranges)


class EnterpriseFilter(AreaFilterMixin, filters.FilterSet):
    """Filters of the roster of enterprises."""

    q = filters.CharFilter(
        label=_("Name or code"),
        method="matching",
        widget=forms.TextInput(attrs={"type": "search"}),
        max_length=60,
    )
    county = filters.ChoiceFilter(label=_("District or county-level city"), method="in_county")
    town = filters.ChoiceFilter(label=_("Town or street"), method="in_town")
    sector = filters.ChoiceFilter(label=_("Sector"), method="in_sector")
    category = filters.ChoiceFilter(label=_("Category"), method="in_category")
    scale = filters.ChoiceFilter(label=_("Scale"), choices=Scale.choices, empty_label=_("All"))
    lifecycle = filters.ChoiceFilter(label=_("Lifecycle"), choices=Lifecycle.choices, empty_label=_("All"))

    class Meta:
        model = Enterprise
        fields: list[str] = []

    town_path = "town_id"

    def matching(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Rows whose name or code contains the text."""
        text = value.strip()
        code = text.upper()
        return rows.filter(
            Q(name__icontains=text) | Q(credit_code__contains=code) | Q(temporary_code__contains=code)
        )
