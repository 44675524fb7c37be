"""Standing: plain facts the floor above writes down for the colour."""

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

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
    """What an enterprise's visits come to: last day, whether a fault was found on it, when zero risk was checked."""

    last_on: dt.date | None
    found_fault: bool
    zero_risk_checked_on: dt.date | None


def note_visits(*, enterprise_id: int, read: Callable[[], Visited]) -> None:
    """Note what the visits to an enterprise come to, ``read`` while its Standing is locked: two at once both count."""
    row, _created = Standing.objects.select_for_update().get_or_create(enterprise_id=enterprise_id)
    visited = read()
    row.last_verified_on, row.open_faults = visited.last_on, int(visited.found_fault)
    row.zero_risk_checked_on = visited.zero_risk_checked_on
    row.save(update_fields=["last_verified_on", "open_faults", "zero_risk_checked_on"])


Overdue = tuple[int, dt.date | None, dt.date | None]


def note_overdue(*, since: dict[int, dt.date]) -> list[Overdue]:
    """Note since when each enterprise owes a report past its day; one not named in ``since`` owes none.

    Side effects, in the caller's transaction: ``overdue_since`` of the enterprises that have reported before, where it
    differs; those that never did are grey whatever they owe. Returns id, old and new day of each that changed; a second
    call changes none.
    """
    known = Standing.objects.filter(first_reported_on__isnull=False).order_by("pk").only("pk", "overdue_since")
    changed = [row for row in known.iterator(chunk_size=2000) if row.overdue_since != since.get(row.pk)]
    told = [(row.pk, row.overdue_since, since.get(row.pk)) for row in changed]
    for row in changed:
        row.overdue_since = since.get(row.pk)
    Standing.objects.bulk_update(changed, ["overdue_since"], batch_size=500)
    return told
