"""Cells of a workbook. Equal values are put into words once: a roster says most things many times."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from riskreport.ground.sheets.declaration import Column
from riskreport.ground.sheets.values import text_of

CELL_LIMIT = 32_767  # characters Excel takes in one cell
KEPT = 5_000  # distinct values of a column whose cells are remembered
FIRST_DAY = dt.date(1900, 3, 1)  # Excel takes 1900 for a leap year: earlier days are written as text
NUMBERS = {"int", "date", "datetime"}

Cell = str | int | dt.date | None  # a moment is one of the city's time, without its zone


class Cells(dict[Any, Cell]):
    """The cells of one column by the plain values they are made of; asking for new values makes their cell."""

    def __init__(self, column: Column, *, unmasked: bool) -> None:
        super().__init__()
        self.kind = column.kind
        say = column.sayer(unmasked=unmasked)
        self.say = say if len(column.fields) == 1 else lambda values: say(*values)

    def all_of(self, *columns: Sequence[Any]) -> list[Cell]:
        """Return the cells of many rows by the values of the fields they are made of, field by field.

        Lists and mappings, which cannot be remembered, are put into words each time.
        """
        values = columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))
        if len(self) < KEPT:
            try:
                return list(map(self.__getitem__, values))
            except TypeError:
                pass
        cell = self._cell
        return [
            value if type(value) is str and len(value) <= CELL_LIMIT else cell(value) for value in map(self.say, values)
        ]

    def __missing__(self, values: Any) -> Cell:
        cell = self._cell(self.say(values))
        if len(self) < KEPT:
            self[values] = cell
        return cell

    def _cell(self, value: Any) -> Cell:
        """Return a value as what it is: number, day, moment or text."""
        if value is None or value == "":
            return None
        if self.kind in NUMBERS and (number := _number(value)) is not None:
            return number
        return text_of(value, self.kind)[:CELL_LIMIT]


def _number(value: Any) -> int | dt.date | None:
    """Return a value that a workbook keeps as a number; None where it cannot."""
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    if isinstance(value, dt.date):
        return value if value >= FIRST_DAY else None
    return value if isinstance(value, int) else None
