"""What the tests let real workers do: a reaction and a job that write an event each time they take effect.

STUMBLE names a file; while it is there the next one to reach the point takes it away and is killed on the spot, as a
machine that loses its power is. GUARD_OFF takes one guard away, to show that the test sees what the guard prevents:
mark (effect and mark in two transactions), lease (a job can be taken while another worker still runs it), parking
(a poisoned reaction is tried for ever). FAST puts a failed reaction off by nothing.
"""

import os
import signal
import time
from pathlib import Path

from django.db import transaction

from riskreport.ground import clock, reactions
from riskreport.ground.domain import events, jobs
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.jobs import job_handler
from riskreport.ground.models import Pending
from riskreport.ground.reactions import reaction


def stumble() -> None:
    """Be killed, once, if the test has laid the stone."""
    stone = os.environ.get("STUMBLE", "")
    if stone and Path(stone).exists():
        Path(stone).unlink()
        os.kill(os.getpid(), signal.SIGKILL)


@reaction("test.process", queue="quick")
def take_effect(event) -> None:
    """Leave one event as the trace of the effect."""
    record_event(kind="test.effect", actor=None, data={"of": event.pk})


@reaction("test.poison", queue="quick")
def be_poisoned(event) -> None:
    """Fail whenever it is tried."""
    raise ValueError("poison")


@job_handler("test.kill")
def be_killed(job, progress) -> dict:
    """Tell of progress, then be killed once; done at the second try."""
    record_event_alone("test.try", {"job": job.pk, "try": job.tries})
    progress.at(1, total=2)
    stumble()
    return {"by_try": job.tries}


@job_handler("test.slow")
def be_slow(job, progress) -> dict:
    """Work for three seconds and tell of it all along, as a job does that holds its lease by its progress."""
    record_event_alone("test.try", {"job": job.pk, "try": job.tries})
    for step in range(30):
        time.sleep(0.1)
        progress.at(step, total=30)
    return {"by_try": job.tries}


def record_event_alone(kind: str, data: dict) -> None:
    """Record an event in a transaction of its own."""
    with transaction.atomic():
        record_event(kind=kind, actor=None, data=data)


def _mark_and_stumble(row: Pending, *args, **options) -> None:
    """Save a pending row; between the effect and its mark lies the stone."""
    if "done_at" in options.get("update_fields", ()):
        stumble()
    _save(row, *args, **options)


def _run_next_with_the_mark_apart(queue: str) -> bool:
    """The guard taken off: the effect is committed before its mark is written."""
    row = Pending.objects.filter(queue=queue, done_at=None, parked_at=None, due_at__lte=clock.now()).first()
    if row is None:
        return False
    with transaction.atomic():
        reactions.get_reaction(row.reaction).run(row.event)
    row.done_at = clock.now()
    row.save(update_fields=["done_at"])
    return True


def _run_next_with_the_mark_first(queue: str) -> bool:
    """The guard taken off the other way: the mark is committed before its effect."""
    row = Pending.objects.filter(queue=queue, done_at=None, parked_at=None, due_at__lte=clock.now()).first()
    if row is None:
        return False
    row.done_at = clock.now()
    _save(row, update_fields=["done_at"])
    stumble()
    with transaction.atomic():
        reactions.get_reaction(row.reaction).run(row.event)
    return True


_save = Pending.save


def take_place() -> None:
    """Change the running worker as its environment says."""
    Pending.save = _mark_and_stumble
    if os.environ.get("FAST"):
        events.BACK_OFF_SECONDS = (0,) * 10_000
    without = os.environ.get("GUARD_OFF", "")
    if without == "mark":
        events._run_next = _run_next_with_the_mark_apart
    elif without == "mark first":
        events._run_next = _run_next_with_the_mark_first
    elif without == "parking":
        events.MOST_TRIES = 10_000
    elif without == "lease":
        jobs._lease_end = clock.now
        jobs.Progress.at = lambda self, done, total=None: None
