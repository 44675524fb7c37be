"""Reading a sheet's rows as plain values for an export: no objects, no statement that runs long, flat memory.

The keys are read once in the order of the list; the values follow in chunks by key, each within scope and filter again.
So every row comes at most once, however the rows change meanwhile, and nothing is sorted twice.
"""

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import BigIntegerField, Func, Value

from riskreport.ground.sheets.declaration import Column
from riskreport.ground.sheets.selection import Selection

CHUNK = 2_000


def fields_of(columns: Iterable[Column]) -> list[str]:
    """Return the names of the plain values that a row of these columns is read as: its key, then each once."""
    return list(dict.fromkeys(["pk", *(field for column in columns for field in column.fields)]))


def keys_in_order(selection: Selection) -> Sequence[int]:
    """Return the primary keys of all rows in the order of the list; eight bytes each. Raises BadFilter."""
    keys = selection.order.apply(selection.keyed_rows).values_list("pk", flat=True)
    return array("q", keys.iterator(chunk_size=10_000))


def plain_rows(selection: Selection, keys: Sequence[int]) -> Iterator[list[tuple]]:
    """Yield the rows of ``keys`` in chunks, as tuples of ``fields_of`` their columns; rows that left are out."""
    fields = fields_of(selection.columns)
    rows = selection.full_rows.order_by()
    for start in range(0, len(keys), CHUNK):
        part = list(keys[start : start + CHUNK])
        found = {row[0]: row for row in rows.filter(pk__in=Among(part)).values_list(*fields)}
        yield [found[key] for key in part if key in found]


class Among(Func):
    """Whole numbers as rows: one parameter however many they are, where a list would be a thousand."""

    output_field = BigIntegerField()

    def __init__(self, keys: list[int]) -> None:
        super().__init__(Value(keys))

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Return the numbers out of one JSON text."""
        return "SELECT value FROM json_each(%s)", (json.dumps(self.source_expressions[0].value),)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Return the numbers out of one array."""
        return "SELECT unnest(%s::bigint[])", (self.source_expressions[0].value,)
