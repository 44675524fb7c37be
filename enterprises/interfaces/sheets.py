"""Rosters as sheets: one declaration for screen, filters and export."""

from collections.abc import Callable

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from enterprises.enums import ContactKind, Lifecycle, Scale
from enterprises.interfaces.columns import name_of
from enterprises.interfaces.filters import EnterpriseFilter
from enterprises.models import Enterprise
from enterprises.queries.scope import enterprises_for_user
from enterprises.rules import is_official
from riskreport.ground.sheets import Column, Sheet, register_sheet
from riskreport.ground.sheets.values import mask_name, mask_phone
from riskreport.ground.ui.addresses import row_address
from riskreport.ground.ui.badges import status_badge

LIFECYCLE_TONES = {
    Lifecycle.ACTIVE: "ok",
    Lifecycle.SUSPENDED: "warn",
    Lifecycle.CLOSED: "neutral",
    Lifecycle.WRITTEN_OFF: "neutral",
}


def contact_of(kind: str) -> Callable[[QuerySet], QuerySet]:
    """Return what brings a row's contact of ``kind`` as ``<kind>_name`` and ``<kind>_phone``."""

    def add(rows: QuerySet) -> QuerySet:
        link = FilteredRelation("contacts", condition=Q(contacts__kind=kind))
        names = {f"{kind}_name": F(f"{kind}_contact__name"), f"{kind}_phone": F(f"{kind}_contact__phone")}
        return rows.annotate(**{f"{kind}_contact": link}).annotate(**names)

    return add


def _narrow(rows: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
    """Leave out what no column reads: the profile alone would be parsed from JSON for every row."""
    return rows.defer("profile", "longitude", "latitude", "no_code_reason", "left_reason", "trade_code", "version")


safety_officer = contact_of(ContactKind.SAFETY)


def _lifecycle_badge(row: Enterprise, value: str) -> str:
    return status_badge(value, LIFECYCLE_TONES.get(row.lifecycle, "neutral"))


register_sheet(
    Sheet(
        name="enterprises",
        title=_("Roster of enterprises"),
        rows=enterprises_for_user,
        rule=is_official,
        filterset=EnterpriseFilter,
        optimise=_narrow,
        order="county",
        empty_title=_("No enterprises in your area yet"),
        empty_text=_("The lead department draws up the roster; units appear here once they are entered."),
        columns=(
            Column("name", _("Name"), "name", width=36, css="rr-wide", sort="name", link=row_address("archive")),
            Column("code", _("Credit or temporary code"), "code", width=22, css="rr-fit"),
            Column("category", _("Category"), "category_label", adds=name_of("category"), width=20, sort="category_id"),
            Column("sector", _("Sector"), "sector_label", adds=name_of("sector"), width=20, hidden=True),
            Column(
                "county",
                _("District or county-level city"),
                "county_label",
                adds=name_of("county"),
                width=14,
                sort="town_id",
            ),
            Column("town", _("Town or street"), "town_label", adds=name_of("town"), width=16),
            Column("address", _("Address"), "address", width=40, css="rr-wide", hidden=True),
            Column("scale", _("Scale"), "scale", kind="choice", choices=Scale, width=10, css="rr-fit", sort="scale"),
            Column(
                "lifecycle",
                _("Lifecycle"),
                "lifecycle",
                kind="choice",
                choices=Lifecycle,
                width=12,
                sort="lifecycle",
                draw=_lifecycle_badge,
            ),
            Column("joined", _("Joined on"), "joined_on", kind="date", width=12, sort="joined_on", hidden=True),
            Column("left", _("Left on"), "left_on", kind="date", width=12, sort="left_on", hidden=True),
            Column(
                "principal",
                _("Main responsible person"),
                "principal_name",
                adds=contact_of(ContactKind.PRINCIPAL),
                width=14,
                personal=True,
                mask=mask_name,
                hidden=True,
            ),
            Column(
                "safety",
                _("Safety officer"),
                "safety_name",
                adds=safety_officer,
                width=14,
                personal=True,
                mask=mask_name,
            ),
            Column(
                "phone",
                _("Safety officer's telephone"),
                "safety_phone",
                adds=safety_officer,
                width=18,
                personal=True,
                mask=mask_phone,
                css="rr-fit",
            ),
        ),
    )
)
