"""Standing rows as stored values by column key: what a file's rows are compared with, and what an undo looks at."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import DateField, DecimalField, Field, Q, QuerySet, UUIDField
from django.db.models.fields.json import KT

from riskreport.ground.reader.cells import normal_text
from riskreport.ground.sheets.declaration import Sheet
from riskreport.ground.sheets.importer import Importer, Values

CONVERTED = (DecimalField, DateField, UUIDField)


@dataclass(slots=True)
class Standing:
    """A row that stands: its id, its version (None where the model counts none) and its values."""

    pk: int
    version: int | None
    values: Values


class Stand:
    """Reads standing rows of a sheet: the columns ``keys`` of those that are asked for, in a few queries for many."""

    def __init__(self, sheet: Sheet, keys: Iterable[str]) -> None:
        self.importer: Importer = sheet.importer
        wanted = list(dict.fromkeys(keys))
        self.own = [key for key in wanted if key not in self.importer.beside]
        self.sides = [side for side in self.importer.sides if set(side.fields) & set(wanted)]
        self.links = [link for link in self.importer.links if link.column in wanted]
        self.fields = {key: field_of(self.importer, key) for key in self.own}
        names = [self.importer.attribute(key) for key in self.own]
        self.paths = [KT(name) if "__" in name else name for name in names]
        self.version = [self.importer.version] if self.importer.version else []

    def read(self, rows: QuerySet) -> dict[int, Standing]:
        """Return the rows by id, each with every wanted column."""
        found: dict[int, Standing] = {}
        start = 1 + len(self.version)
        blank = {key: "" for side in self.sides for key in side.fields}
        converted = [(key, field) for key, field in self.fields.items() if isinstance(field, CONVERTED)]
        for row in rows.order_by().values_list("pk", *self.version, *self.paths):
            stored = dict(zip(self.own, row[start:], strict=True))
            for key, field in converted:
                if stored[key] is not None:
                    stored[key] = stored_value(field, stored[key])
            stored.update(blank)
            found[row[0]] = Standing(row[0], row[1] if self.version else None, stored)
        if found:
            self._read_sides(found)
            self._read_links(found)
        return found

    def _read_sides(self, found: dict[int, Standing]) -> None:
        for side in self.sides:
            rows = side.model._default_manager.filter(**{f"{side.parent}__among": found.keys()}, **side.fixed)
            for parent, *values in rows.values_list(side.parent, *side.fields.values()):
                found[parent].values.update(zip(side.fields, values, strict=True))

    def _read_links(self, found: dict[int, Standing]) -> None:
        for link in self.links:
            targets = defaultdict(list)
            rows = link.model._default_manager.filter(**{f"{link.parent}__among": found.keys()})
            for parent, target in rows.values_list(link.parent, link.target):
                targets[parent].append(str(target))
            for pk, row in found.items():
                row.values[link.column] = sorted(targets[pk])


def field_of(importer: Importer, key: str) -> Field:
    """Return the model's field of a column; for a value within a JSON field (``profile__employees``) that field."""
    name = importer.attribute(key).split("__")[0]
    return next(field for field in importer.model._meta.concrete_fields if name in (field.name, field.attname))


def stored_value(field: Field, value: Any) -> Any:
    """Return a value of the database as a cleaner would have stored it."""
    if isinstance(field, DecimalField):
        return str(value.quantize(Decimal(1).scaleb(-field.decimal_places)))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def is_same(new: Any, old: Any) -> bool:
    """Return whether a value says what stands already: nothing is nothing, and a space or width makes no change."""
    if new == old or (new in ("", None) and old in ("", None)):
        return True
    return type(old) is str and type(new) is str and normal_text(old) == new


