"""Filters of the rosters. Their choices are those the person's scope holds.

Fixed choices are given as functions: a list of words is copied word by word for every form.
"""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from enterprises.enums import Lifecycle, RegionLevel, Scale
from enterprises.models import Category, Enterprise, Region
from enterprises.models.places import COUNTY_DIVISOR
from enterprises.queries.scope import Scope, scope_for
from enterprises.queries.search import found_by


class AreaFilterMixin:
    """County, town, sector and category for a set of rows with a town and a category, in two queries together.

    ``town_path`` and ``category_path`` name the columns. Use it before FilterSet, and declare the four filters.
    """

    town_path = "town_id"
    category_path = "category_id"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fields = self.form.fields  # choices go straight to the form: given to the filters they are copied twice
        scope = scope_for(self.request.user)
        self._offer_areas(scope)
        self._offer_taxonomy(scope)

    def _offer_areas(self, scope: Scope) -> None:
        rows = Region.objects.exclude(level=RegionLevel.CITY).order_by("order", "code")
        regions = list(rows.values_list("code", "level", _named("display_name")))
        towns = [(code, label) for code, level, label in regions if level == RegionLevel.TOWN]
        seen = [town for town in towns if scope_holds(scope, town[0])]
        counties = {code // COUNTY_DIVISOR for code, _label in seen}
        shown = [(code, label) for code, level, label in regions if level == RegionLevel.COUNTY and code in counties]
        self._offer("county", shown)
        chosen, town = self.data.get("county", ""), self.data.get("town", "")
        if town and not town.startswith(chosen):
            chosen = ""  # another county was chosen after the town: offer all, so that the person can put it right
        groups = [
            (name, [town for town in seen if town[0] // COUNTY_DIVISOR == county])
            for county, name in shown
            if chosen in ("", str(county))
        ]
        self._offer("town", groups[0][1] if len(groups) == 1 else groups)

    def _offer_taxonomy(self, scope: Scope) -> None:
        named = _named("name"), _named("sector__name")
        rows = Category.objects.order_by("code").values_list("code", "sector_id", *named)
        seen = [row for row in rows if scope.categories is None or row[0] in scope.categories]
        sectors = {sector: sector_label for _code, sector, _label, sector_label in seen}
        self._offer("sector", sorted(sectors.items()))
        chosen, category = self.data.get("sector", ""), self.data.get("category", "")
        offered = [(code, label) for code, sector, label, _sector_label in seen if chosen in ("", sector)]
        if category and category not in dict(offered):
            offered = [(code, label) for code, _sector, label, _sector_label in seen]
        self._offer("category", offered)

    def _offer(self, name: str, choices: list) -> None:
        if name in self._fields:
            self._fields[name].choices = choices

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


def scope_holds(scope: Scope, town: int) -> bool:
    """Say whether a town lies within a scope's ranges."""
    return any(low <= town <= high for low, high in scope.ranges)


def _named(path: str) -> str | Coalesce:
    """The name in the active language; where no English one is known, the Chinese one."""
    english = f"{path.rpartition('name')[0].removesuffix('display_')}name_en"
    return Coalesce(NullIf(english, Value("")), path) if get_language() == "en" else path


class EnterpriseFilter(AreaFilterMixin, filters.FilterSet):
    """Filters of the roster of enterprises."""

    q = filters.CharFilter(
        label=_("Name or code"),
        method="matching",
        widget=forms.TextInput(attrs={"type": "search"}),
        max_length=60,
    )
    county = filters.ChoiceFilter(label=_("District or county-level city"), method="in_county", empty_label=_("All"))
    town = filters.ChoiceFilter(label=_("Town or street"), method="in_town", empty_label=_("All"))
    sector = filters.ChoiceFilter(label=_("Sector"), method="in_sector", empty_label=_("All"))
    category = filters.ChoiceFilter(label=_("Category"), method="in_category", empty_label=_("All"))
    scale = filters.ChoiceFilter(label=_("Scale"), choices=lambda: Scale.choices, empty_label=_("All"))
    lifecycle = filters.ChoiceFilter(label=_("Lifecycle"), choices=lambda: Lifecycle.choices, empty_label=_("All"))

    class Meta:
        model = Enterprise
        fields: list[str] = []

    town_path = "town_id"

    def matching(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Rows whose name holds the words, or whose code begins with them."""
        return rows.filter(found_by(value, "pk"))
