"""Pages by key: the next page starts after the last row seen, so that a deep page costs what the first one does.

Rows are ordered by one field and then by primary key. A cursor holds the place of a row in that order: the value of the
field, the key, and how many rows stood before (said to the reader, never used to find rows).
"""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Field, Q, QuerySet

COUNT_CAP = 10_000
SORT_VALUE = "_sort_value"


@dataclass(frozen=True)
class Order:
    """An order of rows: an ORM field (empty: the primary key alone), its direction, whether it can be null."""

    field: str
    descending: bool
    target: Field | None
    nullable: bool

    @classmethod
    def of(cls, rows: QuerySet, path: str, *, descending: bool) -> "Order":
        """Read type and nullability of ``path`` from the model or the annotations of ``rows``."""
        if not path:
            return cls("", descending, None, False)
        if path in rows.query.annotations:
            return cls(path, descending, rows.query.annotations[path].output_field, True)
        model, nullable, target = rows.model, False, None
        for step in path.split("__"):
            target = _field(model, step)
            nullable = nullable or bool(getattr(target, "null", False))
            model = getattr(target, "related_model", None) or model
        return cls(path, descending, target, nullable)

    def apply(self, rows: QuerySet, *, backwards: bool = False) -> QuerySet:
        """Return the rows in this order, or in its mirror image."""
        down = self.descending is not backwards
        key = "-pk" if down else "pk"
        if not self.field:
            return rows.order_by(key)
        rows = self.mark(rows)
        by = F(self.field)
        if not self.nullable:
            return rows.order_by(by.desc() if down else by.asc(), key)
        # nulls after all values going up and before them going down: the same order from either end
        return rows.order_by(by.desc(nulls_first=True) if down else by.asc(nulls_last=True), key)

    def mark(self, rows: QuerySet) -> QuerySet:
        """Return the rows with the value they are sorted by, for cursors."""
        return rows.annotate(**{SORT_VALUE: F(self.field)}) if self.field else rows

    def beyond(self, value: Any, key: Any, *, backwards: bool = False) -> Q:
        """Return the condition for rows after (or before) the row with ``value`` and ``key``."""
        down = self.descending is not backwards
        side = "lt" if down else "gt"
        later_key = Q(**{f"pk__{side}": key})
        if not self.field:
            return later_key
        is_null = Q(**{f"{self.field}__isnull": True})
        if value is None:
            return (is_null & later_key) | (~is_null if down else Q(pk__in=[]))
        later = Q(**{f"{self.field}__{side}e": value}) & (Q(**{f"{self.field}__{side}": value}) | later_key)
        return later | is_null if self.nullable and not down else later


@dataclass(frozen=True)
class Cursor:
    """The place of a row in an order."""

    value: Any
    key: Any
    position: int

    def write(self) -> str:
        """Return the cursor as text for an address."""
        text = json.dumps([self.value, self.key, self.position], default=str, separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, order: Order, rows: QuerySet) -> "Cursor | None":
        """Return the cursor an address names, or None when it is not one of this order."""
        try:
            value, key, position = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            if order.target is not None and value is not None:
                value = order.target.to_python(value)
            return cls(value, rows.model._meta.pk.to_python(key), max(0, int(position)))
        except (ValueError, TypeError, ValidationError, binascii.Error, OverflowError):
            return None


@dataclass(frozen=True)
class Page:
    """Some rows, how many there are (capped), where they stand, and the cursors before and after them."""

    rows: list
    count: int
    start: int
    before: str = ""
    after: str = ""

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than were counted."""
        return self.count > COUNT_CAP


def count_capped(rows: QuerySet) -> int:
    """Count at most one more than the cap: beyond it the reader is told «10 000+»."""
    return rows.order_by().values("pk")[: COUNT_CAP + 1].count()


def take_page(
    rows: QuerySet, optimise: Callable, order: Order, *, size: int, after: str = "", before: str = ""
) -> Page:
    """Return one page in three queries: count, keys, rows. A cursor that is not one gives the first page.

    The keys are found without what the columns read, so that joins and sub-queries are made for one page alone;
    ``optimise`` adds them.
    """
    count = count_capped(rows)
    backwards = bool(before)
    cursor = Cursor.read(before or after, order, rows) if before or after else None
    chosen = rows if cursor is None else rows.filter(order.beyond(cursor.value, cursor.key, backwards=backwards))
    backwards = backwards and cursor is not None
    keys = list(order.apply(chosen, backwards=backwards).values_list("pk", flat=True)[: size + 1])
    more, keys = len(keys) > size, keys[:size]
    by_key = {row.pk: row for row in optimise(order.mark(rows.filter(pk__in=keys)))}
    found = [by_key[key] for key in keys if key in by_key]
    if backwards:
        found.reverse()
        start = max(1, cursor.position - len(found))  # type: ignore[union-attr]
        has_before, has_after = more, True
    else:
        start = cursor.position + 1 if cursor else 1
        has_before, has_after = cursor is not None, more
    if not found:
        return Page([], count, 0)
    first, last = found[0], found[-1]
    return Page(
        rows=found,
        count=count,
        start=start,
        before=Cursor(_value(first), first.pk, start).write() if has_before else "",
        after=Cursor(_value(last), last.pk, start + len(found) - 1).write() if has_after else "",
    )


def _value(row: Any) -> Any:
    return getattr(row, SORT_VALUE, None)


def is_known(rows: QuerySet, path: str) -> bool:
    """Say whether ``path`` starts at a field or an annotation these rows have."""
    first = path.split("__")[0]
    if not first or first in rows.query.annotations:
        return True
    try:
        return bool(_field(rows.model, first))
    except StopIteration:
        return False


def _field(model: Any, step: str) -> Any:
    try:
        return model._meta.get_field(step)
    except FieldDoesNotExist:
        return next(field for field in model._meta.concrete_fields if field.attname == step)
