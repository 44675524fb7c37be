"""Rows that were set aside although what they say stands now: somebody else took the same list in meanwhile."""

from typing import Any

from riskreport.ground.imports.standing import Finder, is_same
from riskreport.ground.imports.writing import chunks_of
from riskreport.ground.models import ImportBatch, ImportRow
from riskreport.ground.models.imports import RowState
from riskreport.ground.sheets.declaration import Sheet


def recognise_same(sheet: Sheet, batch: ImportBatch, user: Any) -> int:
    """Tell rows set aside as changed meanwhile from those that would change nothing any more; return how many.

    Side effects, in the caller's transaction: the latter become rows that stand already, with the row that they mean.
    """
    rows = ImportRow.objects.filter(batch=batch, state=RowState.STALE).order_by("pk")
    if not rows.exists():
        return 0
    finder, same = Finder(sheet, user, batch.counts["written"]), []
    for chunk in chunks_of(rows.iterator(chunk_size=2000)):
        by_id = finder.stand.read(finder.within.filter(pk__among={row.target for row in chunk if row.target}))
        by_key = finder.find([row.values for row in chunk])
        for row, found in zip(chunk, by_key, strict=True):
            standing = by_id.get(row.target) or found.standing
            if standing and all(is_same(value, standing.values.get(key)) for key, value in row.values.items()):
                row.target, row.state = standing.pk, RowState.SAME
                same.append(row)
    ImportRow.objects.bulk_update(same, ["target", "state"], batch_size=500)
    return len(same)
