"""Standing: plain facts the floor above writes down for the colour."""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

from risks.models import Standing


def note_filed(*, enterprise_id: int, on: dt.date, zero_risk: bool) -> None:
    """Note that a final report was filed; the first day stays, an overdue mark goes."""
    row, created = Standing.objects.select_for_update().get_or_create(
        enterprise_id=enterprise_id, defaults={"first_reported_on": on, "zero_risk": zero_risk}
    )
    if not created:
        row.first_reported_on = row.first_reported_on or on
        row.overdue_since = None
        row.zero_risk = zero_risk
        row.save(update_fields=["first_reported_on", "overdue_since", "zero_risk"])


def note_left(*, enterprise_id: int, still_reported: bool, zero_risk: bool | None = None) -> None:
    """Note that nothing is owed any more: an exempt or void report is not overdue.

    ``still_reported`` is false when the only report filed was declared void: the enterprise then counts as one that
    has not reported. ``zero_risk`` is what the reports that still stand say; None leaves it as it is.
    """
    row = Standing.objects.select_for_update().filter(enterprise_id=enterprise_id).first()
    if row is None:
        return
    row.overdue_since = None
    if not still_reported:
        row.first_reported_on, row.zero_risk = None, False
    elif zero_risk is not None:
        row.zero_risk = zero_risk
    row.save(update_fields=["overdue_since", "first_reported_on", "zero_risk"])


class Visited(NamedTuple):
    """What an enterprise's visits come to: last day, whether a fault was found on it, when zero risk was checked.

    ``overdue_faults`` counts the visits whose faults are not mended though their day has passed.
    """

    last_on: dt.date | None
    found_fault: bool
    zero_risk_checked_on: dt.date | None
    overdue_faults: int


def note_visits(*, enterprise_id: int, read: Callable[[], Visited]) -> None:
    """Note what the visits to an enterprise come to, ``read`` while its Standing is locked: two at once both count."""
    row, _created = Standing.objects.select_for_update().get_or_create(enterprise_id=enterprise_id)
    visited = read()
    row.last_verified_on, row.open_faults = visited.last_on, int(visited.found_fault)
    row.zero_risk_checked_on, row.overdue_faults = visited.zero_risk_checked_on, visited.overdue_faults
    row.save(update_fields=["last_verified_on", "open_faults", "zero_risk_checked_on", "overdue_faults"])


class Overdue(NamedTuple):
    """An enterprise for which something has passed its day, or does not any more: old and new values by column."""

    enterprise_id: int
    old: dict[str, Any]
    new: dict[str, Any]


def note_overdue(*, since: dict[int, dt.date], faults: dict[int, int]) -> list[Overdue]:
    """Note since when each enterprise owes a report past its day, and how many visits' faults are past theirs.

    One not named owes none. Side effects, in the caller's transaction: ``overdue_faults`` where it differs, and
    ``overdue_since`` of the enterprises that have reported before; those that never did are grey whatever they owe.
    Returns old and new values of each that changed; a second call changes none.
    """
    columns = ("overdue_since", "overdue_faults")
    known = Standing.objects.order_by("pk").only("pk", "first_reported_on", *columns)
    changed, told = [], []
    for row in known.iterator(chunk_size=2000):
        owed = since.get(row.pk) if row.first_reported_on else row.overdue_since
        wanted = {"overdue_since": owed, "overdue_faults": faults.get(row.pk, 0)}
        old = {name: getattr(row, name) for name in columns if getattr(row, name) != wanted[name]}
        if old:
            told.append(Overdue(row.pk, old, {name: wanted[name] for name in old}))
            for name in old:
                setattr(row, name, wanted[name])
            changed.append(row)
    Standing.objects.bulk_update(changed, columns, batch_size=500)
    return told
