"""Whom a reminder is for, who was reminded, and who has seen it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from enterprises.models import User
from review.models import Filing, RemindedUnit, ReminderRun
from review.queries.completion import STAGES
from riskreport.ground import clock
from riskreport.ground.models import Notice


def to_remind(filings: QuerySet[Filing]) -> QuerySet[Filing]:
    """Return the reports among ``filings`` that are expected today and not filed, in campaigns that run, by unit."""
    today = clock.today()
    return filings.filter(STAGES["open"](today), campaign__state="open").order_by("enterprise_id", "due_on", "id")


def not_reminded_today(filings: QuerySet[Filing]) -> QuerySet[Filing]:
    """Leave out the units that were reminded today already, whoever asked."""
    done = RemindedUnit.objects.filter(enterprise=OuterRef("enterprise_id"), on=clock.today())
    return filings.filter(~Exists(done))


def runs_for_user(user: User) -> QuerySet[ReminderRun]:
    """Return the reminders that the person's department has sent."""
    if user.department_id is None:
        return ReminderRun.objects.none()
    rows = ReminderRun.objects.filter(department=user.department_id)
    return rows.select_related("campaign", "started_by", "job", "department").order_by("-id")


@dataclass(frozen=True)
class Delivery:
    """How many units a run reminded, how many of them have somebody whose inbox holds it, and how many have seen it."""

    units: int
    reached: int
    seen: int


def deliveries_of(runs: Sequence[ReminderRun]) -> dict[int, Delivery]:
    """Return the delivery of each run by its key. Two queries, however many runs."""
    units = RemindedUnit.objects.filter(run__in=runs).order_by().values_list("run").annotate(n=Count("*"))
    counts = {
        "reached": Count("user__enterprise", distinct=True),
        "seen": Count("user__enterprise", distinct=True, filter=Q(read_at__isnull=False)),
    }
    notices = Notice.objects.filter(event__in=[run.event_id for run in runs]).order_by()
    told = {event: (reached, seen) for event, reached, seen in notices.values_list("event").annotate(**counts)}
    reminded = dict(units)
    return {run.pk: Delivery(reminded.get(run.pk, 0), *told.get(run.event_id, (0, 0))) for run in runs}
