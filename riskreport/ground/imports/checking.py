"""Checking the rows of a file: every cell by its column's cleaner, every row against what stands and its neighbours."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from riskreport.ground.imports.staging import Staged
from riskreport.ground.imports.standing import Finder, Found, is_filled, is_same
from riskreport.ground.models.imports import RowState
from riskreport.ground.sheets.cleaners import Wrong, counted_from_1904
from riskreport.ground.sheets.declaration import Column, Sheet
from riskreport.ground.sheets.importer import Values

REMEMBERED = 20_000  # cleaned texts kept per column
Problem = list[str]  # column's key, letter of the cell, value found, value wanted


class Masked(str):
    """A personal value as an export masked it."""

    __slots__ = ()


@dataclass
class Cell:
    """How one column of the file is cleaned."""

    place: int
    column: Column
    clean: Callable[[str], Any]
    known: dict[str, Any]

    @property
    def letter(self) -> str:
        """The column's letter in the file."""
        return letter_of(self.place)


@dataclass
class Checked:
    """One row while it is checked."""

    number: int
    values: Values
    problems: list[Problem]


@dataclass
class Tally:
    """What was found in a file so far."""

    states: Counter = field(default_factory=Counter)
    columns: Counter = field(default_factory=Counter)
    named: set[int] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    wants_fresh: bool = False


