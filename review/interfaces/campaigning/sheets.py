"""Reporting tasks and extensions as sheets."""

from types import SimpleNamespace

import django_filters as filters
from django import forms
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.interfaces.columns import in_language, name_of
from enterprises.interfaces.filters import AreaFilterMixin
from enterprises.queries.search import found_by
from review.enums import CampaignKind, CampaignState, ExtensionState
from review.interfaces.board_page import counted
from review.interfaces.filters import filings_address, offered_campaigns
from review.models import Campaign, Extension
from review.queries.campaigning.extensions import extensions_for_user
from review.queries.campaigning.tasks import with_figures
from review.queries.completion import Figures, percent
from review.rules import opens_campaigns
from riskreport.ground import clock
from riskreport.ground.sheets import Column, Sheet, register_sheet
from riskreport.ground.ui.addresses import row_address
from riskreport.ground.ui.badges import status_badge

ANY = _("All")
TONES = {CampaignState.DRAFT: "neutral", CampaignState.OPEN: "accent", CampaignState.CLOSED: "ok"}
EXTENSION_TONES = {ExtensionState.ASKED: "accent", ExtensionState.GRANTED: "ok", ExtensionState.REFUSED: "bad"}


class CampaignFilter(filters.FilterSet):
    """Filters of the reporting tasks."""

    state = filters.ChoiceFilter(label=_("State"), choices=lambda: CampaignState.choices, empty_label=ANY)
    kind = filters.ChoiceFilter(label=_("Kind of reports"), choices=lambda: CampaignKind.choices, empty_label=ANY)

    class Meta:
        model = Campaign
        fields: list[str] = []


def _link_to(stage: str):
    def draw(row: Campaign, value: int) -> str:
        if row.state == CampaignState.DRAFT:
            return str(value)
        return counted(value, filings_address(campaign=row.code, as_of=clock.today(), stage=stage))

    return draw


def _share(part: int, whole: int) -> str:
    text = percent(Figures(whole, part).rate)
    return f"{text}%" if text else ""


register_sheet(
    Sheet(
        name="campaigns",
        title=_("Reporting tasks"),
        rows=with_figures,
        rule=opens_campaigns,
        filterset=CampaignFilter,
        order="-opens",
        empty_title=_("No reporting task yet"),
        empty_text=_("The city's safety committee office launches them; those that ask your units stand here."),
        columns=(
            Column("name", _("Reporting task"), ("name", "name_en"), in_language, width=40, css="rr-wide", sort="name",
                   link=row_address("campaign")),
            Column("code", _("Short code"), "code", width=18, hidden=True),
            Column("state", _("State"), "state", kind="choice", choices=CampaignState, width=10, css="rr-fit",
                   sort="state", draw=lambda row, value: status_badge(value, TONES[row.state])),
            Column("kind", _("Kind of reports"), "kind", kind="choice", choices=CampaignKind, width=12, css="rr-fit"),
            Column("opens", _("Opens on"), "opens_on", kind="date", width=12, sort="opens_on"),
            Column("due", _("Due on"), "due_on", kind="date", width=12, sort="due_on"),
            Column("locks", _("Locked after"), "locks_on", kind="date", width=12, hidden=True),
            Column("stages", _("Stages"), "stages", kind="int", width=8, hidden=True),
            Column("expected", pgettext_lazy("completeness", "Expected"), "n_expected", kind="int", width=10,
                   draw=_link_to("expected")),
            Column("actual", pgettext_lazy("completeness", "Filed"), "n_actual", kind="int", width=10,
                   draw=_link_to("actual")),
            Column("on_time", pgettext_lazy("completeness", "Filed on time"), "n_on_time", kind="int", width=10,
                   draw=_link_to("on_time"), hidden=True),
            Column("rate", _("Rate"), ("n_actual", "n_expected"), _share, width=9, css="rr-int"),
            Column("rate_on_time", _("Rate on time"), ("n_on_time", "n_expected"), _share, width=9, css="rr-int"),
            Column("overdue", pgettext_lazy("completeness", "Overdue"), "n_overdue", kind="int", width=10,
                   draw=_link_to("overdue")),
        ),
    )
)  # fmt: skip


class ExtensionFilter(AreaFilterMixin, filters.FilterSet):
    """Filters of the extensions; place and category are those of the reports."""

    town_path, category_path = "filing__town_id", "filing__category_id"
    q = filters.CharFilter(
        label=_("Name or code"), method="matching", widget=forms.TextInput(attrs={"type": "search"}), max_length=60
    )
    state = filters.ChoiceFilter(label=_("State"), choices=lambda: ExtensionState.choices, empty_label=ANY)
    campaign = filters.ChoiceFilter(label=_("Reporting task"), field_name="filing__campaign__code", empty_label=ANY)
    county = filters.ChoiceFilter(label=_("District or county-level city"), method="in_county", empty_label=ANY)
    sector = filters.ChoiceFilter(label=_("Sector"), method="in_sector", empty_label=ANY)

    class Meta:
        model = Extension
        fields: list[str] = []

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.offer(offered_campaigns, "")

    def matching(self, rows: QuerySet[Extension], name: str, value: str) -> QuerySet[Extension]:
        """Extensions of units whose name holds the words, or whose code begins with them."""
        return rows.filter(found_by(value, "filing__enterprise"))


def _with_filing(rows: QuerySet[Extension]) -> QuerySet[Extension]:
    return rows.annotate(of_filing=F("filing_id"))


def _page_of(row: Extension) -> str:
    return row_address("filing_extension")(SimpleNamespace(pk=row.of_filing))


register_sheet(
    Sheet(
        name="extensions",
        title=_("Extensions"),
        rows=extensions_for_user,
        rule=opens_campaigns,
        filterset=ExtensionFilter,
        empty_title=_("No extension yet"),
        empty_text=_("Units ask for one on the page of their report; the deciding department may grant one directly."),
        columns=(
            Column("unit", _("Enterprise"), "filing__enterprise__name", width=36, css="rr-wide",
                   sort="filing__enterprise__name", adds=_with_filing, link=_page_of),
            Column("state", _("State"), "state", kind="choice", choices=ExtensionState, width=10, css="rr-fit",
                   sort="state", draw=lambda row, value: status_badge(value, EXTENSION_TONES[row.state])),
            Column("campaign", _("Reporting task"), "filing__campaign__name", width=30, css="rr-wide"),
            Column("old", pgettext_lazy("extension", "Due on before"), "old_due_on", kind="date", width=12),
            Column("new", pgettext_lazy("extension", "Due on after"), "new_due_on", kind="date", width=12,
                   sort="new_due_on"),
            Column("reason", _("Reason"), "reason", width=40, css="rr-wide"),
            Column("asked", pgettext_lazy("extension", "Asked or granted at"), "asked_at", kind="datetime", width=18,
                   sort="asked_at", hidden=True),
            Column("answer", pgettext_lazy("extension", "Answer"), "answer", width=30),
            Column("county", pgettext_lazy("column", "District"), "county_label", width=14, css="rr-fit", hidden=True,
                   adds=name_of("county", "filing__town__parent__display_name"), sort="filing__town_id"),
        ),
    )
)  # fmt: skip
