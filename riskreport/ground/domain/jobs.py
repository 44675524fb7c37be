"""Background work with an owner: starting it, running it under a lease, taking over what was dropped."""

import datetime as dt
import logging
import os
import socket
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from riskreport.ground import clock
from riskreport.ground.domain.nudge import nudge_job
from riskreport.ground.models import Job
from riskreport.ground.models.job import JOB_ENDED, JobState

MOST_TRIES = 5
log = logging.getLogger(__name__)
_handlers: dict[str, Callable] = {}


class JobRefused(Exception):
    """A job that can't be done and should not be tried again; its text is a full sentence for the owner."""


class LeaseLost(Exception):
    """Another worker has taken the job over; this one must stop without touching it."""


def job_handler(kind: str) -> Callable[[Callable], Callable]:
    """Register the function that does jobs of ``kind``: takes the job and a Progress, returns the result as a dict."""

    def register(function: Callable) -> Callable:
        _handlers[kind] = function
        return function

    return register


def start_job(
    *,
    kind: str,
    owner: Any,
    params: dict,
    title: str = "",
    total: int = 0,
    queue: str = "bulk",
    key: str | None = None,
) -> Job:
    """Create a job and nudge a worker after commit; a second call with the same key returns the job that is there.

    Raises KeyError for a kind nobody handles.
    """
    if kind not in _handlers:
        raise KeyError(kind)
    fields = {"kind": kind, "owner": owner, "params": params, "title": title, "total": total, "queue": queue}
    with transaction.atomic():
        if key is None:
            job, created = Job.objects.create(**fields, created_at=clock.now()), True
        else:
            job, created = Job.objects.get_or_create(key=key, defaults=fields | {"created_at": clock.now()})
        if created:
            transaction.on_commit(lambda: nudge_job(job.pk, queue))
    return job


class Progress:
    """What a handler tells about its progress. Every call renews the lease."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def at(self, done: int, total: int | None = None) -> None:
        """Say that ``done`` of ``total`` parts are done. Raises LeaseLost when another worker has taken over."""
        changes = {"done": done, "lease_until": _lease_end()}
        if total is not None:
            changes["total"] = total
        if not _held(self.job).update(**changes):
            raise LeaseLost
        self.job.done = done

    def note(self, done: int, result: dict) -> None:
        """Say how far it is and what came of it so far: a later try finds both on its job. Raises LeaseLost."""
        if not _held(self.job).update(done=done, result=result, lease_until=_lease_end()):
            raise LeaseLost
        self.job.done, self.job.result = done, result

    def hold(self, seconds: int) -> None:
        """Keep the lease for ``seconds``: before one long transaction, from within which nothing can be told."""
        if not _held(self.job).update(lease_until=clock.now() + dt.timedelta(seconds=seconds)):
            raise LeaseLost


def run_job(*, job_id: int) -> bool:
    """Run a job that is waiting or whose lease has lapsed. Returns whether this call ran it.

    Side effects, in order: the lease is taken (tries + 1); the handler runs; result, file and end are written, only
    while the lease is still held. A second call while it runs, or after it ended, does nothing.
    """
    job = _take_lease(job_id)
    if job is None:
        return False
    try:
        result = _handlers[job.kind](job, Progress(job)) or {}
    except LeaseLost:
        log.warning("job %s was taken over", job.pk)
    except JobRefused as error:
        _end(job, JobState.FAILED, error=str(error))
    except Exception as error:  # any failure of any handler: the sweeper tries again, five times
        log.exception("job %s failed", job.pk)
        _fail_or_wait(job, error)
    else:
        _end(job, JobState.DONE, result=result, file=job.file, file_name=job.file_name)
    return True


def sweep_jobs() -> int:
    """Nudge every job that waits or whose worker has died; end those tried too often. Returns how many were nudged."""
    lapsed = Q(state=JobState.WAITING, created_at__lt=clock.now() - dt.timedelta(seconds=10)) | Q(
        state=JobState.RUNNING, lease_until__lt=clock.now()
    )
    nudged = 0
    for job in Job.objects.filter(lapsed).order_by("id")[:500]:
        if job.tries >= MOST_TRIES:
            _end(job, JobState.FAILED, error=job.error or "The work was interrupted too often.")
        else:
            nudge_job(job.pk, job.queue)
            nudged += 1
    return nudged


def _take_lease(job_id: int) -> Job | None:
    moment = clock.now()
    free = Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, lease_until__lt=moment)
    taken = Job.objects.filter(free, pk=job_id, tries__lt=MOST_TRIES).update(
        state=JobState.RUNNING,
        tries=F("tries") + 1,
        lease_until=_lease_end(),
        worker=f"{socket.gethostname()}:{os.getpid()}",
        started_at=moment,
    )
    return Job.objects.select_related("owner").get(pk=job_id) if taken else None


def _lease_end() -> dt.datetime:
    return clock.now() + dt.timedelta(seconds=settings.JOB_LEASE_SECONDS)


def _held(job: Job):
    """The job's row as long as this try holds it: each taking of the lease counts ``tries`` up."""
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, tries=job.tries)


def _fail_or_wait(job: Job, error: Exception) -> None:
    text = f"{type(error).__name__}: {error}"[:2000]
    if job.tries >= MOST_TRIES:
        _end(job, JobState.FAILED, error=text)
    else:
        _held(job).update(state=JobState.WAITING, lease_until=None, error=text)


def _end(job: Job, state: JobState, **fields: Any) -> None:
    rows = Job.objects.filter(pk=job.pk, tries=job.tries).exclude(state__in=JOB_ENDED)
    rows.update(state=state, ended_at=clock.now(), lease_until=None, **fields)
