"""What changed between two versions of a catalogue, in words: field by field, before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.models import Category
from risks.checks.catalogue_difference import ADDED, CHANGED, REMOVED, Difference, ItemChange
from risks.enums import Level
from risks.interfaces.words import measures_of
from risks.queries.catalogue_pages import accident_names, named_in

FIELD_LABELS: dict[str, str | Promise] = {
    "code": _l("Item code"),
    "name": _l("Name in Chinese"),
    "name_en": _l("Name in English"),
    "categories": _l("Asked of these categories"),
    "group": _l("Group"),
    "part": _l("Part"),
    "look_for": _l("What to look for"),
    "place": _l("Place"),
    "accident_types": _l("Accident types"),
    "consequence": _l("Consequence"),
    "level": _l("Risk level"),
    "may_be_lowered": _l("May a unit rate it lower?"),
    "measures": _l("Measures"),
    "basis": _l("Basis"),
    "title": _l("Title in Chinese"),
    "title_en": _l("Title in English"),
    "note": _l("Note"),
    "groups": _l("Groups"),
    "parts": _l("Parts"),
    "quantified": _l("Quantified assessment table"),
    "items": _l("Items"),
    "indicators": _l("Indicators of the quantified assessment"),
}
KINDS = {ADDED: _l("Added items"), REMOVED: _l("Removed items"), CHANGED: _l("Changed items")}


@dataclass(frozen=True)
class FieldShown:
    """One field before and after."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class ChangeShown:
    """One item with the fields that changed; ``raised`` says that its level went up."""

    code: str
    name: str
    level: str
    raised: bool
    fields: list[FieldShown]


class Words:
    """The names behind the codes of two contents, read once."""

    def __init__(self, *contents: dict[str, Any] | None) -> None:
        self.accidents = accident_names()
        self.categories = {row.pk: row.label for row in Category.objects.all()}
        heads = [content for content in contents if content]
        self.groups = {row["key"]: named_in(row) for content in heads for row in content["groups"]}
        self.parts = {row["key"]: named_in(row) for content in heads for row in content["parts"]}

    def of(self, field: str, value: Any) -> str:
        """Return a field's value as a person reads it; several values stand on lines of their own."""
        several: dict[str, Mapping[str, str]] = {"categories": self.categories, "accident_types": self.accidents}
        if field in several:
            return "、".join(several[field].get(code, code) for code in value)
        if field in {"groups", "parts"}:
            return "\n".join(named_in(row) for row in value)
        if field == "look_for":
            return "\n".join(value)
        if field == "measures":
            return "\n".join(f"{row.label}：{'；'.join(row.texts)}" for row in measures_of(value))
        if field == "quantified":
            return _("The table was changed.") if value else ""
        if field == "may_be_lowered":
            return _("Yes") if value else _("No")
        single: dict[str, Mapping[str, Any]] = {"group": self.groups, "part": self.parts, "level": dict(Level.choices)}
        return str(single.get(field, {}).get(value, value))


def shown_difference(
    difference: Difference, old: dict[str, Any] | None, new: dict[str, Any]
) -> dict[str, list[FieldShown] | list[tuple[str, list[ChangeShown]]]]:
    """Return the head's fields and, kind by kind, the items with what changed."""
    words = Words(old, new)
    head = [_field(words, name, (old or {}).get(name), new[name]) for name in difference.head]
    kinds = [
        (str(label), [_change(words, change) for change in difference.of_kind(kind)]) for kind, label in KINDS.items()
    ]
    return {"head": head, "kinds": [(label, changes) for label, changes in kinds if changes]}


def _change(words: Words, change: ItemChange) -> ChangeShown:
    item, old, new = change.item, change.old or {}, change.new or {}
    fields = [_field(words, name, old[name], new[name]) for name in change.fields]
    return ChangeShown(change.code, item["name"], item["level"], change.is_raised, fields)


def _field(words: Words, name: str, old: Any, new: Any) -> FieldShown:
    if name == "measures" and old is not None:
        same = {kind for kind in old if old[kind] == new.get(kind)}
        old, new = ({kind: texts for kind, texts in value.items() if kind not in same} for value in (old, new))
    before = words.of(name, old) if old is not None else ""
    return FieldShown(str(FIELD_LABELS[name]), before, words.of(name, new))
