"""Filters of the rosters. Their choices are those the person's scope holds."""

from collections.abc import Hashable, Iterable
from copy import copy
from functools import cached_property
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
from enterprises.queries.bodies import bodies_to_see_by, scope_of_body
from enterprises.queries.scope import scope_for
from enterprises.queries.search import found_by
from riskreport.ground.ui.choices import Choices, Kept


class Twins(dict):
    """Filters that are copied one by one for a request, and not down to the last word of their labels."""

    def __deepcopy__(self, memo: dict) -> dict[str, filters.Filter]:
        twins = {name: copy(one) for name, one in self.items()}
        for one in twins.values():
            one.method = one.method  # a method belongs to the copy it is called on
        return twins


class AreaFilterMixin:
    """County, town, sector and category for a set of rows with a town and a category.

    ``town_path`` and ``category_path`` name the columns. Use it before FilterSet, and declare the four filters.
    """

    town_path = "town_id"
    category_path = "category_id"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.base_filters = Twins(self.base_filters)
        super().__init__(*args, **kwargs)
        scope, language = scope_for(self.request.user), get_language()
        asked = {name: self.data.get(name, "") for name in ("county", "town", "sector", "category")}
        self.offer(offered_areas, language, scope.ranges, asked["county"], asked["town"])
        self.offer(offered_taxonomy, language, scope.categories, asked["sector"], asked["category"])
        if self.data.get("seen_by") and "seen_by" in self.filters:
            self.offer(offered_bodies, language)

    def offer(self, offered: Kept, *asked: Hashable) -> None:
        """Put the choices by name that ``offered`` gives into the form; a choice it does not know is looked up anew."""
        choices = offered(*asked)
        if any(self.data.get(name) and self.data[name] not in known for name, known in choices.items()):
            offered.forget()
            choices = offered(*asked)
        for name, known in choices.items():
            if name in self.form.fields:
                self.form.fields[name].choices = known

    @cached_property
    def form(self) -> forms.Form:
        """The form of the filters; their fields are made for it, so that nothing is copied."""
        form = forms.Form(self.data if self.is_bound else None, prefix=self.form_prefix)
        form.fields = {name: one.field for name, one in self.filters.items()}
        return form

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

    def as_seen_by(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Rows that the inspection group or lead department of that code handles."""
        return rows.filter(scope_of_body(value).q(town=self.town_path, category=self.category_path))


def seen_by_filter() -> filters.ChoiceFilter:
    """Return the filter ``seen_by`` for a list that boards open: not offered, but told and taken away by its pill."""
    return filters.ChoiceFilter(label=_("As seen by"), method="as_seen_by", widget=forms.HiddenInput)


@Kept
def offered_bodies(language: str) -> dict[str, Choices]:
    """Return the departments whose view a list can take."""
    return {"seen_by": Choices((one.code, one.label) for one in bodies_to_see_by())}


@Kept
def offered_areas(language: str, ranges: tuple, county: str, town: str) -> dict[str, Choices]:
    """Return counties and towns within ranges of codes; the towns of the chosen county alone, else by county.

    When another county was chosen after the town all towns are offered, so that the person can put it right.
    """
    rows = Region.objects.exclude(level=RegionLevel.CITY).order_by("order", "code")
    regions = list(rows.values_list("code", "level", _named("display_name")))
    towns = [(code, label) for code, level, label in regions if level == RegionLevel.TOWN and within(ranges, code)]
    counties = {code // COUNTY_DIVISOR for code, _label in towns}
    shown = [(code, label) for code, level, label in regions if level == RegionLevel.COUNTY and code in counties]
    chosen = county if town.startswith(county) or not town else ""
    groups = [
        (name, [one for one in towns if one[0] // COUNTY_DIVISOR == code])
        for code, name in shown
        if chosen in ("", str(code))
    ]
    return {"county": Choices(shown), "town": Choices(groups[0][1] if len(groups) == 1 else groups)}


@Kept
def offered_taxonomy(language: str, led: frozenset | None, sector: str, category: str) -> dict[str, Choices]:
    """Return sectors and categories, those ``led`` alone; the categories of the chosen sector unless another's is."""
    named = _named("name"), _named("sector__name")
    rows = Category.objects.order_by("code").values_list("code", "sector_id", *named)
    seen = [row for row in rows if led is None or row[0] in led]
    sectors = {code: label for _code, code, _label, label in seen}
    offered = [(code, label) for code, of, label, _sector_label in seen if sector in ("", of)]
    if category and category not in dict(offered):
        offered = [(code, label) for code, _of, label, _sector_label in seen]
    return {"sector": Choices(sorted(sectors.items())), "category": Choices(offered)}


def within(ranges: Iterable[tuple[int, int]], town: int) -> bool:
    """Say whether a town lies within ranges of codes."""
    return any(low <= town <= high for low, high in ranges)


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
