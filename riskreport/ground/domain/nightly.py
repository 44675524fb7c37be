"""What is done every night: each kind once a night, as a job without an owner whose figures stay to be read.

Nights missed while the machine was off are not made up one by one: what is due is the last night, once.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise

from riskreport.ground import clock
from riskreport.ground.domain.jobs import Progress, job_handler, start_job
from riskreport.ground.models import Job
from riskreport.ground.models.job import JOB_ENDED

Words = Mapping[str, str | Promise]
Work = Callable[[Job, Progress], dict[str, Any]]


@dataclass(frozen=True)
class Nightly:
    """A kind of nightly work: what it is called and what its figures mean, in the order in which they are read."""

    title: str | Promise
    figures: Words


_kinds: dict[str, Nightly] = {}


def nightly(kind: str, title: str | Promise, figures: Words) -> Callable[[Work], Work]:
    """Register a job handler to be run once every night. It must be safe to run twice and to start again when killed.

    Its answer holds a number for each of ``figures``.
    """

    def register(work: Work) -> Work:
        _kinds[kind] = Nightly(title, figures)
        job_handler(kind)(work)
        return work

    return register


def nightly_kinds() -> dict[str, Nightly]:
    """Return the kinds of nightly work by name."""
    return dict(_kinds)


def last_nightly_jobs() -> list[Job]:
    """Return the newest job of each kind, in the order of their registration."""
    found: dict[str, Job] = {}
    for job in Job.objects.filter(owner=None, kind__in=_kinds).order_by("-id")[: 3 * len(_kinds)]:
        found.setdefault(job.kind, job)
    return [found[kind] for kind in _kinds if kind in found]


def last_night() -> dt.date:
    """Return the day whose night is due: today once NIGHTLY_AT has struck, before that yesterday."""
    local = timezone.localtime(clock.now())
    struck = local.time() >= dt.time.fromisoformat(settings.NIGHTLY_AT)
    return local.date() if struck else local.date() - dt.timedelta(days=1)


def start_due() -> int:
    """Start what the last night owes and did not get yet; return how many jobs were started.

    Side effects: one job for each kind, with a key of kind and night, so that a second call, or a second clock, starts
    none. A kind whose earlier job has not ended is left to it.
    """
    night = last_night()
    keys = {kind: f"{kind} {night}" for kind in _kinds}
    known = set(Job.objects.filter(key__in=keys.values()).values_list("kind", flat=True))
    known |= set(Job.objects.filter(kind__in=keys).exclude(state__in=JOB_ENDED).values_list("kind", flat=True))
    due = [kind for kind in keys if kind not in known]
    for kind in due:
        start_job(kind=kind, owner=None, params={"night": night.isoformat()}, key=keys[kind])
    return len(due)
