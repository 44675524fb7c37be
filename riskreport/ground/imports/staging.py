"""Filling and clearing the staging table."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from riskreport.ground.domain.many_rows import write_rows
from riskreport.ground.models import ImportBatch, ImportRow

COLUMNS = ("batch_id", "number", "state", "target", "seen_version", "label", "values", "old", "problems")
LONGEST_LABEL = 200


class Staged(NamedTuple):
    """A row to be staged; see ImportRow for what its parts mean."""

    number: int
    state: str
    target: int | None
    seen_version: int | None
    label: str
    values: dict[str, Any]
    old: dict[str, Any]
    problems: list[list[str]]


def fill(batch_id: int, rows: Iterable[Staged]) -> None:
    """Append rows to the staging table, in one transaction of their own when none is open."""
    write_rows(ImportRow, COLUMNS, ((batch_id, *row[:4], row.label[:LONGEST_LABEL], *row[5:]) for row in rows))


def clear(batch: ImportBatch) -> None:
    """Take a batch's rows out of the staging table again."""
    ImportRow.objects.filter(batch=batch)._raw_delete(ImportRow.objects.db)
