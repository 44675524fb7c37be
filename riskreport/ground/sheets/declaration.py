"""What a roster is: its columns, its rows, who may open it. Registered by name from <app>/interfaces/sheets.py."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db.models import F, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet

from riskreport.ground.access import Rule
from riskreport.ground.sheets.importer import Importer

KINDS = {"text", "int", "date", "datetime", "choice", "bool"}
PAGE_SIZES = (50, 100, 200)


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    ``reads`` names the plain values it needs: fields of the row, ORM paths such as ``enterprise__name``, or what
    ``adds`` annotates; ``says`` makes of them, in that order, the value of ``kind`` (without it, the one value is it).
    It is a pure function: the screen calls it once a row, an export once for equal values. ``choices`` maps stored
    values to words (an enum of Django's, or a mapping) for kind choice. ``sort`` is the ORM field to sort by, None when
    the column cannot be sorted. ``width`` is that of the Excel column in characters. ``hidden`` columns are shown when
    asked for. ``personal`` values are masked by ``mask`` on screen and in exports unless the sheet's
    ``reads_personal`` allows. ``link`` (row -> address) and ``draw`` (row, value -> safe HTML) serve the screen alone.
    ``adds`` annotates the rows with what this column reads, so that a column nobody looks at costs nothing; several
    columns may share one.

    A column takes part in imports when it has ``clean`` or ``clean_for``. ``clean`` is a plain function of the cell's
    text (never empty, digits and letters half-width, no spaces around it) that returns the stored value: str, int,
    bool, None or a list of str, a date as 2021-10-01, a decimal as text. It raises ``cleaners.Wrong`` with the phrase
    of what is wanted. ``clean_for`` makes that function once per import for the person who imports, where it needs the
    database. Equal texts are cleaned once. An empty cell becomes ``blank``, or an error in a ``required``
    column. ``example`` stands in the template and in every error. ``offers`` gives the words of the template's
    drop-down; a column with ``choices`` offers their words by itself. ``aliases`` are further headings by which
    the column is known. ``note`` is its line in the template's instructions. ``show_for`` makes, for a person, the
    function that puts a stored value into words where ``choices`` do not (the name of a town for its code).
    """

    key: str
    heading: str | Promise
    reads: str | tuple[str, ...]
    says: Callable[..., Any] | None = None
    kind: str = "text"
    width: int = 16
    css: str = ""
    sort: str | None = None
    hidden: bool = False
    personal: bool = False
    mask: Callable[[Any], Any] | None = None
    choices: Any = None
    link: Callable[[Any], str] | None = None
    draw: Callable[[Any, Any], str] | None = None
    adds: Callable[[QuerySet], QuerySet] | None = None
    clean: Callable[[str], Any] | None = None
    clean_for: Callable[[Any], Callable[[str], Any]] | None = None
    required: bool = False
    blank: Any = ""
    example: str | Promise = ""
    offers: Callable[[Any], Sequence[str]] | None = None
    aliases: tuple[str, ...] = ()
    note: str | Promise = ""
    show_for: Callable[[Any], Callable[[Any], str]] | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"Column {self.key}: unknown kind {self.kind}.")
        if self.personal and self.mask is None:
            raise ValueError(f"Column {self.key} is personal and says no mask.")

    @property
    def is_imported(self) -> bool:
        """Whether an import may write this column."""
        return self.clean is not None or self.clean_for is not None

    @property
    def fields(self) -> tuple[str, ...]:
        """The plain values it needs, by name."""
        return (self.reads,) if isinstance(self.reads, str) else self.reads

    def sayer(self, *, unmasked: bool = False) -> Callable[..., Any]:
        """Return a function of the plain values that gives the value as it may be shown, with words for choices."""
        says, last = self.says, self._last(unmasked)
        if says is None or last is None:
            return says or last or as_it_is
        return lambda *values: last(says(*values))

    def _last(self, unmasked: bool) -> Callable[[Any], Any] | None:
        """What is done with the value at last: a personal one masked, a choice put into its word."""
        if self.personal and not unmasked:
            return self.mask
        if self.kind == "choice" and self.choices is not None:
            words = self.words()
            return lambda value: words.get(value, "")
        return None

    def reader(self, *, unmasked: bool = False) -> Callable[[Any], Any]:
        """Return a function of a row that gives the value as it may be shown."""
        read, say = attrgetter(*self.fields), self.sayer(unmasked=unmasked)
        if say is as_it_is:
            return read
        return (lambda row: say(read(row))) if len(self.fields) == 1 else (lambda row: say(*read(row)))

    def words(self) -> Mapping[Any, str]:
        """Return the words of the stored values in the active language."""
        pairs = getattr(self.choices, "choices", None) or self.choices
        return {value: str(text) for value, text in dict(pairs).items()}


