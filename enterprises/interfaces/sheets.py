"""Rosters as sheets: one declaration for screen, filters and export."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from enterprises.enums import ContactKind, Lifecycle, Scale
from enterprises.interfaces.filters import EnterpriseFilter
from enterprises.models import Contact, Enterprise
from enterprises.queries.scope import enterprises_for_user
from enterprises.rules import is_official
from riskreport.ground.sheets import Column, Sheet, register_sheet
from riskreport.ground.sheets.values import mask_name, mask_phone
from riskreport.ground.ui.badges import status_badge

LIFECYCLE_TONES = {
    Lifecycle.ACTIVE: "ok",
    Lifecycle.SUSPENDED: "warn",
    Lifecycle.CLOSED: "neutral",
    Lifecycle.WRITTEN_OFF: "neutral",
}


def _with_people_and_places(rows: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
    return rows.select_related("town__parent", "category__sector").prefetch_related("contacts")


def _contact(row: Enterprise, kind: str) -> Contact | None:
    return next((one for one in row.contacts.all() if one.kind == kind), None)


def _principal(row: Enterprise) -> str:
    found = _contact(row, ContactKind.PRINCIPAL) or _contact(row, ContactKind.LEGAL)
    return found.name if found else ""


def _safety_officer(row: Enterprise) -> str:
    found = _contact(row, ContactKind.SAFETY)
    return found.name if found else ""


def _safety_phone(row: Enterprise) -> str:
    found = _contact(row, ContactKind.SAFETY)
    return found.phone if found else ""


def _lifecycle_badge(row: Enterprise, value: str) -> str:
    return status_badge(value, LIFECYCLE_TONES.get(row.lifecycle, "neutral"))


register_sheet(
    Sheet(
        name="enterprises",
        title=_("Roster of enterprises"),
        rows=enterprises_for_user,
        rule=is_official,
        filterset=EnterpriseFilter,
        optimise=_with_people_and_places,
        order="",
        empty_title=_("No enterprises in your area yet"),
        empty_text=_("The lead department draws up the roster; units appear here once they are entered."),
        columns=(
            Column("name", _("Name"), "name", width=36, css="rr-wide", sort="name"),
            Column("code", _("Credit code or temporary code"), "code", width=22, css="rr-fit"),
            Column("category", _("Category"), "category.label", width=20, sort="category_id"),
            Column("sector", _("Sector"), "category.sector.label", width=20, hidden=True),
            Column("county", _("District or county-level city"), "town.parent.label", width=14, sort="town_id"),
            Column("town", _("Town or street"), "town.label", width=16),
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
            Column("joined", _("Joined on"), "joined_on", kind="date", width=12, sort="joined_on"),
            Column("left", _("Left on"), "left_on", kind="date", width=12, sort="left_on", hidden=True),
            Column(
                "principal",
                _("Main responsible person"),
                _principal,
                width=14,
                personal=True,
                mask=mask_name,
                hidden=True,
            ),
            Column("safety", _("Safety officer"), _safety_officer, width=14, personal=True, mask=mask_name),
            Column(
                "phone",
                _("Safety officer's telephone"),
                _safety_phone,
                width=18,
                personal=True,
                mask=mask_phone,
                css="rr-fit",
            ),
        ),
    )
)
