"""What the import of a sheet needs beyond its columns: who may, which row is meant, what is written beside it.

An app declares it as data and small functions; reading, checking, preview, writing, undo and the marked workbook are
the same for every sheet. Values are *stored values* by column key, as ``Column.clean`` returns
them: str, int, bool, None, list of str; dates as 2021-10-01, decimals as text with the field's decimal places.

    Importer(
        rule=is_keeper,
        model=Hazard,
        keys=(("code",), ("name", "town")),
        standing=hazards_for_user,
        fields={"town": "town_id"},
    )
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from riskreport.ground.access import Rule

Values = dict[str, Any]
Said = tuple[str, str]  # a column's key and the sentence of what is wanted there


@dataclass(frozen=True)
class Side:
    """Rows of another table that belong to a row of the sheet: one per row and ``fixed`` values, such as a contact.

    ``fields`` maps columns of the sheet to fields of ``model``. The side row stands as long as the column ``while_set``
    holds something; emptied, it is deleted.
    """

    model: type[Model]
    parent: str
    fields: Mapping[str, str]
    while_set: str
    fixed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Links:
    """A many-to-many of the row: the column ``column`` holds the sorted keys of what it is linked with, as str."""

    column: str
    model: type[Model]
    parent: str
    target: str


@dataclass(frozen=True)
class Leaving:
    """What becomes of rows that a complete list no longer names.

    ``scopes(user)`` gives the (key, words) of the lists that a file may be the whole of, within what the person may
    write; ``rows(user, key)`` the standing rows of one. ``values(on)`` is what is written to a row that leaves, with
    the day (2021-10-01) it leaves on.
    """

    scopes: Callable[[Any], Sequence[tuple[str, str]]]
    rows: Callable[[Any, str], QuerySet]
    values: Callable[[str], Values]


class Written(NamedTuple):
    """One row that an import (or its undo) wrote: its id, and the columns that changed, old and new.

    ``old`` is empty for a row that is new; ``is_new`` and ``is_gone`` say so for undo as well.
    """

    pk: int
    old: Values
    new: Values
    is_new: bool = False
    is_gone: bool = False


@dataclass(frozen=True)
class Asked:
    """What one staged row asks for: the standing row with its version as seen (None for a new one), the values to
    write, and a key that makes asking twice harmless."""

    target: int | None
    seen_version: int | None
    values: Values
    key: str


def no_remarks(user: Any) -> Callable[[Values, Values | None], Iterable[Said]]:
    """No rule goes across the columns of a row."""
    return lambda values, standing: ()


def as_cleaned(user: Any) -> Callable[[Values, Values | None], Values]:
    """A row is written as its cells say."""
    return lambda values, standing: values


def nothing_beside(rows: Sequence[Values]) -> Sequence[Values]:
    """New rows get nothing beside their columns."""
    return [{} for _row in rows]


def hold_nothing(ids: list[int]) -> None:
    """Nothing else needs to be locked."""


def tell_nobody(written: Iterable[Written], user: Any) -> None:
    """Nobody needs to follow what an import of this sheet wrote."""


@dataclass(frozen=True)
class Importer:
    """How rows of a file become rows of ``model``.

    ``rule``      who may import; asked with the person and None, again by every background job.
    ``keys``      column keys that together name a row, tried in this order until one that the row fills finds a
                  standing row; a later key never joins a row to one that has another value of an earlier key. A key of
                  one column must be unique in the database.
    ``standing``  the rows the person may write. A key that stands outside of them is an error that says no more than
                  ``elsewhere``.
    ``fields``    column key -> attribute of the model where they differ (``{"town": "town_id"}``); a text within a JSON
                  field is ``profile__employees``; columns of sides and links are left out by themselves.
    ``columns_only``  columns that are read and compared with others but never written.
    ``asks``      columns that stand in no table and ask ``act`` for something: a row that fills one is a changed row.
    ``sides``, ``links``  what is written beside the row.
    ``prepare``   made once per import: (values, standing values or None) -> values, to fill in what follows from other
                  columns before rows are compared; a value it leaves out is not written. To a new row it may
                  give attributes of the model that are no columns. It must not change the dict it is given.
    ``remarks``   made once per import: rules across the columns of a row, yielding (column key, sentence).
    ``wants``     column key -> made once per import: (the row's other values) -> what a wrong cell of it should hold,
                  where that depends on the row; nothing leaves what the cleaner said.
    ``fresh``     what new rows get at the last moment, in the transaction of the act, such as a number of their own:
                  from the values of some new rows, in order, one dict of stored values for each. Asked only for rows
                  of which ``wants_fresh`` says so. (What does not need the last moment belongs into ``prepare``.)
    ``attributes``  attributes of the model beside the columns that ``prepare`` may write to standing rows too.
    ``hold``      called first in the transaction of the act with the ids of standing rows that will be written: locks
                  what those who are told afterwards will write, in their order.
    ``version``   the model's version column, counted up by each write and compared at apply; "" when it has none, then
                  the standing values themselves are compared again.
    ``event``     kind of the event recorded; its lines hold old and new per row.
    ``announce``  called in the transaction of the act after all rows are written, once, with every row written; it is
                  called by the undo likewise.
    ``leaving``   what becomes of rows that a complete list no longer names; None when nothing does.
    ``undo_new``  rows that an import made are deleted when it is undone; those that something else has come to need in
                  the meantime must stay, and get the stored values that this returns. Without it they forbid the undo.
    ``act``       for rows that are no plain writing of columns: made once per taking in, it does what one staged row
                  asks through the domain function that a page would call, and raises Refused with the reason. The rows
                  it refuses are told as wrong; each act records its own event, and such a batch is not undone.
    ``home``      to which department a batch belongs: its people see it, and its mapping of headings is remembered.
    """

    rule: Rule
    model: type[Model]
    keys: tuple[tuple[str, ...], ...]
    standing: Callable[[Any], QuerySet]
    fields: Mapping[str, str] = field(default_factory=dict)
    columns_only: frozenset[str] = frozenset()
    asks: frozenset[str] = frozenset()
    sides: tuple[Side, ...] = ()
    links: tuple[Links, ...] = ()
    prepare: Callable[[Any], Callable[[Values, Values | None], Values]] = as_cleaned
    remarks: Callable[[Any], Callable[[Values, Values | None], Iterable[Said]]] = no_remarks
    wants: Mapping[str, Callable[[Any], Callable[[Values], str]]] = field(default_factory=dict)
    fresh: Callable[[Sequence[Values]], Sequence[Values]] = nothing_beside
    wants_fresh: Callable[[Values], bool] | None = None
    attributes: tuple[str, ...] = ()
    hold: Callable[[list[int]], None] = hold_nothing
    version: str = "version"
    event: str = "roster.imported"
    announce: Callable[[Iterable[Written], Any], None] = tell_nobody
    leaving: Leaving | None = None
    undo_new: Callable[[], Values] | None = None
    act: Callable[[Any], Callable[[Asked], None]] | None = None
    home: Callable[[Any], int | None] = attrgetter("department_id")
    elsewhere: str | Promise = field(
        default_factory=lambda: _("a row of your own line and area; ask the safety committee office about this one")
    )

    def check_columns(self, sheet: str, imported: set[str]) -> None:
        """Raise ValueError when a column that is named here is not one the sheet imports."""
        named = {key for keys in self.keys for key in keys} | set(self.fields)
        named |= {key for side in self.sides for key in side.fields} | {link.column for link in self.links}
        if missing := named - imported:
            raise ValueError(f"Sheet {sheet}: its importer names {sorted(missing)}, which no column imports.")

    def attribute(self, key: str) -> str:
        """Return the model's attribute that a column of the row's own table is written to."""
        return self.fields.get(key, key)

    @property
    def beside(self) -> frozenset[str]:
        """The columns that are not written to the row's own table."""
        sides = {key for side in self.sides for key in side.fields}
        return frozenset(sides | {link.column for link in self.links}) | self.columns_only | self.asks