def as_it_is(value: Any) -> Any:
    """Show the one value a column reads as it is."""
    return value


def bring(rows: QuerySet, columns: Iterable[Column]) -> QuerySet:
    """Add to the rows what the columns read and the row itself does not have."""
    columns = list(columns)
    for adds in dict.fromkeys(column.adds for column in columns if column.adds):
        rows = adds(rows)
    paths = {path for column in columns for path in column.fields if "__" in path}
    return rows.annotate(**{path: F(path) for path in sorted(paths)})


def nobody_reads_personal(user: Any) -> bool:
    """Personal columns are masked for everybody."""
    return False


def as_they_are(rows: QuerySet) -> QuerySet:
    """Leave a queryset as it is."""
    return rows


@dataclass(frozen=True)
class Sheet:
    """A roster: ``rows(user)`` gives what the person may see and is asked again by the background job.

    ``order`` is the key of a sortable column, with a leading minus for descending, or empty for the primary key.
    ``optimise`` joins what ``link`` and ``draw`` read on the screen; it is left out when rows are only counted.
    ``importer`` says how a file of these rows is taken in; a sheet without one is only shown and exported.
    """

    name: str
    title: str | Promise
    columns: tuple[Column, ...]
    rows: Callable[[Any], QuerySet]
    rule: Rule
    filterset: type[FilterSet] | None = None
    order: str = ""
    optimise: Callable[[QuerySet], QuerySet] = as_they_are
    reads_personal: Callable[[Any], bool] = nobody_reads_personal
    row_css: Callable[[Any], str] | None = None
    importer: Importer | None = None
    empty_title: str | Promise = field(default_factory=lambda: _("Nothing here yet"))
    empty_text: str | Promise = ""

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        if len(keys) != len(set(keys)):
            raise ValueError(f"Sheet {self.name}: a column key stands twice.")
        if self.order and self.order.lstrip("-") not in self.sortable:
            raise ValueError(f"Sheet {self.name}: its order {self.order} is no sortable column.")
        if self.importer is not None:
            self.importer.check_columns(self.name, {column.key for column in self.columns if column.is_imported})

    @cached_property
    def by_key(self) -> dict[str, Column]:
        """The columns by their key."""
        return {column.key: column for column in self.columns}

    @cached_property
    def imported(self) -> tuple[Column, ...]:
        """The columns an import may write, in their order."""
        return tuple(column for column in self.columns if column.is_imported)

    @cached_property
    def sortable(self) -> dict[str, str]:
        """The ORM field of every column that can be sorted."""
        return {column.key: column.sort for column in self.columns if column.sort}


_sheets: dict[str, Sheet] = {}


def register_sheet(sheet: Sheet) -> Sheet:
    """Make a sheet known by its name. Raises ValueError when another one has it."""
    if sheet.name in _sheets and _sheets[sheet.name] != sheet:
        raise ValueError(f"Two sheets are called {sheet.name}.")
    _sheets[sheet.name] = sheet
    return sheet


def give_importer(name: str, importer: Importer) -> Sheet:
    """Let a higher floor say how rows of a lower floor's sheet are taken in: it knows the acts that write them."""
    _sheets[name] = replace(_sheets[name], importer=importer)
    return _sheets[name]


def get_sheet(name: str) -> Sheet:
    """Return the sheet of that name. Raises KeyError."""
    return _sheets[name]


def sheet_names() -> list[str]:
    """Return the names of all sheets."""
    return sorted(_sheets)
