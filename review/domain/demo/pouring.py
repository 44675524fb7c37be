"""Writing very many plain rows: COPY on PostgreSQL, one prepared statement on SQLite. Nothing else differs."""

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.db.models import AutoField, Field, Model

from riskreport.ground.domain.many_rows import default_of, encode
from riskreport.ground.imports.writing import work_long

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
PAST = "demo_past"
ZONE = "+00" if connection.vendor == "postgresql" else ""
Row = Sequence[str | int | bool | None]


@contextmanager
def pouring() -> Iterator[None]:
    """One transaction that may take long and whose commit need not wait for the disk.

    A load that broke off is thrown away, so nothing is lost by that.
    """
    with transaction.atomic():
        work_long()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL synchronous_commit = off; SET LOCAL idle_in_transaction_session_timeout = 0")
        yield


def pour(model: type[Model], names: Sequence[str], rows: Iterable[Row]) -> None:
    """Append rows of plain values to a model's table, in the caller's transaction.

    ``names`` are attributes of the model (``town_id``) in the order of the values; JSON, days, moments and numbers come
    as text. A column that is not named and may not be empty gets its default.
    """
    given = [_field(model, name) for name in names]
    others = [
        field
        for field in model._meta.concrete_fields
        if field not in given and not (field.null or isinstance(field, AutoField))
    ]
    defaults = tuple(_plain(default_of(field)) for field in others)
    _fill(model._meta.db_table, [field.column for field in [*given, *others]], ((*row, *defaults) for row in rows))


def pour_changes(model: type[Model], names: Sequence[str], rows: Iterable[Row]) -> None:
    """Write new values into standing rows, in the caller's transaction: each row's first value is its primary key."""
    columns = [_field(model, name) for name in names]
    kinds = ", ".join(f'"{field.column}" {field.rel_db_type(connection)}' for field in columns)
    changes = ", ".join(f'"{field.column}" = p."{field.column}"' for field in columns)
    key, table = model._meta.pk.column, model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TEMPORARY TABLE {PAST} ("{key}" bigint PRIMARY KEY, {kinds})')
        _fill(PAST, [key, *(field.column for field in columns)], rows)
        update = f'UPDATE "{table}" SET {changes} FROM {PAST} AS p WHERE p."{key}" = "{table}"."{key}"'  # nosec B608
        cursor.execute(update)
        cursor.execute(f"DROP TABLE {PAST}")


@lru_cache(maxsize=4096)
def stamp(moment: dt.datetime) -> str:
    """Return a moment as the database takes it: PostgreSQL with its zone, SQLite in UTC without one."""
    return moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat(sep=" ") + ZONE


def _plain(value: Any) -> str | int | bool:
    if isinstance(value, dict | list):
        return encode(value)
    if isinstance(value, dt.datetime):
        return stamp(value)
    return value if isinstance(value, int) else str(value)


def _field(model: type[Model], name: str) -> Field:
    return next(field for field in model._meta.concrete_fields if name in (field.name, field.attname))


def _fill(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            lines = io.StringIO("".join(map(_line, rows)))
            cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', lines)
        else:
            places = ", ".join(["%s"] * len(columns))
            statement = f'INSERT INTO "{table}" ({names}) VALUES ({places})'  # names of our own  # nosec B608
            cursor.executemany(statement, list(rows))


def _line(row: Row) -> str:
    return "\t".join(map(_text, row)) + "\n"


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    if not isinstance(value, str):
        return str(value)
    if "\\" in value or "\n" in value or "\t" in value or "\r" in value:
        return value.translate(ESCAPES)
    return value
