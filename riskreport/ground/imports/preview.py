"""What the pages of a batch show: its counts, its rows bucket by bucket in words, the headings to be assigned."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from riskreport.ground.imports.batches import batches_of
from riskreport.ground.imports.headings import match, missing, remembered, unknown
from riskreport.ground.imports.reading import rows_of
from riskreport.ground.models import ImportBatch, ImportRow
from riskreport.ground.models.imports import ImportState, RowState
from riskreport.ground.sheets.declaration import Column, Sheet
from riskreport.ground.sheets.values import text_of

PAGE = 50
KINDS = {bool: "bool"}  # all other stored values are text or numbers, whatever their column holds
SAMPLES = 3
HISTORY = 50
MOST_FACTS = 5
BUCKETS = (RowState.WRONG, RowState.NEW, RowState.CHANGED, RowState.LEAVES, RowState.STALE, RowState.SAME)
TONES = {RowState.WRONG: "bad", RowState.NEW: "ok", RowState.CHANGED: "accent", RowState.LEAVES: "warn"}


@dataclass(frozen=True)
class Fact:
    """One column of a row: what stood, what is written."""

    heading: str
    old: str
    new: str


@dataclass(frozen=True)
class Mistake:
    """One wrong cell."""

    cell: str
    heading: str
    found: str
    wanted: str
    example: str


@dataclass(frozen=True)
class Line:
    """A row of a bucket."""

    number: int
    label: str
    facts: list[Fact]
    mistakes: list[Mistake]


@dataclass(frozen=True)
class HeadingChoice:
    """One heading of the file: its first values, and the column it stands for."""

    place: int
    text: str
    samples: list[str]
    column: str
    is_unknown: bool


class Preview:
    """A batch as one person sees it. Personal values are masked unless the person may read them, or sent them."""

    def __init__(self, batch: ImportBatch, sheet: Sheet, user: Any, *, bucket: str = "", page: int = 1) -> None:
        self.batch, self.sheet, self.user = batch, sheet, user
        self.page_number = max(1, page)
        found = batch.counts.get("applied") or batch.counts
        self.counts = {state: found.get(state.value, 0) for state in RowState}
        first = next((state for state in BUCKETS if self.counts[state]), RowState.SAME)
        self.bucket = RowState(bucket) if bucket in RowState.values else first
        self.reads = bool(sheet.reads_personal(user))
        self.sent = batch.owner_id == user.pk

    @property
    def buckets(self) -> list[dict]:
        """Every bucket that holds rows, with its address."""
        return [
            {
                "name": state.label,
                "count": self.counts[state],
                "url": f"?bucket={state.value}",
                "is_current": state == self.bucket,
                "tone": TONES.get(state, "neutral"),
            }
            for state in BUCKETS
            if self.counts[state]
        ]

    @cached_property
    def lines(self) -> list[Line]:
        """The rows of the current bucket on the current page."""
        start = (self.page_number - 1) * PAGE
        rows = ImportRow.objects.filter(batch=self.batch, state=self.bucket).order_by("number", "pk")
        return [self._line(row) for row in rows[start : start + PAGE]]

    @property
    def is_gone(self) -> bool:
        """Whether the rows were removed since, because the file was decided long ago."""
        return bool(self.counts[self.bucket]) and not self.lines and self.page_number == 1

    @property
    def text(self) -> str:
        """Which rows are seen, for the pager."""
        start = (self.page_number - 1) * PAGE
        return _("Rows %(start)s to %(end)s of %(count)s") % {
            "start": start + 1,
            "end": start + len(self.lines),
            "count": f"{self.counts[self.bucket]:,}",
        }

    @property
    def previous_url(self) -> str:
        """The address of the page before, or nothing."""
        return self._url(self.page_number - 1) if self.page_number > 1 else ""

    @property
    def next_url(self) -> str:
        """The address of the page after, or nothing."""
        return self._url(self.page_number + 1) if self.page_number * PAGE < self.counts[self.bucket] else ""

    def _url(self, page: int) -> str:
        return "?" + urlencode({"bucket": self.bucket.value, "page": page})

    def mistakes(self) -> Iterator[Mistake]:
        """Yield every wrong cell of the file."""
        rows = ImportRow.objects.filter(batch=self.batch, state=RowState.WRONG).order_by("number")
        for number, problems in rows.values_list("number", "problems").iterator(chunk_size=2000):
            for problem in problems:
                yield self._mistake(number, problem)

    def _line(self, row: ImportRow) -> Line:
        facts = []
        if row.state != RowState.SAME:
            keys = [column.key for column in self.sheet.columns if column.key in row.values]
            if not row.old:  # new, or new until somebody else was first
                keys = [key for key in keys if self._names(key) and row.values[key] not in ("", None)][:MOST_FACTS]
            facts = [self._fact(self.sheet.by_key[key], row) for key in keys]
        return Line(row.number, row.label, facts, [self._mistake(row.number, problem) for problem in row.problems])

    def _names(self, key: str) -> bool:
        """Whether a column tells a new row from another at a glance."""
        named = {name for columns in self.sheet.importer.keys for name in columns}
        return key != self.sheet.columns[0].key and (key in named or self.sheet.by_key[key].required)

    def _fact(self, column: Column, row: ImportRow) -> Fact:
        old, new = row.old.get(column.key), row.values[column.key]
        return Fact(
            str(column.heading),
            self._shown(column, old, masked=not self.reads) if row.old else "",
            self._shown(column, new, masked=not (self.reads or self.sent)),
        )

    def _shown(self, column: Column, value: Any, *, masked: bool) -> str:
        if value is None or value in ("", []):
            return ""
        if column.personal and masked:
            return str(column.mask(value))
        return self._shower(column)(value)

    def _shower(self, column: Column) -> Callable[[Any], str]:
        known = self.__dict__.setdefault("_showers", {})
        if column.key not in known:
            known[column.key] = _make_shower(column, self.user)
        return known[column.key]

    def _mistake(self, number: int, problem: Sequence[str]) -> Mistake:
        key, letter, found, wanted = problem
        column = self.sheet.by_key.get(key)
        if column is not None and column.personal and found and not (self.reads or self.sent):
            found = str(column.mask(found))
        example = str(column.example) if column is not None else ""
        heading = str(column.heading) if column is not None else key
        return Mistake(f"{letter}{number}" if letter else str(number), heading, found, wanted, example)


def _make_shower(column: Column, user: Any) -> Callable[[Any], str]:
    if column.show_for is not None:
        return column.show_for(user)
    if column.choices is not None:
        words = column.words()
        return lambda value: words.get(value, str(value))
    return lambda value: "、".join(value) if isinstance(value, list) else text_of(value, KINDS.get(type(value), "text"))


class Assignment:
    """The table in which a person says which heading is which column.

    ``columns`` is what each heading stands for so far, ``asked`` the places of those nobody knows, ``samples`` the
    first rows, ``name`` what the choices are called in the form.
    """

    def __init__(
        self,
        sheet: Sheet,
        *,
        headings: Sequence[str],
        columns: Sequence[str],
        asked: Collection[int],
        samples: Sequence[Sequence[str]],
        name: str = "column",
    ) -> None:
        self.sheet, self.headings, self.columns, self.name = sheet, headings, columns, name
        self.asked, self.samples = asked, samples

    @property
    def unknown(self) -> list[str]:
        """The headings that are asked about."""
        return [self.headings[place] for place in self.asked]

    @property
    def rows(self) -> list[HeadingChoice]:
        """Every heading with its first values."""
        return [
            HeadingChoice(
                place,
                text or _("(no heading)"),
                [row[place][:60] for row in self.samples],
                self.columns[place],
                place in self.asked,
            )
            for place, text in enumerate(self.headings)
        ]

    @property
    def options(self) -> list[tuple[str, str]]:
        """The columns to choose from."""
        return options_of(self.sheet)

    @property
    def missing(self) -> list[str]:
        """The headings without which no row can be told from another."""
        return [str(column.heading) for column in missing(self.sheet, self.columns)]

    @property
    def lacking(self) -> list[str]:
        """The required columns that the file lacks: it can change rows but not bring new ones."""
        present = {*self.columns}
        return [str(column.heading) for column in self.sheet.imported if column.required and column.key not in present]


def options_of(sheet: Sheet) -> list[tuple[str, str]]:
    """Return the columns a heading may stand for, required ones marked."""
    return [(column.key, f"{'*' if column.required else ''}{column.heading}") for column in sheet.imported]


def assignment_of(batch: ImportBatch, sheet: Sheet) -> Assignment:
    """Return the table of a batch that waits for its headings."""
    memory = remembered(sheet, batch.home)
    headings = match(sheet, batch.reading["headings"], memory)
    return Assignment(
        sheet,
        headings=batch.reading["headings"],
        columns=[one.column for one in headings],
        asked=[one.place for one in unknown(sheet, headings, memory)],
        samples=[row[1:] for row in islice((row for part in rows_of(batch.rows_file) for row in part), SAMPLES)],
    )


def history(user: Any, sheet: Sheet) -> list[ImportBatch]:
    """Return the last batches of the person's department, newest first."""
    rows = batches_of(user, sheet).select_related("owner", "decided_by", "job").order_by("-pk")
    return list(rows[:HISTORY])


