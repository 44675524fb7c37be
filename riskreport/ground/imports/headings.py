"""Which heading of a file is which column: in either language, by its other names, as the department read it before."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event
from riskreport.ground.models import HeadingMemory
from riskreport.ground.reader.cells import folded, heading_key
from riskreport.ground.sheets.declaration import Column, Sheet

LEFT_OUT = ("序号", "备注", "No.")
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
    """Return the headings that are no riddle: numbers and notes, and columns that an import does not write."""
    found = {heading_key(word) for word in LEFT_OUT}
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


def memory_of(sheet: Sheet, user: Any) -> QuerySet[HeadingMemory]:
    """Return what a person's department has said of its headings in a sheet, by heading."""
    return HeadingMemory.objects.filter(sheet=sheet.name, home=sheet.importer.home(user)).order_by("heading")


def say_anew(*, sheet: Sheet, user: Any, columns: dict[int, str]) -> None:
    """Change what headings of the person's department mean; ``columns`` gives a column's key, or nothing, by memory.

    Side effects, in one transaction: the memories that differ; event ``headings.changed`` with each of them, when there
    is one. Files read before keep how they were read. Raises Refused for what is no column of the sheet.
    """
    sheet.importer.rule.check(user)
    if not {*columns.values()} <= {"", *(column.key for column in sheet.imported)}:
        raise Refused(_("The columns do not fit this file. Open the page again."))
    with transaction.atomic():
        changed = [one for one in memory_of(sheet, user).select_for_update().filter(pk__in=columns)
                   if one.column != columns[one.pk]]  # fmt: skip
        for one in changed:
            one.column = columns[one.pk]
        HeadingMemory.objects.bulk_update(changed, ["column"])
        _record(sheet, user, {one.heading: one.column for one in changed})


def forget(*, sheet: Sheet, user: Any, memory_id: int) -> None:
    """Forget what a heading of the person's department means: the next file with it asks, or the sheet knows it.

    Side effects, in one transaction: the memory is deleted; event ``headings.changed``. A second call changes nothing.
    """
    sheet.importer.rule.check(user)
    with transaction.atomic():
        gone = list(memory_of(sheet, user).select_for_update().filter(pk=memory_id))
        HeadingMemory.objects.filter(pk__in=[one.pk for one in gone]).delete()
        _record(sheet, user, {one.heading: None for one in gone})


def _record(sheet: Sheet, user: Any, said: dict[str, str | None]) -> None:
    if said:
        record_event(kind="headings.changed", actor=user, data={"sheet": sheet.name, "headings": said})


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
