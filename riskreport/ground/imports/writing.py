"""Writing staged rows into their tables, set-wise: on PostgreSQL and SQLite the same, but for how JSON is read.

Every statement runs in the caller's transaction. Names of tables and columns come from the models, keys of columns from
the sheet's declaration; nothing of a file is ever part of a statement's text.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, ForeignKey, JSONField, Model
from django.db.models.fields import AutoFieldMixin

from riskreport.ground.domain.many_rows import default_of
from riskreport.ground.imports.standing import Stand, field_of, is_same
from riskreport.ground.models import Event, EventLine, ImportBatch, ImportRow
from riskreport.ground.models.imports import RowState
from riskreport.ground.sheets.declaration import Sheet
from riskreport.ground.sheets.importer import Importer, Links, Side

CHUNK = 2000
STAGING = ImportRow._meta.db_table
LONG_WORK = "SET LOCAL statement_timeout = '600s'; SET LOCAL lock_timeout = '60s'"
TEXTS = ("varchar", "char", "text")


class Json:
    """How the values of a staged row ``s`` are read."""

    def __init__(self) -> None:
        self.is_postgresql = connection.vendor == "postgresql"

    def has(self, key: str) -> str:
        """The condition that a row writes a column."""
        if self.is_postgresql:
            return f"""jsonb_exists(s."values", '{key}')"""
        return f"""json_type(s."values", '$.{key}') IS NOT NULL"""

    def text(self, key: str) -> str:
        """A value as text; nothing where the row does not write it."""
        return f"""(s."values"->>'{key}')""" if self.is_postgresql else f"""json_extract(s."values", '$.{key}')"""

    def value(self, key: str, field: Field) -> str:
        """A value as the field's type."""
        if not self.is_postgresql:
            return self.text(key)
        if isinstance(field, JSONField):
            return f"""(s."values"->'{key}')"""
        target = field.target_field if isinstance(field, ForeignKey) else field
        kind = target.rel_db_type(connection) if isinstance(target, AutoFieldMixin) else target.cast_db_type(connection)
        return self.text(key) if kind.startswith(TEXTS) else f"{self.text(key)}::{kind}"

    def set_within(self, base: str, name: str, key: str) -> str:
        """A JSON column ``base`` with one value of the row put into it, or taken out when there is none."""
        if self.is_postgresql:
            put, out = f"""jsonb_set({base}, '{{{name}}}', s."values"->'{key}')""", f"({base}) - '{name}'"
        else:
            put = f"""json_set({base}, '$.{name}', json_extract(s."values", '$.{key}'))"""
            out = f"json_remove({base}, '$.{name}')"
        nothing = f"{self.text(key)} IS NULL"
        return f"CASE WHEN {self.has(key)} THEN CASE WHEN {nothing} THEN {out} ELSE {put} END ELSE {base} END"

    def elements(self, key: str) -> str:
        """The FROM item of a list's elements, as ``e.value``."""
        if self.is_postgresql:
            return f"""jsonb_array_elements_text(s."values"->'{key}') AS e(value)"""
        return f"""json_each(s."values", '$.{key}') AS e"""


