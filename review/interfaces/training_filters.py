"""Filters of training: sessions, who came, which units are trained. Numbers of the coverage page open these lists."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.enums import Scale
from enterprises.interfaces.filters import AreaFilterMixin
from enterprises.models import Category, Enterprise
from enterprises.models.places import COUNTY_DIVISOR
from enterprises.queries.search import found_by
from review.enums import MaterialKind, MaterialLanguage, TrainingKind, TrainingState
from review.models import TrainingAttendance, TrainingMaterial, TrainingSession
from review.queries.materials import sectors_of_materials
from review.queries.training import (
    attendances_for_user,
    came_q,
    for_categories_q,
    held_q,
    is_trained,
    on_roster_q,
)
from riskreport.ground import clock

ANY = _("All")
KEYS = {"district": "county", "town": "town", "sector": "sector", "category": "category"}
TRAINED = {"yes": pgettext_lazy("training", "Trained"), "no": pgettext_lazy("training", "Not trained yet")}
COUNTED = {"came": pgettext_lazy("training", "Counted as training done")}
CAME = {"yes": pgettext_lazy("training", "Came"), "no": pgettext_lazy("training", "Signed up only")}


def _search(label: Any) -> filters.CharFilter:
    return filters.CharFilter(
        label=label, method="matching", max_length=60, widget=forms.TextInput(attrs={"type": "search"})
    )


def _day() -> filters.DateFilter:
    return filters.DateFilter(
        label=_("As of"), method="on_the_day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class AreaFilters(AreaFilterMixin, filters.FilterSet):
    """The four filters of place and line, and the day."""

    county = filters.ChoiceFilter(label=_("District or county-level city"), method="in_county", empty_label=ANY)
    town = filters.ChoiceFilter(label=_("Town or street"), method="in_town", empty_label=ANY)
    sector = filters.ChoiceFilter(label=_("Sector"), method="in_sector", empty_label=ANY)
    category = filters.ChoiceFilter(label=_("Category"), method="in_category", empty_label=ANY)

    def asked(self, name: str) -> Any:
        """Return the cleaned value of a filter."""
        return self.form.cleaned_data.get(name)

    def day(self) -> dt.date:
        """Return the day asked for, today when none is."""
        return self.asked("as_of") or clock.today()


class SessionFilter(AreaFilters):
    """Filters of sessions. Counted as done, place and line are those of the units that came; else those it is for."""

    q = _search(_("Title or trainer"))
    kind = filters.ChoiceFilter(
        label=pgettext_lazy("training", "Kind"), choices=lambda: TrainingKind.choices, empty_label=ANY
    )
    state = filters.ChoiceFilter(label=_("Status"), choices=lambda: TrainingState.choices, empty_label=ANY)
    counted = filters.ChoiceFilter(
        label=_("Counted as"), choices=tuple(COUNTED.items()), method="as_counted", widget=forms.HiddenInput
    )
    as_of = _day()

    class Meta:
        model = TrainingSession
        fields: list[str] = []

    def matching(self, rows: QuerySet[TrainingSession], name: str, value: str) -> QuerySet[TrainingSession]:
        """Sessions whose title or trainer holds the words."""
        return rows.filter(Q(title__icontains=value) | Q(trainer__icontains=value))

    def on_the_day(self, rows: QuerySet[TrainingSession], name: str, value: dt.date) -> QuerySet[TrainingSession]:
        """Sessions held by that day."""
        return rows.filter(held_q(value, ""))

    def as_counted(self, rows: QuerySet[TrainingSession], name: str, value: str) -> QuerySet[TrainingSession]:
        """Sessions that a unit of the person's own, of the place and line asked for, came to."""
        came = attendances_for_user(self.request.user).filter(came_q(self.day()), session=OuterRef("pk"))
        if county := self.asked("county"):
            low = int(county) * COUNTY_DIVISOR
            came = came.filter(enterprise__town_id__gte=low, enterprise__town_id__lt=low + COUNTY_DIVISOR)
        if town := self.asked("town"):
            came = came.filter(enterprise__town_id=int(town))
        if sector := self.asked("sector"):
            came = came.filter(enterprise__category__sector=sector)
        if category := self.asked("category"):
            came = came.filter(enterprise__category=category)
        return rows.filter(Exists(came))

    def in_county(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Sessions for units of the county."""
        low = int(value) * COUNTY_DIVISOR
        return self._for_place(rows, low, low + COUNTY_DIVISOR - 1)

    def in_town(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Sessions for units of the town."""
        return self._for_place(rows, int(value), int(value))

    def in_sector(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Sessions for units of the sector."""
        return self._for(rows, list(Category.objects.filter(sector=value).values_list("code", flat=True)))

    def in_category(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Sessions for units of the category."""
        return self._for(rows, [value])

    def _for_place(self, rows: QuerySet, low: int, high: int) -> QuerySet:
        return rows if self.asked("counted") else rows.filter(region__low__lte=high, region__high__gte=low)

    def _for(self, rows: QuerySet, codes: list[str]) -> QuerySet:
        return rows if self.asked("counted") else rows.filter(for_categories_q(codes))


class AttendanceFilter(AreaFilters):
    """Filters of who signed up and came; place and line are those of the units."""

    town_path, category_path = "enterprise__town_id", "enterprise__category_id"
    q = _search(_("Name or code of the unit"))
    session = filters.NumberFilter(label=_("Session number"), field_name="session_id")
    came = filters.ChoiceFilter(
        label=pgettext_lazy("training", "Attendance"), choices=tuple(CAME.items()), method="who_came", empty_label=ANY
    )
    counted = filters.ChoiceFilter(
        label=_("Counted as"), choices=tuple(COUNTED.items()), method="as_counted", widget=forms.HiddenInput
    )
    as_of = _day()

    class Meta:
        model = TrainingAttendance
        fields: list[str] = []

    def matching(self, rows: QuerySet[TrainingAttendance], name: str, value: str) -> QuerySet[TrainingAttendance]:
        """People of units whose name holds the words, or whose code begins with them."""
        return rows.filter(found_by(value))

    def who_came(self, rows: QuerySet[TrainingAttendance], name: str, value: str) -> QuerySet[TrainingAttendance]:
        """People who came, or who only signed up."""
        return rows.filter(came=value == "yes")

    def as_counted(self, rows: QuerySet[TrainingAttendance], name: str, value: str) -> QuerySet[TrainingAttendance]:
        """People who count as trained on the day."""
        return rows.filter(came_q(self.day()))

    def on_the_day(self, rows: QuerySet[TrainingAttendance], name: str, value: dt.date) -> QuerySet:
        """People of sessions held by that day."""
        return rows.filter(held_q(value))


class TrainedUnitFilter(AreaFilters):
    """Filters of the units on the roster of a day, by whether they are trained."""

    q = _search(_("Name or code"))
    trained = filters.ChoiceFilter(
        label=pgettext_lazy("training", "Training"), choices=tuple(TRAINED.items()), method="are_trained",
        empty_label=ANY,
    )  # fmt: skip
    scale = filters.ChoiceFilter(label=_("Scale"), choices=lambda: Scale.choices, empty_label=ANY)
    as_of = _day()

    class Meta:
        model = Enterprise
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
        """Units that stood on the roster on the day, whatever else is asked."""
        return super().filter_queryset(queryset).filter(on_roster_q(self.day()))

    def matching(self, rows: QuerySet[Enterprise], name: str, value: str) -> QuerySet[Enterprise]:
        """Units whose name holds the words, or whose code begins with them."""
        return rows.filter(found_by(value, "pk"))

    def are_trained(self, rows: QuerySet[Enterprise], name: str, value: str) -> QuerySet[Enterprise]:
        """Units that are trained on the day, or not."""
        trained = is_trained(self.day())
        return rows.filter(trained if value == "yes" else ~trained)

    def on_the_day(self, rows: QuerySet[Enterprise], name: str, value: dt.date) -> QuerySet[Enterprise]:
        """The day says which roster is meant; filter_queryset asks it."""
        return rows


class MaterialFilter(filters.FilterSet):
    """Filters of the library."""

    q = _search(pgettext_lazy("training", "Title"))
    kind = filters.ChoiceFilter(
        label=pgettext_lazy("training", "Kind"), choices=lambda: MaterialKind.choices, empty_label=ANY
    )
    language = filters.ChoiceFilter(label=_("Language"), choices=lambda: MaterialLanguage.choices, empty_label=ANY)
    sector = filters.ModelChoiceFilter(label=_("Sector"), method="for_sector", empty_label=ANY, queryset=None)

    class Meta:
        model = TrainingMaterial
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["sector"].queryset = sectors_of_materials(self.request.user)

    def matching(self, rows: QuerySet[TrainingMaterial], name: str, value: str) -> QuerySet[TrainingMaterial]:
        """Materials whose title holds the words."""
        return rows.filter(title__icontains=value)

    def for_sector(self, rows: QuerySet[TrainingMaterial], name: str, value: Any) -> QuerySet[TrainingMaterial]:
        """Materials for the sector, and those for all."""
        return rows.filter(Q(sector=value) | Q(sector=None))


# --- addresses --------------------------------------------------------------------------------------------------------
def counted_address(figure: str, *, as_of: dt.date, codes: Mapping[str, Any]) -> str:
    """Return the address of the list that holds exactly what a figure of ``coverage`` counts.

    ``figure`` is roster, trained, untrained, people or sessions; ``codes`` are by dimension (district, town …).
    """
    pairs = {KEYS.get(name, name): str(value) for name, value in codes.items()} | {"as_of": as_of.isoformat()}
    name, more = {
        "roster": ("training_units", {}),
        "trained": ("training_units", {"trained": "yes"}),
        "untrained": ("training_units", {"trained": "no"}),
        "people": ("training_people", {"counted": "came"}),
        "sessions": ("training_sessions", {"counted": "came"}),
    }[figure]
    return f"{reverse(name)}?{urlencode({**more, **pairs})}"
