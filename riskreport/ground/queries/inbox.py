"""A person's own notices and jobs: nobody else's are ever read here."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from riskreport.ground.models import Delivery, Job, Notice, Pending, ReminderDays
from riskreport.ground.models.job import JobState
from riskreport.ground.models.reminder import Channel, DeliveryOutcome


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


def last_deliveries(user: Any) -> list[Delivery]:
    """Return how the last digest reached a person: by inbox, by mail, or both; nothing when there was none."""
    newest = list(Delivery.objects.filter(user=user).order_by("-day", "channel")[:2])
    return [row for row in newest if row.day == newest[0].day]


def version_of_days() -> int:
    """Return the version of the days of reminders that stands, 0 when nobody has set any."""
    return ReminderDays.objects.values_list("version", flat=True).first() or 0


def parked_mails() -> QuerySet[Delivery]:
    """Return the mails that were given up, newest first. For the operator: without whose they are."""
    parked = Delivery.objects.filter(channel=Channel.MAIL, outcome=DeliveryOutcome.PARKED)
    return parked.order_by("-ended_at", "-pk")


def deliveries_by_day(days: int) -> list[dict[str, Any]]:
    """Return the last days on which something was delivered: day, channel, and how many of each outcome."""
    named = {f"n_{value}": Count("pk", filter=Q(outcome=value)) for value in DeliveryOutcome.values}
    rows = Delivery.objects.order_by().values("day", "channel").annotate(**named, people=Count("pk"))
    return list(rows.order_by("-day", "channel")[: 2 * days])
