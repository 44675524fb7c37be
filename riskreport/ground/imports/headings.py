"""Which heading of a file is which column: in either language, by its other names, as the department read it before."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import pgettext

from riskreport.ground.models import HeadingMemory
from riskreport.ground.reader.cells import folded
from riskreport.ground.sheets.declaration import Column, Sheet

# Worksheets that are no list, whatever program wrote them.
SKIPPED = ("About", "关于", "填写说明", "填表说明", "说明", "Instructions", "下拉选项", "Choices")


@dataclass(frozen=True)
class Heading:
    """One heading of a file: its place from 0, what it says, and the column's key it stands for, or nothing."""

    place: int
    text: str
    column: str = ""
    is_double: bool = False


def known_headings(sheet: Sheet) -> dict[str, str]:
    """Return the column's key of every heading the sheet knows, in every language."""
    known: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for column in sheet.imported:
                known.setdefault(folded(str(column.heading)), column.key)
    for column in sheet.imported:
        for alias in column.aliases:
            known.setdefault(folded(alias), column.key)
        known.setdefault(folded(column.key), column.key)
    return known


def left_out_headings(sheet: Sheet) -> set[str]:
    """Return the headings of columns that an export has and an import does not write: they are no riddle."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {folded(str(column.heading)) for column in sheet.columns if not column.is_imported}
    return found


def remembered(sheet: Sheet, home: int | None) -> dict[str, str]:
    """Return how the department read headings of its own before; an empty key means the column is left out."""
    rows = HeadingMemory.objects.filter(sheet=sheet.name, home=home or 0)
    return dict(rows.values_list("heading", "column"))


def skipped_worksheets() -> list[str]:
    """Return the folded names of worksheets that are no list."""
    return list(_skipped())


@lru_cache(maxsize=1)
def _skipped() -> tuple[str, ...]:
    names = set(SKIPPED)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names |= {pgettext("workbook", "About"), pgettext("workbook", "Instructions")}
    return tuple(sorted(folded(name) for name in names))


def match(sheet: Sheet, headings: Sequence[str], memory: dict[str, str]) -> list[Heading]:
    """Return what each heading stands for. A column that two headings name stands by the first; the other is marked."""
    known = known_headings(sheet)
    found, taken = [], set()
    for place, text in enumerate(headings):
        name = folded(text)
        key = memory.get(name, known.get(name, ""))
        is_double = bool(key) and key in taken
        taken.add(key)
        found.append(Heading(place, text, "" if is_double else key, is_double))
    return found


def unknown(sheet: Sheet, headings: Sequence[Heading], memory: dict[str, str]) -> list[Heading]:
    """Return the headings that nobody has said anything about yet."""
    left_out = left_out_headings(sheet)
    return [
        one
        for one in headings
        if one.text and not one.column and (one.is_double or folded(one.text) not in {*left_out, *memory})
    ]


def missing(sheet: Sheet, keys: Any) -> list[Column]:
    """Return the columns without which no row can be read: what names a row and is not among ``keys``.

    A file need not hold every required column: standing rows keep what they have. It must hold those of one key.
    """
    present = {key for key in keys if key}
    if any(present.issuperset(columns) for columns in sheet.importer.keys):
        return []
    return [sheet.by_key[key] for key in sheet.importer.keys[0]]