class Finder:
    """Finds the standing row that each row of a file means, and whether its key stands out of the person's reach."""

    def __init__(self, sheet: Sheet, user: Any, keys: Iterable[str]) -> None:
        self.importer: Importer = sheet.importer
        present = set(keys)
        self.keys = [columns for columns in self.importer.keys if present.issuperset(columns)]
        self.stand = Stand(sheet, [*(column.key for column in sheet.imported), *self.importer.attributes])
        self.within = self.importer.standing(user)
        self.all = self.importer.model._default_manager.all()

    def find(self, rows: Sequence[Values]) -> list["Found"]:
        """Return what was found for each row: queries per key, not per row."""
        found = [Found() for _row in rows]
        for place, columns in enumerate(self.keys):
            waiting = [number for number, row in enumerate(rows) if found[number].is_open and is_filled(row, columns)]
            if waiting:
                self._find_by(columns, self.keys[:place], rows, waiting, found)
        return found

    def _find_by(self, columns: tuple, earlier: list, rows: Sequence[Values], waiting: list[int], found: list) -> None:
        candidates = self.all
        for column in columns:
            lookup = "in" if isinstance(field_of(self.importer, column), CONVERTED) else "among"
            asked = {rows[number][column] for number in waiting}
            candidates = candidates.filter(**{f"{self._path(column)}__{lookup}": asked})
        for other in earlier:
            if all(is_filled(rows[number], other) for number in waiting):
                candidates = candidates.filter(self._lacks(other))  # see _may_be: the others would be left out anyway
        standing = self._standing(candidates.order_by().values_list("pk", *map(self._path, columns)))
        within = self._by_key(columns, self.stand.read(self.all.filter(pk__among=standing[True].keys())).values())
        outside = set(standing[False].values())
        for number in waiting:
            row, name = rows[number], _key(columns, rows[number])
            fits = [one for one in within.get(name, ()) if _may_be(one.values, row, earlier)]
            decides = len(columns) == 1 or not any(is_filled(row, other) for other in earlier)
            found[number].take(fits, is_outside=not fits and decides and name in outside, columns=columns)

    def _standing(self, keys: Iterable[tuple]) -> dict[bool, dict[int, tuple]]:
        """Return the keys of rows by their id, apart for those that the person may write and those they may not.

        The key is looked up by itself and the scope read once: asked together, a database without figures of its tables
        reads the whole scope for each list of rows.
        """
        found = {pk: tuple(key) for pk, *key in keys}
        return {side: {pk: key for pk, key in found.items() if (pk in self.mine) is side} for side in (True, False)}

    @cached_property
    def mine(self) -> set[int]:
        """The ids of all rows the person may write."""
        return set(self.within.order_by().values_list("pk", flat=True).iterator())

    def _lacks(self, columns: tuple[str, ...]) -> Q:
        """The condition that a standing row has nothing in each column of a key."""
        fields = {self._path(column): field_of(self.importer, column) for column in columns}
        return Q(**{f"{path}__isnull": True for path, field in fields.items() if field.null}) & Q(
            **{path: "" for path, field in fields.items() if not field.null and field.empty_strings_allowed}
        )

    def _path(self, column: str) -> str:
        return self.importer.attribute(column)

    @staticmethod
    def _by_key(columns: tuple, standing: Iterable[Standing]) -> dict[tuple, list[Standing]]:
        by_key = defaultdict(list)
        for one in standing:
            by_key[_key(columns, one.values)].append(one)
        return by_key


@dataclass
class Found:
    """What a row of a file means: the standing row, or none; several; or one that the person may not write."""

    standing: Standing | None = None
    is_outside: bool = False
    is_several: bool = False
    columns: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether a later key may still find it."""
        return self.standing is None and not self.is_outside and not self.is_several

    def take(self, fits: list[Standing], *, is_outside: bool, columns: tuple[str, ...]) -> None:
        """Note what one key found."""
        self.is_outside, self.is_several = is_outside, len(fits) > 1
        if len(fits) == 1:
            self.standing = fits[0]
        if fits or is_outside:
            self.columns = columns


def is_filled(values: Values, columns: Sequence[str]) -> bool:
    """Return whether a row fills every column of a key."""
    return all(values.get(column) not in (None, "") for column in columns)


def _key(columns: Sequence[str], values: Values) -> tuple:
    return tuple(values.get(column) for column in columns)


def _may_be(standing: Values, row: Values, earlier: list[tuple[str, ...]]) -> bool:
    """A later key never joins a row to one that has another of the earlier keys."""
    return all(
        standing.get(column) in (None, "") or row.get(column) in (None, "", standing.get(column))
        for columns in earlier
        for column in columns
    )
