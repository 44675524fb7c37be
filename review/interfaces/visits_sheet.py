"""Visits as a sheet: which reports were checked on the spot, by whom, and what came of it."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import django_filters as filters
from django import forms
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from enterprises.enums import RegionLevel
from enterprises.interfaces.columns import name_of
from enterprises.interfaces.filters import AreaFilterMixin, seen_by_filter
from enterprises.queries.search import found_by
from review.enums import VisitOutcome
from review.interfaces.filters import KEYS, offered_campaigns
from review.models import Visit
from review.queries.boards.visits import FAULTS
from review.queries.verified import visits_for_user
from review.rules import opens_filings
from riskreport.ground import clock
from riskreport.ground.sheets import Column, Sheet, register_sheet
from riskreport.ground.ui.addresses import row_address

ANY = _("All")
FAULT_LABELS = {"open": _("Not checked again yet"), "overdue": _("Past its day")}


class VisitFilter(AreaFilterMixin, filters.FilterSet):
    """Filters of the visits; place and category are those of the reports that were checked."""

    town_path, category_path = "filing__town_id", "filing__category_id"
    q = filters.CharFilter(
        label=_("Name or code"),
        method="matching",
        widget=forms.TextInput(attrs={"type": "search"}),
        max_length=60,
    )
    campaign = filters.ChoiceFilter(label=_("Reporting task"), field_name="filing__campaign__code", empty_label=ANY)
    level = filters.ChoiceFilter(label=_("Visited by level"), choices=lambda: RegionLevel.choices, empty_label=ANY)
    outcome = filters.ChoiceFilter(label=_("Outcome"), choices=lambda: VisitOutcome.choices, empty_label=ANY)
    fault = filters.ChoiceFilter(
        label=_("Fault found"), choices=lambda: tuple(FAULT_LABELS.items()), method="with_fault", empty_label=ANY
    )
    until = filters.DateFilter(
        label=_("Visited until"),
        field_name="visited_on",
        lookup_expr="lte",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    county = filters.ChoiceFilter(label=_("District or county-level city"), method="in_county", empty_label=ANY)
    town = filters.ChoiceFilter(label=_("Town or street"), method="in_town", empty_label=ANY)
    sector = filters.ChoiceFilter(label=_("Sector"), method="in_sector", empty_label=ANY)
    category = filters.ChoiceFilter(label=_("Category"), method="in_category", empty_label=ANY)
    seen_by = seen_by_filter()

    class Meta:
        model = Visit
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(offered_campaigns, get_language())

    def with_fault(self, rows: QuerySet[Visit], name: str, value: str) -> QuerySet[Visit]:
        """Visits that left a fault which nobody had come back for by the day «until», or today."""
        return rows.filter(FAULTS[value](self.form.cleaned_data.get("until") or clock.today()))

    def matching(self, rows: QuerySet[Visit], name: str, value: str) -> QuerySet[Visit]:
        """Visits to units whose name holds the words, or whose code begins with them."""
        return rows.filter(found_by(value, "filing__enterprise"))


def visits_address(**asked: Any) -> str:
    """Return the address of the visits with filters: campaign, until, level, outcome, fault, and where."""
    return f"{reverse('visits')}?{urlencode({KEYS.get(name, name): value for name, value in asked.items()})}"


def _with_unit(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    return rows.annotate(unit_id=F("filing__enterprise_id"))


def _archive_address(row: Visit) -> str:
    return row_address("archive")(SimpleNamespace(pk=row.unit_id))


register_sheet(
    Sheet(
        name="visits",
        title=_("Visits on the spot"),
        rows=visits_for_user,
        rule=opens_filings,
        filterset=VisitFilter,
        order="-day",
        empty_title=_("No visits in your area yet"),
        empty_text=_(
            "Reviewers and inspectors record a visit from the archive of a unit whose report is filed: "
            "open it from the list of reports and press “Record a visit”."
        ),
        columns=(
            Column(
                "unit", _("Enterprise"), "filing__enterprise__name", width=36,
                css="rr-wide", sort="filing__enterprise__name", adds=_with_unit, link=_archive_address,
            ),
            Column("day", pgettext_lazy("visit", "Visited on"), "visited_on", kind="date", width=12, sort="visited_on"),
            Column(
                "level", _("Visited by level"), "level", kind="choice", choices=RegionLevel, width=20, css="rr-fit",
                sort="level",
            ),
            Column(
                "department", _("Department"), "department_label", adds=name_of("department", "department__name"),
                width=30, css="rr-wide",
            ),
            Column(
                "outcome", _("Outcome"), "outcome", kind="choice", choices=VisitOutcome, width=12, css="rr-fit",
                sort="outcome",
            ),
            Column("rectify", _("To be mended by"), "rectify_by", kind="date", width=12, sort="rectify_by"),
            Column("zero", _("Claimed to have no risk"), "zero_risk", kind="bool", width=12),
            Column(
                "county", pgettext_lazy("column", "District"), "county_label", width=14, sort="filing__town_id",
                adds=name_of("county", "filing__town__parent__display_name"), css="rr-fit",
            ),
            Column(
                "town", _("Town or street"), "town_label", adds=name_of("town", "filing__town__display_name"), width=16,
                hidden=True,
            ),
        ),
    )
)  # fmt: skip