def sentence_of(batch: ImportBatch) -> str:
    """Return one sentence of where a batch stands and whose turn it is."""
    counts = {"count": f"{batch.counts.get('total', 0):,}", "wrong": f"{batch.counts.get('wrong', 0):,}"}
    applied = batch.counts.get("applied", {})
    written = sum(applied.get(key, 0) for key in ("new", "changed", "leaves"))
    words = {
        ImportState.READING: _("The file is being read. You may leave this page; the work goes on."),
        ImportState.MAPPING: _("Your turn: say which heading is which column."),
        ImportState.CHECKING: _("Every row is being checked. You may leave this page; the work goes on."),
        ImportState.PREVIEW: _("Your turn: %(count)s rows were checked, %(wrong)s are wrong. Nothing is taken in yet."),
        ImportState.APPLYING: _("The rows are being taken in. You may leave this page; the work goes on."),
        ImportState.APPLIED: _("%(written)s rows were taken in."),
        ImportState.REFUSED: _("Nothing of this file was taken in."),
        ImportState.FAILED: _("The file could not be read; nothing was taken in."),
        ImportState.UNDOING: _("The import is being undone. You may leave this page; the work goes on."),
        ImportState.UNDONE: _("The import was undone; what stood before stands again."),
    }
    return words[ImportState(batch.state)] % (counts | {"written": f"{written:,}"})
