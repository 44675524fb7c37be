"""A person's own notices and jobs: nobody else's are ever read here."""

from typing import Any

from django.db.models import QuerySet

from riskreport.ground.models import Job, Notice, Pending
from riskreport.ground.models.job import JobState


def notices_for_user(user: Any) -> QuerySet[Notice]:
    """Return a person's notices, newest first, without those that were folded into a newer one."""
    return Notice.objects.filter(user=user, times__gt=0).order_by("-id")


def unread_count(user: Any) -> int:
    """Count a person's unread notices, at most 100 (the bell says 99+)."""
    return len(Notice.objects.filter(user=user, read_at=None).values_list("pk")[:100])


def jobs_for_user(user: Any) -> QuerySet[Job]:
    """Return the jobs a person started, newest first."""
    return Job.objects.filter(owner=user).order_by("-id")


def parked_reactions() -> QuerySet[Pending]:
    """Return the reactions that failed too often and wait for the operator."""
    return Pending.objects.filter(parked_at__isnull=False).select_related("event").order_by("-parked_at", "-id")


def failed_jobs() -> QuerySet[Job]:
    """Return the jobs that failed, newest first. For the operator: without owner and title."""
    return Job.objects.filter(state=JobState.FAILED).defer("params", "title", "file_name").order_by("-id")
