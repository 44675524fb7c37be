"""The change history of a unit: who changed which field, when, from what to what."""

from dataclasses import dataclass
from typing import Any

from enterprises.models import Category, Enterprise, Region
from enterprises.queries.imported import known_as
from riskreport.ground.models import Event, EventLine

UNIT_LABEL = "enterprises.enterprise"
NOT_OF_THE_ENTRY = ("enterprises.rated", "enterprises.overdue")  # colours and due days, which have places of their own
PAGE = 30


@dataclass(frozen=True)
class Changed:
    """One change of a unit: its event and the old and new values by field."""

    event: Event
    unit_id: int
    old: dict[str, Any]
    new: dict[str, Any]


@dataclass(frozen=True)
class History:
    """A page of changes, newest first, the key the next one starts below, and names of the codes in it."""

    rows: list[Changed]
    older: int | None
    names: dict[str, dict[str, str]]


def history_of(unit: Enterprise, *, below: int | None = None, size: int = PAGE) -> History:
    """Return a page of a unit's changes and those of units merged into it. Five queries whatever the number."""
    ids = [unit.pk, *Enterprise.objects.filter(merged_into=unit).values_list("pk", flat=True)]
    lines = EventLine.objects.filter(object_type=UNIT_LABEL, object_id__in=ids)
    lines = lines.exclude(event__kind__in=NOT_OF_THE_ENTRY).select_related("event__actor__department").order_by("-pk")
    if below is not None:
        lines = lines.filter(pk__lt=below)
    found = list(lines[: size + 1])
    rows = [Changed(line.event, line.object_id, known_as(line.old), known_as(line.new)) for line in found[:size]]
    return History(rows, found[size - 1].pk if len(found) > size else None, _names(rows))


def _names(rows: list[Changed]) -> dict[str, dict[str, str]]:
    """Return the names of the towns, categories and units that the values speak of, by field and code as text."""
    wanted: dict[str, set[str]] = {"town_id": set(), "category_id": set(), "merged_into": set()}
    for row in rows:
        for values in (row.old, row.new):
            for field in wanted:
                if values.get(field):
                    wanted[field].add(str(values[field]))
            wanted["category_id"] |= set(values.get("further_categories") or [])
    towns = Region.objects.select_related("parent").filter(pk__in=[int(code) for code in wanted["town_id"]])
    units = Enterprise.objects.filter(pk__in=[int(pk) for pk in wanted["merged_into"]]).values_list("pk", "name")
    return {
        "town_id": {str(row.pk): f"{row.parent.label if row.parent else ''} {row.label}" for row in towns},
        "category_id": {row.pk: row.label for row in Category.objects.filter(pk__in=wanted["category_id"])},
        "merged_into": {str(pk): name for pk, name in units},
    }
