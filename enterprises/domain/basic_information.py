"""Carrying basic information between an enterprise and a report."""

from decimal import Decimal
from typing import Any

from django.db.models import F

from enterprises.checks.basic_information import FIELDS
from enterprises.domain.roster_changes import RosterAct, RosterChange, announce_roster
from enterprises.enums import ContactKind
from enterprises.models import Contact, Enterprise, User
from riskreport.ground import clock
from riskreport.ground.domain.events import Line, record_event

CONTACTS = {
    ContactKind.LEGAL: ("legal_name", None),
    ContactKind.PRINCIPAL: ("principal_name", "principal_phone"),
    ContactKind.SAFETY: ("safety_name", "safety_phone"),
}
OWN_COLUMNS = {"address", "trade_code", "standard_grade", "longitude", "latitude"}
UNIT_LABEL = "enterprises.enterprise"


def read_basic(enterprise: Enterprise) -> dict[str, str]:
    """Return what is known of the enterprise as the fields of the basic information, all as text."""
    values = {key: str(value) for key, value in enterprise.profile.items()}
    values["address"] = enterprise.address
    values["trade_code"] = enterprise.trade_code
    values["standard_grade"] = str(enterprise.standard_grade or 0)
    if enterprise.longitude is not None:
        values |= {"longitude": str(enterprise.longitude), "latitude": str(enterprise.latitude)}
    people = {row.kind: row for row in enterprise.contacts.all()}
    for kind, (name_key, phone_key) in CONTACTS.items():
        if kind in people:
            values[name_key] = people[kind].name
            if phone_key:
                values[phone_key] = people[kind].phone
    return {field.key: values.get(field.key, "") for field in FIELDS}


def differing(old: dict[str, Any], new: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the old and the new values of what differs, by the keys of ``new``; a number is the same however long."""
    changed = [key for key, value in new.items() if _canonical(key, old.get(key)) != _canonical(key, value)]
    return {key: old.get(key) for key in changed}, {key: new[key] for key in changed}


def _canonical(key: str, value: Any) -> Any:
    if key in {"longitude", "latitude"} and value:
        return Decimal(value).quantize(Decimal("0.000001"))
    return value


def store_basic(*, enterprise: Enterprise, values: dict[str, str], **columns: Any) -> None:
    """Write basic information that has passed the checks into the roster's columns, profile and contacts.

    Side effects, in the caller's transaction: the enterprise's own columns with ``columns`` beside them, its profile,
    its version; its contacts, one without name and telephone removed.
    """
    contact_keys = {key for pair in CONTACTS.values() for key in pair if key}
    profile = {field.key: values.get(field.key, "") for field in FIELDS if field.key not in OWN_COLUMNS | contact_keys}
    point = values.get("longitude") and values.get("latitude")
    Enterprise.objects.filter(pk=enterprise.pk).update(
        address=values["address"],
        trade_code=values.get("trade_code", ""),
        standard_grade=int(values.get("standard_grade") or 0) or None,
        longitude=Decimal(values["longitude"]).quantize(Decimal("0.000001")) if point else None,
        latitude=Decimal(values["latitude"]).quantize(Decimal("0.000001")) if point else None,
        profile={**enterprise.profile, **profile},
        version=F("version") + 1,
        **columns,
    )
    for kind, (name_key, phone_key) in CONTACTS.items():
        name, phone = values.get(name_key, ""), values.get(phone_key, "") if phone_key else ""
        if name or phone:
            Contact.objects.update_or_create(enterprise=enterprise, kind=kind, defaults={"name": name, "phone": phone})
        else:
            Contact.objects.filter(enterprise=enterprise, kind=kind).delete()


def write_basic(*, enterprise: Enterprise, values: dict[str, str], user: User | None = None) -> None:
    """Write certified basic information back to the roster.

    Side effects, in the caller's transaction, in order: what store_basic writes; where something differs, the event
    ``enterprise.certified`` with a line of old and new values, and the roster's followers are told. The values have
    passed the checks. A second call with the same values only counts the version up.
    """
    old, new = differing(read_basic(enterprise), {field.key: values.get(field.key, "") for field in FIELDS})
    store_basic(enterprise=enterprise, values=values)
    if not new:
        return
    line = Line(object_type=UNIT_LABEL, object_id=enterprise.pk, old=old, new=new)
    record_event(kind="enterprise.certified", actor=user, about=enterprise, enterprise_id=enterprise.pk, lines=[line])
    change = RosterChange(enterprise.pk, RosterAct.CHANGED, clock.today(), old=old, new=new)
    announce_roster(changes=[change], user=user)