class Checker:
    """Checks a file's rows list by list.

    ``places`` gives the place in the file of each column that it holds; ``from_1904`` says how its workbook
    counts days.
    """

    def __init__(self, sheet: Sheet, user: Any, places: dict[str, int], *, from_1904: bool = False) -> None:
        self.sheet, self.importer, self.user = sheet, sheet.importer, user
        self.cells = [_cell(sheet.by_key[key], place, user, from_1904) for key, place in places.items()]
        self.letters = {cell.column.key: cell.letter for cell in self.cells}
        self.personal = [cell for cell in self.cells if cell.column.personal]
        self.lacking = [column for column in sheet.imported if column.required and column.key not in places]
        self.finder = Finder(sheet, user, places)
        self.prepare = self.importer.prepare(user)
        self.remarks = self.importer.remarks(user)
        self.wants = {key: make(user) for key, make in self.importer.wants.items()}
        self.halves = [(side, side.fields.keys() - {side.while_set}) for side in self.importer.sides]
        self.label = sheet.columns[0].key
        self.first_rows: dict[tuple, int] = {}
        self.doubles: dict[int, int] = {}  # a row staged earlier -> the row that has the same key
        self.tally = Tally()

    def check(self, rows: Sequence[list]) -> Iterator[Staged]:
        """Yield what becomes of each row, in order."""
        checked = [self._clean(row) for row in rows]
        for row, found in zip(checked, self.finder.find([one.values for one in checked]), strict=True):
            staged = self._judge(row, found)
            self.tally.states[staged.state] += 1
            yield staged

    def _clean(self, row: list) -> Checked:
        """Clean the cells of a row; this loop is what the speed of an import hangs on."""
        values: Values = {}
        problems: list[Problem] = []
        for cell in self.cells:
            text = row[cell.place + 1]
            try:
                values[cell.column.key] = cell.known[text]
            except KeyError:
                self._clean_anew(cell, text, values, problems)
        for problem in problems:
            if problem[0] in self.wants and problem[2]:
                problem[3] = self.wants[problem[0]](values) or problem[3]
        return Checked(row[0], values, problems)

    @staticmethod
    def _clean_anew(cell: Cell, text: str, values: Values, problems: list[Problem]) -> None:
        column = cell.column
        if not text:
            problems.append([column.key, cell.letter, "", _("This cell must be filled in.")])
            return
        if column.personal and "*" in text:
            values[column.key] = Masked(text)
            return
        try:
            value = cell.clean(text)
        except Wrong as wrong:
            problems.append([column.key, cell.letter, text, str(wrong)])
            return
        values[column.key] = value
        if len(cell.known) < REMEMBERED:
            cell.known[text] = value

    def _judge(self, row: Checked, found: Found) -> Staged:
        standing = found.standing
        self._unmask(row, standing.values if standing else None)
        self._say_found(row, found)
        self._say_doubles(row, standing.pk if standing else None)
        label = str(row.values.get(self.label) or (standing.values.get(self.label) if standing else "") or "")
        if standing:
            self.tally.named.add(standing.pk)
        self._say_halves(row, standing.values if standing else {})
        if not row.problems:
            values = self.prepare(row.values, standing.values if standing else None)
            said = self.remarks(values, standing.values if standing else None)
            row.problems += [
                [key, self.letters.get(key, ""), _text(row.values.get(key)), wanted] for key, wanted in said
            ]
        if row.problems:
            return Staged(row.number, RowState.WRONG.value, None, None, label, {}, {}, row.problems)
        if self.importer.columns_only:
            values = {key: value for key, value in values.items() if key not in self.importer.columns_only}
        if standing is None:
            self.tally.written.update(values)
            self.tally.wants_fresh |= bool(self.importer.wants_fresh and self.importer.wants_fresh(values))
            return Staged(row.number, RowState.NEW.value, None, None, label, values, {}, [])
        stands = standing.values
        new = {
            key: value for key, value in values.items() if value != (old := stands.get(key)) and not is_same(value, old)
        }
        old = {key: stands.get(key) for key in new}
        self.tally.columns.update(new.keys())
        self.tally.written.update(new)
        state = RowState.CHANGED if new else RowState.SAME
        return Staged(row.number, state.value, standing.pk, standing.version, label, new, old, [])

    def _unmask(self, row: Checked, standing: Values | None) -> None:
        """A masked value that masks what stands leaves it as it is; any other one is no value."""
        for cell in self.personal:
            key = cell.column.key
            value = row.values.get(key)
            if type(value) is not Masked:
                continue
            del row.values[key]
            if standing is None or cell.column.mask(standing.get(key)) != value:
                wanted = _("The value itself; this one is masked. Leave the column out to keep what stands.")
                row.problems.append([key, cell.letter, str(value), wanted])

    def _say_found(self, row: Checked, found: Found) -> None:
        if found.is_outside and row.problems:
            return  # a row of another line says no more than one whose unit stands nowhere
        if found.is_outside or found.is_several:
            key = found.columns[0]
            wanted = str(self.importer.elsewhere) if found.is_outside else _several()
            row.problems.append([key, self.letters.get(key, ""), _text(row.values.get(key)), wanted])
        elif found.standing is None and not row.problems:
            for column in self.lacking:
                row.problems.append([column.key, "", "", _("A new row needs this column; the file lacks it.")])

    def _say_halves(self, row: Checked, standing: Values) -> None:
        """Say where something is given beside a row without what it belongs to, such as a telephone without a name."""
        for side, rest in self.halves:
            given = [key for key in rest if row.values.get(key)]
            named = row.values.get(side.while_set, standing.get(side.while_set))
            if given and not named and side.while_set in self.letters:
                heading = self.sheet.by_key[given[0]].heading
                wanted = _("This cell must be filled in, because “%(other)s” is.") % {"other": heading}
                row.problems.append([side.while_set, self.letters[side.while_set], "", wanted])

    def _say_doubles(self, row: Checked, target: int | None) -> None:
        """Mark a row whose key another row has; the earlier one is marked too."""
        names: list[tuple] = [] if target is None else [("", target)]
        for columns in self.importer.keys:
            if is_filled(row.values, columns):
                names.append((columns[0], *(row.values[column] for column in columns)))
                break
        for name in names:
            first = self.first_rows.setdefault(name, row.number)
            if first != row.number:
                self.doubles.setdefault(first, row.number)
                row.problems.append(self.double(name[0], row.values, first))
                break

    def double(self, key: str, values: Values, other: int) -> Problem:
        """Return the problem of a row that means the same thing as row ``other``."""
        key = key or self.importer.keys[0][0]
        wanted = _("One row for each; row %(row)s is about the same one. Delete one of the two.") % {"row": other}
        return [key, self.letters.get(key, ""), _text(values.get(key)), wanted]


def _several() -> str:
    return _("Several rows of the roster fit. Add the code, so that it is clear which one is meant.")


def _cell(column: Column, place: int, user: Any, from_1904: bool) -> Cell:
    clean = column.clean_for(user) if column.clean_for else column.clean
    if from_1904 and column.kind == "date":
        clean = counted_from_1904(clean)
    return Cell(place, column, clean, {} if column.required else {"": column.blank})


def _text(value: Any) -> str:
    return "、".join(value) if isinstance(value, list) else "" if value is None else str(value)


def letter_of(place: int) -> str:
    """Return the letters of a column by its place from 0: 0 is A, 26 is AA."""
    letters, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
