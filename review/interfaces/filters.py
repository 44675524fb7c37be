"""Filters of the list of filings. Every number on a board opens this list with the filters that count it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from enterprises.enums import Scale
from enterprises.interfaces.filters import AreaFilterMixin, seen_by_filter
from enterprises.queries.search import found_by
from review.enums import CampaignState, FilingState
from review.models import Campaign, Filing
from review.queries.boards.zero_risk import ZERO_RISK
from review.queries.completion import STAGES
from riskreport.ground import clock
from riskreport.ground.ui.choices import Choices, Kept
from risks.enums import Colour
from risks.models import Rating

STAGE_LABELS = {
    "expected": pgettext_lazy("completeness", "Expected"),
    "actual": pgettext_lazy("completeness", "Filed"),
    "on_time": pgettext_lazy("completeness", "Filed on time"),
    "late": pgettext_lazy("completeness", "Filed late"),
    "open": pgettext_lazy("completeness", "Not filed yet"),
    "overdue": pgettext_lazy("completeness", "Overdue"),
}
REPORTED = {
    "zero": (_("Zero risk"), ZERO_RISK),
    "larger": (_("Larger-and-above risks"), Q(risks_major__gt=0) | Q(risks_larger__gt=0)),
    "major": (_("Major risks"), Q(risks_major__gt=0)),
}
ANY = _("All")
KEYS = {"district": "county", "town": "town", "sector": "sector", "category": "category", "scale": "scale"}


class FilingFilter(AreaFilterMixin, filters.FilterSet):
    """Filters of filings. ``stage`` counts as a board does: obligations of the day ``as_of`` (today when left out)."""

    q = filters.CharFilter(
        label=_("Name or code"),
        method="matching",
        widget=forms.TextInput(attrs={"type": "search"}),
        max_length=60,
    )
    campaign = filters.ChoiceFilter(label=_("Reporting task"), field_name="campaign__code", empty_label=ANY)
    stage = filters.ChoiceFilter(
        label=_("Counted as"), choices=lambda: tuple(STAGE_LABELS.items()), method="counted_as", empty_label=ANY
    )
    as_of = filters.DateFilter(
        label=_("As of"), method="on_the_day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    county = filters.ChoiceFilter(label=_("District or county-level city"), method="in_county", empty_label=ANY)
    town = filters.ChoiceFilter(label=_("Town or street"), method="in_town", empty_label=ANY)
    sector = filters.ChoiceFilter(label=_("Sector"), method="in_sector", empty_label=ANY)
    category = filters.ChoiceFilter(label=_("Category"), method="in_category", empty_label=ANY)
    scale = filters.ChoiceFilter(label=_("Scale"), choices=lambda: Scale.choices, empty_label=ANY)
    state = filters.ChoiceFilter(label=_("Status"), choices=lambda: FilingState.choices, empty_label=ANY)
    reported = filters.ChoiceFilter(
        label=_("Reported risks"),
        choices=lambda: tuple((key, label) for key, (label, _condition) in REPORTED.items()),
        method="with_risks",
        empty_label=ANY,
    )
    colour = filters.ChoiceFilter(
        label=_("Enterprise rating"), choices=lambda: Colour.choices, method="of_colour", empty_label=ANY
    )
    seen_by = seen_by_filter()

    class Meta:
        model = Filing
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(offered_campaigns, get_language())

    def counted_as(self, rows: QuerySet[Filing], name: str, value: str) -> QuerySet[Filing]:
        """Rows that a board counts under this figure on the day asked for."""
        return rows.filter(STAGES[value](self._day()))

    def on_the_day(self, rows: QuerySet[Filing], name: str, value: dt.date) -> QuerySet[Filing]:
        """The day alone shows what was expected on it; with a figure it is the day of that figure."""
        return rows if self.form.cleaned_data.get("stage") else rows.filter(STAGES["expected"](value))

    def with_risks(self, rows: QuerySet[Filing], name: str, value: str) -> QuerySet[Filing]:
        """Rows whose last final report says so."""
        return rows.filter(REPORTED[value][1])

    def of_colour(self, rows: QuerySet[Filing], name: str, value: str) -> QuerySet[Filing]:
        """Rows whose enterprise is rated so; one that is not rated is grey."""
        rated = Rating.objects.filter(enterprise=OuterRef("enterprise_id"), is_current=True)
        if value == Colour.GREY:
            return rows.exclude(Exists(rated.exclude(colour=value)))
        return rows.filter(Exists(rated.filter(colour=value)))

    def matching(self, rows: QuerySet[Filing], name: str, value: str) -> QuerySet[Filing]:
        """Rows whose enterprise's name holds the words, or whose code begins with them."""
        return rows.filter(found_by(value))

    def _day(self) -> dt.date:
        return self.form.cleaned_data.get("as_of") or clock.today()


@Kept
def offered_campaigns(language: str) -> dict[str, Choices]:
    """Return the reporting tasks that were launched."""
    launched = Campaign.objects.exclude(state=CampaignState.DRAFT).only("code", "name", "name_en")
    return {"campaign": Choices((row.code, row.label) for row in launched)}


def filings_address(*, campaign: str, as_of: dt.date, stage: str = "expected", **also: Any) -> str:
    """Return the address of the list that holds exactly the filings a board counts.

    ``also`` are codes by dimension (district, town, sector, category, scale) or by filter (state, colour).
    """
    asked = {"campaign": campaign, "as_of": as_of.isoformat(), "stage": stage}
    return "&".join(filter(None, [f"{reverse('filings')}?{urlencode(asked)}", filter_pairs(also)]))


def filter_pairs(codes: Mapping[str, Any]) -> str:
    """Return codes by dimension or filter as the part of an address that asks for them."""
    return urlencode([(KEYS.get(name, name), str(value)) for name, value in codes.items()]) if codes else ""
