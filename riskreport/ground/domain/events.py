"""Writing events and running the reactions they owe."""

import datetime as dt
import logging
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import models, transaction

from riskreport.ground import clock, reactions
from riskreport.ground.domain.many_rows import write_rows
from riskreport.ground.domain.nudge import nudge_reactions
from riskreport.ground.models import Event, EventLine, Pending
from riskreport.ground.request import current_request_id

MOST_TRIES = 5
BACK_OFF_SECONDS = (5, 30, 120, 600)
# A worker is nudged within milliseconds; were its clock a little behind the web server's, it would find nothing due.
CLOCKS_DIFFER = dt.timedelta(seconds=1)
LINE = ("event_id", "object_type", "object_id", "old", "new")
log = logging.getLogger(__name__)


class Line(NamedTuple):
    """One object changed by a bulk act, its old and new values: an EventLine to be, without the weight of a model."""

    object_type: str
    object_id: int
    old: dict[str, Any]
    new: dict[str, Any]


def record_event(
    *,
    kind: str,
    actor: Any,
    about: models.Model | None = None,
    enterprise_id: int | None = None,
    data: dict | None = None,
    lines: Iterable[Line] = (),
) -> Event:
    """Record that something happened, in the caller's transaction.

    Side effects, in order: the event; its lines; one Pending row per registered reaction; after commit the workers are
    nudged. Raises TransactionManagementError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An event is recorded in the transaction of its act.")
    event = _event(kind, actor, about, enterprise_id, data or {})
    event.save()
    write_rows(EventLine, LINE, ((event.pk, *line) for line in lines))
    owe_reactions(events=[event])
    return event


def record_events(*, kind: str, actor: Any, each: Iterable[tuple[models.Model, int | None, dict]]) -> list[Event]:
    """Record that the same happened to many objects, each given with its enterprise and its data, in few statements.

    Side effects as record_event, without lines.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An event is recorded in the transaction of its act.")
    events = [_event(kind, actor, about, enterprise_id, data) for about, enterprise_id, data in each]
    Event.objects.bulk_create(events, batch_size=1000)
    owe_reactions(events=events)
    return events


def _event(kind: str, actor: Any, about: models.Model | None, enterprise_id: int | None, data: dict) -> Event:
    return Event(
        at=clock.now(),
        kind=kind,
        actor=actor,
        object_type=about._meta.label_lower if about is not None else "",
        object_id=about.pk if about is not None else None,
        enterprise_id=enterprise_id,
        data=data,
        request_id=current_request_id(),
    )


def owe_reactions(*, events: Iterable[Event]) -> None:
    """Write the Pending rows that ``events`` owe and nudge the workers after commit."""
    owed = [
        Pending(event=event, reaction=known.name, queue=known.queue, due_at=event.at - CLOCKS_DIFFER)
        for event in events
        for known in reactions.reactions_to(event.kind)
    ]
    Pending.objects.bulk_create(owed, batch_size=2000)
    for queue in sorted({row.queue for row in owed}):
        transaction.on_commit(lambda queue=queue: nudge_reactions(queue))


def run_due_reactions(*, queue: str, limit: int = 200) -> int:
    """Run the reactions of ``queue`` that are due, oldest first, and return how many rows were handled.

    Each runs in one transaction with its mark, its row locked and skipped by other workers, so an effect in the
    database happens once even when the worker is killed. One in steps is handled a step at a time, with the same mark,
    and keeps its place in the queue until its last step. A failure is put off and, after five tries, parked.
    """
    handled = 0
    while handled < limit and _run_next(queue):
        handled += 1
    return handled


def _run_next(queue: str) -> bool:
    with transaction.atomic():
        row = (
            Pending.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("event")
            .filter(queue=queue, done_at=None, parked_at=None, due_at__lte=clock.now())
            .order_by("due_at", "id")
            .first()
        )
        if row is None:
            return False
        try:
            with transaction.atomic():
                reached = _run(row)
        except Exception as error:  # any failure of any reaction: it is put off, never lost
            log.exception("reaction %s of event %s failed", row.reaction, row.event_id)
            _put_off(row, error)
        else:
            row.reached, row.tries = (row.reached, row.tries) if reached is None else (reached, 0)
            row.done_at = clock.now() if reached is None else None
            row.save(update_fields=["done_at", "reached", "tries"])
    return True


def _run(row: Pending) -> int | None:
    """Run a reaction, or one step of it; return how far it has come when something is left."""
    known = reactions.get_reaction(row.reaction)
    if known.in_steps:
        return known.run(row.event, row.reached)
    known.run(row.event)
    return None


def _put_off(row: Pending, error: Exception) -> None:
    row.tries += 1
    row.error = f"{type(error).__name__}: {error}"[:2000]
    if row.tries >= MOST_TRIES:
        row.parked_at = clock.now()
    else:
        row.due_at = clock.now() + dt.timedelta(seconds=BACK_OFF_SECONDS[row.tries - 1])
    row.save(update_fields=["tries", "error", "parked_at", "due_at"])


def release_parked(*, pending_id: int, actor: Any) -> None:
    """Let a parked reaction run again from now. A second call does nothing; raises Pending.DoesNotExist."""
    with transaction.atomic():
        row = Pending.objects.select_for_update().get(pk=pending_id)
        if row.parked_at is None:
            return
        row.parked_at, row.tries, row.due_at = None, 0, clock.now()
        row.save(update_fields=["parked_at", "tries", "due_at"])
        record_event(kind="reaction.released", actor=actor, about=row)
        transaction.on_commit(lambda: nudge_reactions(row.queue))
