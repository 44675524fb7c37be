"""Cells of a workbook as XML. Equal values are put into words and escaped once: a roster says most things many times.

A cell is written here from behind the number of its row on: in ``<c r="B7" s="1" t="s"><v>12</v></c>`` all after B7.
"""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from riskreport.ground.sheets.declaration import Column
from riskreport.ground.sheets.values import text_of

TEXT, LINES, INT, DATE, DATETIME, HEAD = range(1, 7)  # places in the list of styles
STYLES = {"int": INT, "date": DATE, "datetime": DATETIME}
CELL_LIMIT = 32_767  # characters Excel takes in one cell
KEPT = 5_000  # distinct values of a column that are remembered; the next ones are written where they stand
DAY_ZERO = dt.date(1899, 12, 30)
FIRST_DAY = dt.date(1900, 3, 1)  # Excel takes 1900 for a leap year: earlier days are written as text
STRANGE = re.compile("[&<>\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
PLAIN = re.compile(r"[^&<>_\x00-\x1f\s\ufffe\uffff]+")  # nothing strange in it, and no blanks to keep
NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escaped(text: str) -> str:
    """Return text for XML; what XML cannot hold, such as a control character, is written as Excel does: _x000B_."""
    return STRANGE.sub(lambda found: NAMED.get(found[0]) or f"_x{ord(found[0]):04X}_", text)


def text_element(text: str) -> str:
    """Return the element of a text, with the blanks at its ends kept."""
    space = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<t{space}>{escaped(text)}</t>"


def text_cell(text: str, style: int = TEXT) -> str:
    """Return a cell that holds its text itself; text stays text, whatever it looks like."""
    return f'" s="{style}" t="inlineStr"><is>{text_element(text)}</is></c>'


class Strings(dict[str, int]):
    """Texts that stand once for the whole workbook, with their numbers; asking for a new one adds it."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


class Cells(dict[Any, str]):
    """The cells of one column by the plain values they are made of; asking for new values writes their cell."""

    def __init__(self, column: Column, strings: Strings, *, unmasked: bool) -> None:
        super().__init__()
        self.kind, self.strings = column.kind, strings
        self.style = STYLES.get(column.kind, TEXT)
        say = column.sayer(unmasked=unmasked)
        self.say = say if len(column.fields) == 1 else lambda values: say(*values)

    def all_of(self, *columns: Sequence[Any]) -> list[str]:
        """Return the cells of many rows by the values of the fields they are made of, field by field.

        Lists and mappings, which cannot be remembered, are put into words each time.
        """
        values = columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))
        if self.style != TEXT or len(self) < KEPT:
            try:
                return list(map(self.__getitem__, values))
            except TypeError:
                pass
        say, plain, cell = self.say, PLAIN.fullmatch, self._cell
        return [
            f'" s="{TEXT}" t="inlineStr"><is><t>{value}</t></is></c>'
            if type(value) is str and plain(value)
            else cell(value, inline=True)
            for value in map(say, values)
        ]

    def __missing__(self, values: Any) -> str:
        is_kept = len(self) < KEPT
        cell = self._cell(self.say(values), inline=not is_kept)
        if is_kept:
            self[values] = cell
        return cell

    def _cell(self, value: Any, *, inline: bool) -> str:
        """Return the cell of a value as what it is: number, day, moment or text."""
        if value is None or value == "":
            return f'" s="{self.style}"/>'
        if self.style != TEXT and (number := _number(value)) is not None:
            return f'" s="{self.style}"><v>{number}</v></c>'
        text = text_of(value, self.kind)[:CELL_LIMIT]
        style = LINES if "\n" in text else TEXT
        return text_cell(text, style) if inline else f'" s="{style}" t="s"><v>{self.strings[text]}</v></c>'


def _number(value: Any) -> int | float | None:
    """Return Excel's number for a number, a day or a moment in the city's time; None where it has none."""
    if isinstance(value, dt.datetime):
        local = timezone.localtime(value)
        seconds = local.hour * 3600 + local.minute * 60 + local.second
        return (local.date() - DAY_ZERO).days + seconds / 86_400
    if isinstance(value, dt.date):
        return (value - DAY_ZERO).days if value >= FIRST_DAY else None
    return value if isinstance(value, int) else None
