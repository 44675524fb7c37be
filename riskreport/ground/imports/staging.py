"""Filling the staging table: COPY on PostgreSQL, one prepared statement in batches on SQLite. Nothing else differs."""

import io
import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction

from riskreport.ground.models import ImportBatch, ImportRow

COLUMNS = ("batch_id", "number", "state", "target", "seen_version", "label", "values", "old", "problems")
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
LONGEST_LABEL = 200
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


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


def fill(batch_id: int, rows: Sequence[Staged]) -> None:
    """Append rows to the staging table, in one transaction of their own when none is open."""
    if not rows:
        return
    if connection.vendor == "postgresql":
        _copy(batch_id, rows)
    else:
        _insert(batch_id, rows)


def _copy(batch_id: int, rows: Iterable[Staged]) -> None:
    lines = []
    for row in rows:
        target = "\\N" if row.target is None else row.target
        version = "\\N" if row.seen_version is None else row.seen_version
        texts = "\t".join(
            text.translate(ESCAPES)
            for text in (row.label[:LONGEST_LABEL], _encode(row.values), _encode(row.old), _encode(row.problems))
        )
        lines.append(f"{batch_id}\t{row.number}\t{row.state}\t{target}\t{version}\t{texts}\n")
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    with connection.cursor() as cursor:
        statement = f"COPY {ImportRow._meta.db_table} ({names}) FROM STDIN"
        cursor.copy_expert(statement, io.StringIO("".join(lines)))


def _insert(batch_id: int, rows: Iterable[Staged]) -> None:
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    places = ", ".join(["%s"] * len(COLUMNS))
    statement = f"INSERT INTO {ImportRow._meta.db_table} ({names}) VALUES ({places})"  # nosec B608: names of our own
    values = [
        (batch_id, *row[:4], row.label[:LONGEST_LABEL], _encode(row.values), _encode(row.old), _encode(row.problems))
        for row in rows
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(statement, values)


def clear(batch: ImportBatch) -> None:
    """Take a batch's rows out of the staging table again."""
    ImportRow.objects.filter(batch=batch)._raw_delete(ImportRow.objects.db)
