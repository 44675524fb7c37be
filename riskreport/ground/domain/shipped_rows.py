"""Bringing tables in line with rows that a release ships, so that a second run changes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models


@dataclass(frozen=True)
class Tally:
    """How many rows were found in the shipped data, and what had to be done with them."""

    shipped: int = 0
    created: int = 0
    changed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.shipped + other.shipped, self.created + other.created, self.changed + other.changed)

    @property
    def touched(self) -> bool:
        """Whether anything was written."""
        return bool(self.created or self.changed)


def write_shipped_rows(*, model: type[models.Model], key: str, rows: Sequence[dict[str, Any]]) -> Tally:
    """Create the rows that are missing by ``key`` and update those that differ; never delete one.

    ``rows`` map column names (``lead_id``, not ``lead``) to values; columns not named keep what they hold, so what the
    city added by hand stays. A standing row marked ``is_local`` was changed here and is left alone. Runs in the
    caller's transaction. A second call writes nothing.
    """
    standing = {getattr(row, key): row for row in model._default_manager.all()}
    fresh = [model(**row) for row in rows if row[key] not in standing]
    differing: list[models.Model] = []
    columns: set[str] = set()
    for row in rows:
        known = standing.get(row[key])
        if known is None or getattr(known, "is_local", False):
            continue
        changes = {name: value for name, value in row.items() if getattr(known, name) != value}
        if changes:
            for name, value in changes.items():
                setattr(known, name, value)
            differing.append(known)
            columns.update(changes)
    model._default_manager.bulk_create(fresh, batch_size=500)
    if differing:
        model._default_manager.bulk_update(differing, sorted(columns), batch_size=200)
    return Tally(len(rows), len(fresh), len(differing))


def write_shipped_links(
    *, through: type[models.Model], left: str, right: str, wanted: dict[Any, Iterable[Any]]
) -> Tally:
    """Make the many-to-many rows of each left side in ``wanted`` exactly its right sides; others stay untouched.

    ``left`` and ``right`` are column names of ``through``. Returns how many left sides had to be changed.
    """
    standing: dict[Any, set] = {}
    for own, other in through._default_manager.values_list(left, right):
        standing.setdefault(own, set()).add(other)
    changed, fresh = 0, []
    for own, others in wanted.items():
        target, present = set(others), standing.get(own, set())
        if target == present:
            continue
        changed += 1
        through._default_manager.filter(**{left: own, f"{right}__in": present - target}).delete()
        fresh += [through(**{left: own, right: other}) for other in sorted(target - present)]
    through._default_manager.bulk_create(fresh, batch_size=500)
    return Tally(0, 0, changed)
