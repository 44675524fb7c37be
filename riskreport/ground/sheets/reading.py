"""Reading a sheet's rows as plain values for an export: no objects, no statement that runs long, flat memory.

The keys are read once in the order of the list; the values follow in chunks by key, each within scope and filter again.
So every row comes at most once, however the rows change meanwhile, and nothing is sorted twice.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence

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
        found = {row[0]: row for row in rows.filter(pk__among=part).values_list(*fields)}
        yield [found[key] for key in part if key in found]