class Writer:
    """Writes one batch's staged rows. ``keys`` are the columns that any of its rows writes."""

    def __init__(self, sheet: Sheet, batch: ImportBatch, keys: Iterable[str]) -> None:
        self.sheet = sheet
        self.importer: Importer = sheet.importer
        self.batch = batch
        self.json = Json()
        self.keys = sorted(set(keys))
        self.own = [key for key in self.keys if key not in self.importer.beside]
        self.table = self.importer.model._meta.db_table

    def write(self, event: Event) -> None:
        """Write everything, in order: what changed meanwhile is set aside, new rows, changed rows, what is beside."""
        self.importer.hold(sorted(self._targets()))
        self._set_aside_changed()
        self._set_aside_known()
        self._give_ids()
        self._give_fresh()
        self._insert()
        self._update()
        for side in self.importer.sides:
            if set(side.fields) & set(self.keys):
                self._write_side(side)
        for link in self.importer.links:
            if link.column in self.keys:
                self._write_links(link)
        self._write_lines(event)

    # --- what changed since the preview -----------------------------------------------------------------------------
    def _set_aside_changed(self) -> None:
        """Lock the rows to be written, and set aside those that somebody has changed since the preview."""
        if self.json.is_postgresql:
            targets = f"SELECT s.target FROM {STAGING} s WHERE {self._staged('changed', 'leaves')}"
            self._run(f'SELECT count(*) FROM (SELECT "id" FROM "{self.table}" WHERE "id" IN ({targets}) '
                      'ORDER BY "id" FOR UPDATE) AS locked')  # fmt: skip
        if not self.importer.version:
            self._set_aside_by_value()
            return
        same = f't."{self.importer.version}" = s.seen_version'
        self._run(
            f"UPDATE {STAGING} AS s SET state = 'stale' WHERE {self._staged('changed', 'leaves')} "
            f'AND NOT EXISTS (SELECT 1 FROM "{self.table}" t WHERE t."id" = s.target AND {same})'
        )

    def _set_aside_by_value(self) -> None:
        stand = Stand(self.sheet, self.keys)
        for chunk in chunks_of(self._rows(RowState.CHANGED, RowState.LEAVES)):
            standing = stand.read(self.importer.model._default_manager.filter(pk__among={row.target for row in chunk}))
            stale = [
                row.pk
                for row in chunk
                if row.target not in standing
                or any(not is_same(standing[row.target].values.get(key), old) for key, old in row.old.items())
            ]
            ImportRow.objects.filter(pk__in=stale).update(state=RowState.STALE)

    def _set_aside_known(self) -> None:
        """Set aside new rows whose key of several columns stands by now; that of a unique one the database refuses."""
        for place, columns in enumerate(self.importer.keys):
            if len(columns) == 1 or not set(columns) <= set(self.own):
                continue
            earlier = [key for names in self.importer.keys[:place] for key in names]
            nothing = "".join(f" AND COALESCE({self.json.text(key)}, '') = ''" for key in earlier)
            same = " AND ".join(f"t.{self._column(key)} = {self._value(key)}" for key in columns)
            self._run(
                f"UPDATE {STAGING} AS s SET state = 'stale' WHERE {self._staged('new')}{nothing} "
                f'AND EXISTS (SELECT 1 FROM "{self.table}" t WHERE {same})'
            )

    # --- the row's own table ----------------------------------------------------------------------------------------
    def _give_ids(self) -> None:
        """On SQLite new rows get their ids now, within the lock; on PostgreSQL the sequence gave them when staged."""
        if not self.json.is_postgresql:
            last = f"COALESCE((SELECT seq FROM sqlite_sequence WHERE name = '{self.table}'), 0)"
            self._run(f"UPDATE {STAGING} AS s SET target = {last} + s.number WHERE {self._staged('new')}")

    def _give_fresh(self) -> None:
        """Ask the sheet for what it gives to new rows at the last moment, such as a number of its own."""
        if self.importer.wants_fresh is None or not self.batch.counts.get("fresh", True):
            return
        for chunk in chunks_of(self._rows(RowState.NEW)):
            wanting = [row for row in chunk if self.importer.wants_fresh(row.values)]
            for row, more in zip(wanting, self.importer.fresh([row.values for row in wanting]), strict=True):
                row.values |= more
                self.own += [key for key in more if key not in self.own]
            ImportRow.objects.bulk_update(wanting, ["values"], batch_size=200)

    def _insert(self) -> None:
        """Insert the new rows; one that a unique column of the database refuses is set aside."""
        written = self._written_columns()
        columns, sources, params = ['"id"'], ["s.target"], []
        for field in self.importer.model._meta.concrete_fields:
            if field.primary_key:
                continue
            columns.append(f'"{field.column}"')
            source, given = self._new_value(field, written.get(field.column, []))
            sources.append(source)
            params += given
        self._run(
            f'INSERT INTO "{self.table}" ({", ".join(columns)}) SELECT {", ".join(sources)} '
            f"FROM {STAGING} s WHERE {self._staged('new')} ON CONFLICT DO NOTHING",
            params,
        )
        self._run(
            f"UPDATE {STAGING} AS s SET state = 'stale' WHERE {self._staged('new')} "
            f'AND NOT EXISTS (SELECT 1 FROM "{self.table}" t WHERE t."id" = s.target)'
        )

    def _new_value(self, field: Field, keys: list[str]) -> tuple[str, list]:
        default = field.get_db_prep_save(default_of(field), connection)
        kind = f"::{field.cast_db_type(connection)}" if self.json.is_postgresql else ""
        if not keys:
            return f"%s{kind}", [default]
        if isinstance(field, JSONField) and self.importer.attribute(keys[0]) not in (field.name, field.attname):
            source = f"%s{kind}"
            for key in keys:
                source = self.json.set_within(source, self.importer.attribute(key).split("__")[1], key)
            return source, [default] * source.count("%s")
        value, has = self._value(keys[0]), self.json.has(keys[0])
        return f"CASE WHEN {has} THEN {value} ELSE %s{kind} END", [default]

    def _update(self) -> None:
        if not self._count("changed", "leaves"):
            return
        changes = []
        for column, keys in self._written_columns().items():
            field = field_of(self.importer, keys[0])
            if isinstance(field, JSONField) and "__" in self.importer.attribute(keys[0]):
                source = f't."{column}"'
                for key in keys:
                    source = self.json.set_within(source, self.importer.attribute(key).split("__")[1], key)
            else:
                source = f'CASE WHEN {self.json.has(keys[0])} THEN {self._value(keys[0])} ELSE t."{column}" END'
            changes.append(f'"{column}" = {source}')
        if self.importer.version:
            changes.append(f'"{self.importer.version}" = t."{self.importer.version}" + 1')
        if changes:
            self._run(
                f'UPDATE "{self.table}" AS t SET {", ".join(changes)} FROM {STAGING} AS s '
                f'WHERE {self._staged("changed", "leaves")} AND t."id" = s.target'
            )

    def _written_columns(self) -> dict[str, list[str]]:
        """The columns of the table that are written, each with the sheet's columns that go into it."""
        written: dict[str, list[str]] = {}
        for key in self.own:
            written.setdefault(field_of(self.importer, key).column, []).append(key)
        return written

    def _column(self, key: str) -> str:
        return f'"{field_of(self.importer, key).column}"'

    def _value(self, key: str) -> str:
        return self.json.value(key, field_of(self.importer, key))

    # --- beside it --------------------------------------------------------------------------------------------------
    def _write_side(self, side: Side) -> None:
        """A side row goes when its column is emptied, follows when it changes, comes when it is filled."""
        table, parent = side.model._meta.db_table, f'"{_field(side.model, side.parent).column}"'
        fixed = {_field(side.model, name).column: value for name, value in side.fixed.items()}
        is_it = "".join(f' AND c."{column}" = %s' for column in fixed)
        written = {key: name for key, name in side.fields.items() if key in self.keys}
        filled = f"COALESCE({self.json.text(side.while_set)}, '')"
        changed = f"SELECT s.target FROM {STAGING} s WHERE {self._staged('changed')}"
        emptied = f"{changed} AND {self.json.has(side.while_set)} AND {filled} = ''"
        self._run(f'DELETE FROM "{table}" AS c WHERE c.{parent} IN ({emptied}){is_it}', [*fixed.values()])
        changes = ", ".join(
            f'"{_field(side.model, name).column}" = CASE WHEN {self.json.has(key)} '
            f'THEN {self.json.value(key, _field(side.model, name))} ELSE c."{_field(side.model, name).column}" END'
            for key, name in written.items()
        )
        self._run(
            f'UPDATE "{table}" AS c SET {changes} FROM {STAGING} AS s '
            f"WHERE {self._staged('changed')} AND c.{parent} = s.target{is_it}",
            [*fixed.values()],
        )
        given = dict(fixed)  # columns that every new side row gets alike
        for field in side.model._meta.concrete_fields:
            if not field.primary_key and field.name not in side.fields.values() and f'"{field.column}"' != parent:
                given.setdefault(field.column, field.get_db_prep_save(default_of(field), connection))
        columns = "".join(f', "{column}"' for column in given)
        columns += "".join(f', "{_field(side.model, name).column}"' for name in side.fields.values())
        sources = ", %s" * len(given)
        sources += "".join(
            f", COALESCE({self.json.value(key, _field(side.model, name))}, '')" for key, name in side.fields.items()
        )
        self._run(
            f'INSERT INTO "{table}" ({parent}{columns}) SELECT s.target{sources} FROM {STAGING} s '
            f"WHERE {self._staged('new', 'changed')} AND {filled} <> '' ON CONFLICT DO NOTHING",
            [*given.values()],
        )

    def _write_links(self, link: Links) -> None:
        """The links of a row become those its list names."""
        table, parent = link.model._meta.db_table, f'"{_field(link.model, link.parent).column}"'
        target = _field(link.model, link.target)
        kind = target.target_field.cast_db_type(connection) if isinstance(target, ForeignKey) else "text"
        element = f"e.value::{kind}" if self.json.is_postgresql and not kind.startswith(TEXTS) else "e.value"
        rows = f"SELECT s.target FROM {STAGING} s WHERE {self._staged('changed')} AND {self.json.has(link.column)}"
        self._run(f'DELETE FROM "{table}" WHERE {parent} IN ({rows})')
        self._run(
            f'INSERT INTO "{table}" ({parent}, "{target.column}") SELECT s.target, {element} '
            f"FROM {STAGING} s, {self.json.elements(link.column)} WHERE {self._staged('new', 'changed')} "
            f"AND {self.json.has(link.column)} ON CONFLICT DO NOTHING"
        )

    def _write_lines(self, event: Event) -> None:
        label = self.importer.model._meta.label_lower
        self._run(
            f'INSERT INTO {EventLine._meta.db_table} ("event_id", "object_type", "object_id", "old", "new") '
            f'SELECT %s, %s, s.target, s."old", s."values" FROM {STAGING} s '
            f"WHERE {self._staged('new', 'changed', 'leaves')} ORDER BY s.id",
            [event.pk, label],
        )

    # --- staged rows ------------------------------------------------------------------------------------------------
    def _staged(self, *states: str) -> str:
        names = ", ".join(f"'{state}'" for state in states)
        return f"s.batch_id = {self.batch.pk} AND s.state IN ({names})"

    def _rows(self, *states: str) -> Any:
        return ImportRow.objects.filter(batch=self.batch, state__in=states).order_by("pk").iterator(chunk_size=CHUNK)

    def _targets(self) -> Any:
        rows = ImportRow.objects.filter(batch=self.batch, state__in=[RowState.CHANGED, RowState.LEAVES])
        return rows.values_list("target", flat=True)

    def _count(self, *states: str) -> int:
        return ImportRow.objects.filter(batch=self.batch, state__in=states).count()

    @staticmethod
    def _run(statement: str, params: Sequence[Any] = ()) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, params or None)


def _field(model: type[Model], name: str) -> Field:
    return next(field for field in model._meta.concrete_fields if name in (field.name, field.attname))


def work_long() -> None:
    """Let the statements of this transaction take their time on PostgreSQL."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(LONG_WORK)


def chunks_of(rows: Iterable[Any], size: int = CHUNK) -> Iterable[list]:
    """Yield lists of at most ``size`` rows."""
    chunk: list = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
