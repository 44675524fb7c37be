"""Carrying basic information between an enterprise and a report."""

from decimal import Decimal

from django.db.models import F

from enterprises.checks.basic_information import FIELDS
from enterprises.enums import ContactKind
from enterprises.models import Contact, Enterprise

CONTACTS = {
    ContactKind.LEGAL: ("legal_name", None),
    ContactKind.PRINCIPAL: ("principal_name", "principal_phone"),
    ContactKind.SAFETY: ("safety_name", "safety_phone"),
}
OWN_COLUMNS = {"address", "trade_code", "standard_grade", "longitude", "latitude"}


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


def write_basic(*, enterprise: Enterprise, values: dict[str, str]) -> None:
    """Write certified basic information back to the roster.

    Side effects, in the caller's transaction: the enterprise's own columns, profile and version; its contacts. The
    values have passed the checks. A second call with the same values only counts the version up.
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
    )
    for kind, (name_key, phone_key) in CONTACTS.items():
        Contact.objects.update_or_create(
            enterprise=enterprise,
            kind=kind,
            defaults={"name": values[name_key], "phone": values.get(phone_key, "") if phone_key else ""},
        )
