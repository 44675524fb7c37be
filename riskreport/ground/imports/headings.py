"""Which heading of a file is which column: in either language, by its other names, as the department read it before."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from riskreport.ground.access import Refused
from riskreport.ground.models import HeadingMemory
from riskreport.ground.reader.cells import folded, heading_key
from riskreport.ground.sheets.declaration import Column, Sheet

MOST = 200  # characters of a heading that count
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
    """Return the column's key of every heading the sheet knows, in every language; the best names of each first."""
    known: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for column in sheet.imported:
                known.setdefault(heading_key(str(column.heading)), column.key)
    for column in sheet.imported:
        for alias in column.aliases:
            known.setdefault(heading_key(alias), column.key)
        known.setdefault(heading_key(column.key), column.key)
    return known


def left_out_headings(sheet: Sheet) -> set[str]:
    """Return the headings of columns that an export has and an import does not write: they are no riddle."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {heading_key(str(column.heading)) for column in sheet.columns if not column.is_imported}
    return found


def remembered(sheet: Sheet, home: int | None) -> dict[str, str]:
    """Return how the department read headings of its own before; an empty key means the column is left out."""
    known = {column.key for column in sheet.imported} | {""}
    rows = HeadingMemory.objects.filter(sheet=sheet.name, home=home).values_list("heading", "column")
    return {heading: column for heading, column in rows if column in known}


def remember(
    sheet: Sheet, home: int | None, headings: Sequence[str], columns: Sequence[str], known: dict[str, str]
) -> None:
    """Keep how a department reads headings where the sheet does not; ``columns`` has a key, or nothing, for each.

    What was read otherwise before, and now reads as the sheet knows it, is forgotten. For people without a department
    nothing is remembered. A second call changes nothing.
    """
    if home is None:
        return
    usual = dict.fromkeys(left_out_headings(sheet), "") | known
    chosen: dict[str, str] = {}
    for text, column in zip(headings, columns, strict=True):
        name = heading_key(text)[:MOST]
        if name:
            chosen[name] = chosen.get(name) or column
    own = {name: column for name, column in chosen.items() if usual.get(name) != column}
    HeadingMemory.objects.filter(sheet=sheet.name, home=home, heading__in=chosen.keys() - own.keys()).delete()
    HeadingMemory.objects.bulk_create(
        [HeadingMemory(sheet=sheet.name, home=home, heading=name, column=column) for name, column in own.items()],
        update_conflicts=True,
        unique_fields=["sheet", "home", "heading"],
        update_fields=["column"],
    )


def check_columns(sheet: Sheet, headings: Sequence[str], columns: Sequence[str]) -> None:
    """Raise Refused when ``columns`` (a key, or nothing, for each heading) does not fit or names a column twice."""
    used = [key for key in columns if key]
    if len(columns) != len(headings) or not {*used} <= {column.key for column in sheet.imported}:
        raise Refused(_("The columns do not fit this file. Open the page again."))
    double = next((key for key in used if used.count(key) > 1), None)
    if double:
        raise Refused(_("“%(column)s” is chosen twice. Each column can be filled from one heading only.")
                      % {"column": sheet.by_key[double].heading})  # fmt: skip


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


def match(
    sheet: Sheet, headings: Sequence[str], memory: dict[str, str], known: dict[str, str] | None = None
) -> list[Heading]:
    """Return what each heading stands for; ``known`` are the headings the sheet knows, when they were asked already.

    Of two headings for one column the one the department itself chose counts, then the better-known name, then the
    first; the others are marked.
    """
    known = known_headings(sheet) if known is None else known
    ranks = {name: rank for rank, name in enumerate(known)}
    names = [heading_key(text)[:MOST] for text in headings]
    keys = [memory.get(name, known.get(name, "")) for name in names]
    chosen: dict[str, int] = {}
    for place in sorted(range(len(names)), key=lambda one: (names[one] not in memory, ranks.get(names[one], 0), one)):
        chosen.setdefault(keys[place], place)
    return [
        Heading(place, text, key if key and chosen[key] == place else "", bool(key) and chosen[key] != place)
        for place, (text, key) in enumerate(zip(headings, keys, strict=True))
    ]


def unknown(sheet: Sheet, headings: Sequence[Heading], memory: dict[str, str]) -> list[Heading]:
    """Return the headings that nobody has said anything about yet."""
    said = {*left_out_headings(sheet), *memory}
    return [
        one
        for one in headings
        if one.text and not one.column and (one.is_double or heading_key(one.text)[:MOST] not in said)
    ]


def missing(sheet: Sheet, keys: Any) -> list[Column]:
    """Return the columns without which no row can be read: what names a row and is not among ``keys``.

    A file need not hold every required column: standing rows keep what they have. It must hold those of one key.
    """
    present = {key for key in keys if key}
    if any(present.issuperset(columns) for columns in sheet.importer.keys):
        return []
    return [sheet.by_key[key] for key in sheet.importer.keys[0]]
