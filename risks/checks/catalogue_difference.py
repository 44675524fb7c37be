"""Two versions of a catalogue side by side, item by item and field by field. Pure functions over plain contents."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from risks.enums import LEVEL_ORDER, Level

HEAD = ("title", "title_en", "note", "groups", "parts", "quantified")
COMPARED = (
    *("name", "name_en", "categories", "group", "part", "look_for", "place", "accident_types", "consequence", "level"),
    *("may_be_lowered", "measures", "basis"),
)
ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True)
class ItemChange:
    """One item that was added, removed or changed; ``fields`` are those that differ, none for added and removed."""

    kind: str
    code: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    fields: tuple[str, ...] = ()

    @property
    def item(self) -> dict[str, Any]:
        """The item as it is now, or as it was when it was removed."""
        return self.new or self.old or {}

    @property
    def is_raised(self) -> bool:
        """Whether the level is higher than before."""
        if self.old is None or self.new is None:
            return False
        return LEVEL_ORDER[Level(self.new["level"])] > LEVEL_ORDER[Level(self.old["level"])]

    @property
    def new_categories(self) -> list[str]:
        """The categories that are asked this item now and were not before."""
        if self.new is None:
            return []
        before = set(self.old["categories"]) if self.old else set()
        return [code for code in self.new["categories"] if code not in before]

    @property
    def left_categories(self) -> list[str]:
        """The categories that were asked this item before and are not any more."""
        if self.old is None:
            return []
        now = set(self.new["categories"]) if self.new else set()
        return [code for code in self.old["categories"] if code not in now]


@dataclass(frozen=True)
class Difference:
    """What changed between two versions: fields of the head, items, and whether items stand in another order."""

    head: tuple[str, ...]
    items: tuple[ItemChange, ...]
    is_reordered: bool

    def of_kind(self, kind: str) -> list[ItemChange]:
        """Return the changes of one kind."""
        return [change for change in self.items if change.kind == kind]

    @property
    def codes_touched(self) -> set[str]:
        """The codes of items that were removed, raised, or are no longer asked of some category."""
        return {change.code for change in self.items if change.is_raised or change.left_categories}

    @property
    def categories_touched(self) -> set[str]:
        """The categories that are asked an item they were not asked before."""
        return {code for change in self.items for code in change.new_categories}

    @property
    def is_empty(self) -> bool:
        """Whether both versions say the same."""
        return not (self.head or self.items or self.is_reordered)


def difference_of(old: dict[str, Any] | None, new: dict[str, Any]) -> Difference:
    """Return what ``new`` changes; everything is new when there is no ``old``. Items are the same by their code."""
    before = {item["code"]: item for item in old["items"]} if old else {}
    now = {item["code"]: item for item in new["items"]}
    found = [_change(before.get(code), item) for code, item in now.items()]
    found += [ItemChange(REMOVED, code, item, None) for code, item in before.items() if code not in now]
    head = tuple(name for name in HEAD if old and old[name] != new[name])
    return Difference(head, tuple(change for change in found if change), _order(before, now) != _order(now, before))


def _change(old: dict[str, Any] | None, new: dict[str, Any]) -> ItemChange | None:
    if old is None:
        return ItemChange(ADDED, new["code"], None, new)
    fields = tuple(name for name in COMPARED if old[name] != new[name])
    return ItemChange(CHANGED, new["code"], old, new, fields) if fields else None


def _order(codes: dict[str, Any], others: dict[str, Any]) -> Sequence[str]:
    return [code for code in codes if code in others]
