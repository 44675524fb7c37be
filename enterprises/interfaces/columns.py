"""What columns of rosters share: names behind a row, read as plain values.

Five related objects a row cost more than the rest of a page of fifty; their names cost a join.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Aggregate, F, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, Concat, NullIf
from django.utils.translation import get_language

PLACES = {
    "town": "town__display_name",
    "county": "town__parent__display_name",
    "category": "category__name",
    "sector": "category__sector__name",
}
UNIT_CODES = ("enterprise__credit_code", "enterprise__temporary_code")


def name_of(key: str, path: str = "") -> Callable[[QuerySet], QuerySet]:
    """Return what brings a name in the active language as ``<key>_label``.

    ``path`` leads to a name beside which a ``name_en`` stands; without it ``key`` is town, county, category or sector.
    """
    return lambda rows: rows.annotate(**{f"{key}_label": _name_at(path or PLACES[key])})


def _name_at(path: str) -> Any:
    english = f"{path.rpartition('__')[0]}__name_en"
    return Coalesce(NullIf(english, Value("")), path) if get_language() == "en" else F(path)


def in_language(name: str, english: str) -> str:
    """Return a row's own name in the active language."""
    return english if get_language() == "en" and english else name


def first_of(*values: Any) -> Any:
    """Return the first value that holds something: the credit code, or else the temporary one."""
    return next((value for value in values if value), None)


class Together(Aggregate):
    """Texts of several rows in one, a line each, in no order."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def __init__(self, text: Any, **extra: Any) -> None:
        super().__init__(text, Value("\n"), **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """PostgreSQL calls it by another name."""
        return self.as_sql(compiler, connection, function="STRING_AGG", **extra)


def several(
    key: str, links: Callable[[], QuerySet], parent: str, code: str, path: str = ""
) -> Callable[[QuerySet], QuerySet]:
    """Return what brings the rows of ``links`` that belong to a row as ``<key>_lines``: «code name», a line each.

    ``parent`` is the field of a link that points to the row; without ``path`` to a name a line is the code alone.
    """

    def add(rows: QuerySet) -> QuerySet:
        line = Concat(code, Value(" "), _name_at(path), output_field=TextField()) if path else F(code)
        own = links().filter(**{parent: OuterRef("pk")}).order_by().values(parent)
        return rows.annotate(**{f"{key}_lines": Subquery(own.annotate(lines=Together(line)).values("lines"))})

    return add


def names_in_lines(lines: str | None) -> str:
    """Return the names of ``several`` in the order of their codes, with 、 between them."""
    return "、".join(line.partition(" ")[2] for line in sorted(lines.split("\n"))) if lines else ""


def codes_in_lines(lines: str | None) -> str:
    """Return the codes of ``several`` in order, a line each."""
    return "\n".join(sorted(lines.split("\n"))) if lines else ""
