"""Filters of the risk ledger and of the catalogues."""

from typing import Any
from urllib.parse import urlencode

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from enterprises.interfaces.filters import AreaFilterMixin
from enterprises.models import Line
from riskreport.ground.ui.choices import Choices, Kept
from risks.enums import LARGER_AND_ABOVE, Level, RiskState
from risks.models import AccidentType, Catalogue, Risk
from risks.queries.said import matching

ANY = _("All")
KEYS = {"district": "county"}


class RiskFilter(AreaFilterMixin, filters.FilterSet):
    """Filters of the ledger. What is true now is shown unless the removed risks are asked for."""

    q = filters.CharFilter(
        label=_("Risk, place or enterprise"),
        method="matching",
        widget=forms.TextInput(attrs={"type": "search"}),
        max_length=60,
    )
    level = filters.ChoiceFilter(
        label=_("Risk level"),
        choices=lambda: tuple((level.value, level.label) for level in Level if level in LARGER_AND_ABOVE),
        empty_label=ANY,
    )
    accident_type = filters.ChoiceFilter(label=_("Accident type"), field_name="accident_type_id", empty_label=ANY)
    county = filters.ChoiceFilter(label=_("District or county-level city"), method="in_county", empty_label=ANY)
    town = filters.ChoiceFilter(label=_("Town or street"), method="in_town", empty_label=ANY)
    sector = filters.ChoiceFilter(label=_("Sector"), method="in_sector", empty_label=ANY)
    category = filters.ChoiceFilter(label=_("Category"), method="in_category", empty_label=ANY)
    state = filters.ChoiceFilter(
        label=_("Still there"), choices=lambda: RiskState.choices, empty_label=RiskState.ACTIVE.label
    )

    class Meta:
        model = Risk
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(offered_accident_types, get_language())

    def filter_queryset(self, queryset: QuerySet[Risk]) -> QuerySet[Risk]:
        """Filter; active risks when no state is asked for."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.filter(state=RiskState.ACTIVE)

    def matching(self, rows: QuerySet[Risk], name: str, value: str) -> QuerySet[Risk]:
        """Rows whose name, place or point contains the text, and those of enterprises found by it."""
        return matching(rows, value.strip())


@Kept
def offered_accident_types(language: str) -> dict[str, Choices]:
    """Return the types of accidents."""
    return {"accident_type": Choices((row.pk, row.label) for row in AccidentType.objects.all())}


def risks_address(**asked: Any) -> str:
    """Return the address of the ledger with filters: level, district, town, sector, category."""
    return f"{reverse('risks')}?{urlencode({KEYS.get(name, name): value for name, value in asked.items()})}"


class CatalogueFilter(filters.FilterSet):
    """Filters of the published catalogues."""

    q = filters.CharFilter(
        label=_("Title"), method="matching", widget=forms.TextInput(attrs={"type": "search"}), max_length=60
    )
    line = filters.ChoiceFilter(label=_("Lead department"), field_name="line_id", empty_label=ANY)

    class Meta:
        model = Catalogue
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = Line.objects.filter(catalogues__in=self.queryset.order_by()).distinct()
        self.form.fields["line"].choices = [(row.pk, row.label) for row in lines]

    def matching(self, rows: QuerySet[Catalogue], name: str, value: str) -> QuerySet[Catalogue]:
        """Rows whose title contains the text."""
        return rows.filter(Q(title__icontains=value.strip()) | Q(title_en__icontains=value.strip()))
