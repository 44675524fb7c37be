"""What columns of rosters share: names behind a row, read as plain values.

Five related objects a row cost more than the rest of a page of fifty; their names cost a join.
"""

from collections.abc import Callable

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language

PLACES = {
    "town": "town__display_name",
    "county": "town__parent__display_name",
    "category": "category__name",
    "sector": "category__sector__name",
}


def name_of(key: str, path: str = "") -> Callable[[QuerySet], QuerySet]:
    """Return what brings a name in the active language as ``<key>_label``.

    ``path`` leads to a name beside which a ``name_en`` stands; without it ``key`` is town, county, category or sector.
    """
    path = path or PLACES[key]
    english = f"{path.rpartition('__')[0]}__name_en"

    def add(rows: QuerySet) -> QuerySet:
        is_english = get_language() == "en"
        return rows.annotate(**{f"{key}_label": Coalesce(NullIf(english, Value("")), path) if is_english else F(path)})

    return add


def value_of(key: str, path: str) -> Callable[[QuerySet], QuerySet]:
    """Return what brings the value at ``path`` as ``<key>_label``."""
    return lambda rows: rows.annotate(**{f"{key}_label": F(path)})


def joined(*relations: str) -> Callable[[QuerySet], QuerySet]:
    """Return what brings whole related objects, for a column that reads a property of one."""
    return lambda rows: rows.select_related(*relations)
