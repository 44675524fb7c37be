"""What an address asks of a sheet: filter, order, columns, size of a page. Screen and export read it here alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django_filters import FilterSet

from riskreport.ground.models import EventLine, ImportBatch
from riskreport.ground.sheets.declaration import PAGE_SIZES, Column, Sheet, bring
from riskreport.ground.sheets.paging import Order, is_known

OWN_NAMES = {"sort", "cols", "size", "after", "before"}
CURSORS = {"after", "before"}
MOST_SHOWN = 30


class BadFilter(Exception):
    """A filter with a value that cannot be; its text says which."""


@dataclass(frozen=True)
class Selection:
    """A sheet as one person sees it at one address. ``fixed`` are filters the page sets, which nobody can remove."""

    sheet: Sheet
    user: Any
    query: QueryDict
    fixed: Mapping[str, str]

    @cached_property
    def data(self) -> QueryDict:
        """The values of the filters: from the address, with the page's own on top."""
        data = self.query.copy()
        for name, value in self.fixed.items():
            data[name] = value
        return data

    @cached_property
    def filters(self) -> FilterSet | None:
        """The filter form bound to the address; filters find the person in ``self.request.user``."""
        if self.sheet.filterset is None:
            return None
        return self.sheet.filterset(data=self.data, queryset=self.sheet.rows(self.user), request=self)

    def check(self) -> None:
        """Raise BadFilter, which names the filter, when a value cannot be."""
        if self.filters is not None and not self.filters.form.is_valid():
            form = self.filters.form
            raise BadFilter(" ".join(self._refused(name) for name in form.errors))

    def _refused(self, name: str) -> str:
        given = self.data.get(name, "")
        return _("“%(value)s” cannot be used for “%(filter)s”. Choose another value or take this filter off.") % {
            "value": given if len(given) <= MOST_SHOWN else f"{given[:MOST_SHOWN]}…",
            "filter": self.filters.form[name].label,
        }

    @cached_property
    def rows(self) -> QuerySet:
        """The rows within the person's scope that pass the filter. Raises BadFilter for a value that cannot be."""
        self.check()
        rows = self.sheet.rows(self.user) if self.filters is None else self.filters.qs
        return rows if self.batch is None else rows.filter(pk__in=self._rows_of_batch())

    @cached_property
    def batch(self) -> ImportBatch | None:
        """The import whose rows alone are asked for (``?batch=12``), one of the person's department."""
        asked = self.query.get("batch", "")
        if self.sheet.importer is None or not (asked.isascii() and asked.isdigit() and len(asked) < 10):
            return None
        home = self.sheet.importer.home(self.user)
        return ImportBatch.objects.filter(pk=asked, sheet=self.sheet.name, home=home, event__isnull=False).first()

    def _rows_of_batch(self) -> QuerySet:
        label = self.sheet.importer.model._meta.label_lower
        lines = EventLine.objects.filter(event=self.batch.event_id, object_type=label)
        return lines.values("object_id")

    @cached_property
    def full_rows(self) -> QuerySet:
        """The same rows with all that the columns read."""
        return self.optimise(self.rows)

    def optimise(self, rows: QuerySet) -> QuerySet:
        """Add what the sheet's links need, then what each shown column reads."""
        return bring(self.sheet.optimise(rows), self.columns)

    @cached_property
    def sort(self) -> str:
        """The key of the column to sort by, with a minus for descending; the sheet's own when none is asked for."""
        asked = self.query.get("sort", "")
        return asked if asked.lstrip("-") in self.sheet.sortable and asked[:2] != "--" else self.sheet.order

    @cached_property
    def order(self) -> Order:
        """The order of the rows."""
        return Order.of(self.keyed_rows, self._sort_path, descending=self.sort.startswith("-"))

    @cached_property
    def keyed_rows(self) -> QuerySet:
        """The rows a page's keys are found in: without joins, unless the order needs what they bring."""
        return self.rows if is_known(self.rows, self._sort_path) else self.full_rows

    @property
    def _sort_path(self) -> str:
        return self.sheet.sortable.get(self.sort.lstrip("-"), "")

    @cached_property
    def columns(self) -> list[Column]:
        """The columns asked for; the first one always stands, for it names the row."""
        asked = {key for part in self.query.getlist("cols") for key in part.split(",")} & set(self.sheet.by_key)
        first, *others = self.sheet.columns
        return [first] + [column for column in others if (column.key in asked if asked else not column.hidden)]

    @cached_property
    def size(self) -> int:
        """Rows a page."""
        asked = self.query.get("size", "")
        return int(asked) if asked in map(str, PAGE_SIZES) else PAGE_SIZES[0]

    @cached_property
    def unmasked(self) -> bool:
        """Whether personal columns may be read as they are."""
        return bool(self.sheet.reads_personal(self.user))

    def pairs(self, *, without: set[str] = CURSORS) -> list[tuple[str, str]]:
        """Return the pairs of the address but those named; empty values are left out."""
        kept = [(name, values) for name, values in self.query.lists() if name not in without]
        return [(name, value) for name, values in kept for value in values if value != ""]

    def address(self, *, without: set[str] = CURSORS, **changes: str) -> str:
        """Return ``?…`` with ``changes`` made; the place in the list is forgotten unless it is what changes."""
        pairs = self.pairs(without=without | CURSORS | set(changes))
        return "?" + urlencode(pairs + [(name, value) for name, value in changes.items() if value != ""])

    def asked_filters(self) -> list[tuple[str, str, str]]:
        """Return (name, label, words of the value) of every filter the address sets, for pills and for exports."""
        found = [] if self.batch is None else [("batch", _("Import"), self.batch.file_name)]
        if self.filters is None:
            return found
        form = self.filters.form
        for name in form.fields:
            value = self.data.get(name, "")
            if value != "" and name not in self.fixed:
                found.append((name, str(form[name].label), _words(form, name, value)))
        return found


def _words(form: Any, name: str, value: str) -> str:
    """Return what a filter's value is called: the choice's word, the object's name, or the value itself."""
    cleaned = getattr(form, "cleaned_data", {}).get(name)
    choices = getattr(form.fields[name], "choices", None)
    if choices is None:
        return value
    if hasattr(cleaned, "pk"):
        return str(cleaned)
    for key, label in choices:
        if isinstance(label, list | tuple):
            label = {str(inner): text for inner, text in label}.get(value)
            if label is not None:
                return str(label)
        elif str(key) == value:
            return str(label)
    return value
