"""Who has looked at a catalogue's new version, as a sheet: for the screen, its filters and the export."""

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from enterprises.interfaces.columns import UNIT_CODES, first_of, name_of
from enterprises.interfaces.filters import AreaFilterMixin
from enterprises.queries.search import found_by
from enterprises.rules import keeps_rosters
from review.enums import TodoEnd
from review.models import CatalogueTodo
from review.queries.catalogue_changes import followed_todos
from riskreport.ground.sheets import Column, Sheet, register_sheet
from riskreport.ground.ui.badges import status_badge

OPEN = ""
STATES = {OPEN: _l("Not looked at yet"), **dict(TodoEnd.choices)}
TONES = {OPEN: "warn", TodoEnd.LOOKED: "ok", TodoEnd.REPORTED: "ok", TodoEnd.REPLACED: "neutral"}
ASKED = {"open": STATES[OPEN], **dict(TodoEnd.choices)}


class TodoFilter(AreaFilterMixin, filters.FilterSet):
    """One version, a part of its units, an area."""

    catalogue = filters.NumberFilter(label=_l("Catalogue"), field_name="catalogue_id")
    q = filters.CharFilter(
        label=_l("Name or code"), method="matching", max_length=60, widget=forms.TextInput(attrs={"type": "search"})
    )
    state = filters.ChoiceFilter(
        label=_l("Status"), choices=tuple(ASKED.items()), method="ended", empty_label=_l("All")
    )
    county = filters.ChoiceFilter(label=_l("District or county-level city"), method="in_county", empty_label=_l("All"))
    town = filters.ChoiceFilter(label=_l("Town or street"), method="in_town", empty_label=_l("All"))

    class Meta:
        model = CatalogueTodo
        fields: list[str] = []

    town_path = "enterprise__town_id"
    category_path = "enterprise__category_id"

    def matching(self, rows: QuerySet[CatalogueTodo], name: str, value: str) -> QuerySet[CatalogueTodo]:
        """Rows whose unit's name holds the words, or whose code begins with them."""
        return rows.filter(found_by(value))

    def ended(self, rows: QuerySet[CatalogueTodo], name: str, value: str) -> QuerySet[CatalogueTodo]:
        """Rows that are open, or that ended so."""
        return rows.filter(end=OPEN if value == "open" else value)


register_sheet(
    Sheet(
        name="catalogue_todos",
        title=_l("Who has looked at a changed catalogue"),
        rows=followed_todos,
        rule=keeps_rosters,
        filterset=TodoFilter,
        order="unit",
        empty_title=_l("No unit here"),
        empty_text=_l("Take a filter away to see the other units."),
        columns=(
            Column("unit", _l("Enterprise"), "enterprise__name", width=36,
                   css="rr-wide", sort="enterprise__name",
                   link=lambda row: reverse("archive", args=[row.enterprise_id])),
            Column("county", _l("District or county-level city"), "county_label",
                   adds=name_of("county", "enterprise__town__parent__display_name"), width=14,
                   sort="enterprise__town_id"),
            Column("town", _l("Town or street"), "town_label", adds=name_of("town", "enterprise__town__display_name"),
                   width=16),
            Column("category", _l("Category"), "category_label", adds=name_of("category", "enterprise__category__name"),
                   width=20),
            Column("state", _l("Status"), "end", kind="choice", choices=STATES, width=20, css="rr-fit",
                   draw=lambda row, value: status_badge(value, TONES[row.end])),
            Column("done", _l("Looked at on"), "done_at", kind="datetime", width=18, sort="done_at"),
            Column("reminded", _l("Last reminded"), "reminder__at",
                   kind="datetime", width=18),
            Column("code", _l("Credit or temporary code"), UNIT_CODES, first_of, width=22,
                   hidden=True),
            Column("address", _l("Address"), "enterprise__address", width=40,
                   hidden=True),
        ),
    )
)  # fmt: skip
