"""Writing many rows of one table from plain tuples: the one way for staging, event lines and what follows a roster."""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import DateField, Field, JSONField, Model

from riskreport.ground import clock

AT_ONCE = 5000
encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode


def write_rows(
    model: type[Model],
    columns: Sequence[str],
    rows: Iterable[Sequence],
    *,
    key: str = "",
    skip_known: bool = False,
) -> None:
    """Insert ``rows``, whose values stand in the order of ``columns`` (attributes, such as ``town_id``).

    Every other column gets its default. A value of a JSON column is what JSON can hold. With ``key``, a unique column,
    a row that stands takes over the columns given; with ``skip_known`` it stays as it is. Nobody is signalled and no id
    comes back: who needs the ids takes them from reserve_ids first. Some thousand rows a statement, in one transaction.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    given = [fields.pop(name) for name in columns]
    others = [field for field in fields.values() if not field.primary_key]
    names = [str(field.column) for field in given]
    defaults = [field.get_db_prep_save(default_of(field), connection) for field in others]
    start = f'INSERT INTO "{model._meta.db_table}" ({_quoted([*names, *(str(field.column) for field in others)])})'
    taken = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name != key)
    end = f'ON CONFLICT ("{key}") DO UPDATE SET {taken}' if key else ""
    end = "ON CONFLICT DO NOTHING" if skip_known else end
    source = iter(rows)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        while some := list(islice(source, AT_ONCE)):
            if connection.vendor == "postgresql":
                # One JSON text that the server reads as rows: as fast as COPY, and it can meet rows that stand.
                casts = "".join(f", %s::{field.cast_db_type(connection)}" for field in others)
                read = f'{_quoted(names)}{casts} FROM json_populate_recordset(NULL::"{model._meta.db_table}", %s)'
                text = encode([dict(zip(names, row, strict=True)) for row in some])
                cursor.execute(f"{start} SELECT {read} {end}", [*defaults, text])
            else:
                places = ", ".join(["%s"] * (len(given) + len(others)))
                cursor.executemany(f"{start} VALUES ({places}) {end}", _as_parameters(given, some, defaults))


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _as_parameters(given: list[Field], rows: Iterable[Sequence], defaults: list) -> list[list]:
    converters = [(place, convert) for place, field in enumerate(given) if (convert := _converter(field))]
    found = [[*row, *defaults] for row in rows]
    for values in found:
        for place, convert in converters:
            values[place] = convert(values[place])
    return found


def _converter(field: Field) -> Callable[[Any], Any] | None:
    if isinstance(field, JSONField):
        return encode
    return cache(partial(field.get_db_prep_save, connection=connection)) if isinstance(field, DateField) else None


def default_of(field: Field) -> Any:
    """Return what a column gets that nobody fills."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return clock.now() if "Time" in type(field).__name__ else clock.today()
    return field.get_default()


def reserve_ids(model: type[Model], count: int) -> Sequence[int]:
    """Return ids for ``count`` new rows of ``model``: from its sequence on PostgreSQL; on SQLite the next ones, which
    are the caller's while its transaction lasts."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            last = (cursor.fetchone() or [0])[0]
            return range(last + 1, last + 1 + count)
        statement = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
        cursor.execute(statement, [f'"{table}"', count])
        return [row[0] for row in cursor.fetchall()]
