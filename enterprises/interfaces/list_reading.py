"""Reading a list of units that came from elsewhere: whatever its columns are called, those known here are taken."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from enterprises.checks import credit_code
from enterprises.checks.matching import Entry
from enterprises.domain.list_headings import COMPARED, NAMING, known_words, roster_sheet
from enterprises.domain.reconciling import ReadList
from enterprises.enums import RegionLevel, Scale
from enterprises.models import Category, Region, User
from enterprises.queries.scope import Scope, scope_for
from riskreport.ground.imports.headings import match, remembered, skipped_worksheets, unknown
from riskreport.ground.imports.reading import read_file, rows_of
from riskreport.ground.reader.cells import folded
from riskreport.ground.sheets.cleaners import words_in_every_language

MOST = {"name": 120, "address": 200}
SAMPLES = 3
LONGEST_SAMPLE = 60


@dataclass(frozen=True)
class OpenedList:
    """A file of units as the reader left it: its rows in the file ``rows``, the roster's column for each heading.

    ``asked`` are the places of headings about which a person must say something first; ``is_whole`` is False while no
    heading names units.
    """

    rows: str
    headings: list[str]
    columns: list[str]
    asked: list[int]

    @property
    def is_whole(self) -> bool:
        """Whether the list can be read as it is: nothing to ask, and names or codes of units in it."""
        return not self.asked and bool(NAMING & {*self.columns})

    def question(self) -> dict[str, Any]:
        """Return what a person is shown to assign the headings."""
        first = islice((row for part in rows_of(self.rows) for row in part), SAMPLES)
        samples = [[cell[:LONGEST_SAMPLE] for cell in cells] for _number, *cells in first]
        return {"headings": self.headings, "found": self.columns, "asked": self.asked, "samples": samples}

    def read(self, user: User) -> ReadList:
        """Return the rows as the roster keeps such values."""
        places: dict[str, list[int]] = {}
        for column in COMPARED:
            if column in self.columns:
                places.setdefault(COMPARED[column], []).append(self.columns.index(column))
        return _taken(self.rows, places, Cleaning(user))


def open_list(*, path: str, out: Path, home: int | None, said: dict[str, Any], alive: Callable[[], None]) -> OpenedList:
    """Read a kept file of units in the reader's own process and match its headings; ``out`` takes its rows.

    ``said`` is how a person assigned the headings (``Reconciliation.lists``), when one has. Raises FileRefused, with a
    sentence, for a file that cannot be read.
    """
    sheet, known, memory = roster_sheet(), known_words(), remembered(roster_sheet(), home)
    ask = {
        "file": str(Path(settings.MEDIA_ROOT, path)),
        "out": str(out),
        "known": [*known, *memory],
        "skip": skipped_worksheets(),
    }
    headings = read_file(ask, alive=alive)["headings"]
    if said.get("headings") == headings and "columns" in said:
        return OpenedList(str(out), headings, said["columns"], [])
    found = match(sheet, headings, memory, known)
    asked = [one.place for one in unknown(sheet, found, memory)]
    return OpenedList(str(out), headings, [one.column for one in found], asked)


def _taken(rows: str, places: dict[str, list[int]], cleaning: "Cleaning") -> ReadList:
    read, outside = ReadList(fields=set(places)), 0
    for batch in rows_of(rows):
        for number, *cells in batch:
            given = {key: next(filter(None, (cells[place] for place in held)), "") for key, held in places.items()}
            values, said, is_outside = cleaning.clean(given)
            outside += is_outside
            read.remarks += [(number, text) for text in said]
            if is_outside:
                continue
            if values.get("name") or values.get("code"):
                read.entries.append(Entry(number, values))
            else:
                read.remarks.append((number, _("The row has neither a name nor a code and was left out.")))
    if outside:
        read.remarks.append((0, _("%(count)s rows lie outside your area and were left out.") % {"count": outside}))
    return read


class Cleaning:
    """Brings the cells of a row into the form in which the roster keeps them."""

    def __init__(self, user: User) -> None:
        scope = scope_for(user)
        self.towns, self.others = _towns(scope)
        self.categories = _categories()
        self.scales = words_in_every_language(Scale)

    def clean(self, cells: dict[str, str]) -> tuple[dict[str, Any], list[str], bool]:
        """Return values, sentences of what could not be taken as it stands, and whether the row lies elsewhere."""
        values: dict[str, Any] = {key: cells.get(key, "")[:most] for key, most in MOST.items() if key in cells}
        said: list[str] = []
        if code := credit_code.normalise(cells.get("code", "")):
            values["code"] = code
            if len(code) > 12 and (wrong := credit_code.problem_with(code)):
                said.append(wrong)
        if town := folded(cells.get("town", "")):
            if town in self.others:
                return values, [], True
            values["town"] = self.towns.get(town)
            if values["town"] is None:
                said.append(_("The town “%(town)s” is not known; it was not compared.") % {"town": cells["town"]})
        for key, known in (("category", self.categories), ("scale", self.scales)):
            if cells.get(key):
                values[key] = known.get(folded(cells[key]))
        return {key: value for key, value in values.items() if value}, said, False


def _towns(scope: Scope) -> tuple[dict[str, int], set[str]]:
    """Return the towns of the scope by name, and the names that towns outside of it alone have.

    A name that two towns of the scope share stands for neither.
    """
    own: dict[str, int | None] = {}
    others = set()
    rows = Region.objects.filter(level=RegionLevel.TOWN).values_list("code", "name", "display_name", "name_en")
    for code, *names in rows:
        for name in {folded(name) for name in (*names, str(code)) if name}:
            if any(low <= code <= high for low, high in scope.ranges):
                own[name] = None if name in own else code
            else:
                others.add(name)
    return {name: code for name, code in own.items() if code}, others - own.keys()


def _categories() -> dict[str, str]:
    rows = Category.objects.values_list("code", "name", "name_en")
    return {folded(name): code for code, *names in rows for name in (*names, code) if name}
