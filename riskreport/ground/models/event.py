"""Events, the outbox of every act, and the reactions they still owe."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Event(models.Model):
    """What happened: append-only, written in the transaction of the act itself.

    ``object_type`` is a model label such as ``review.filing``; ``enterprise_id`` says for whom it happened, as a plain
    number, because the ground knows no app.
    """

    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=60)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.BigIntegerField(null=True)
    enterprise_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    request_id = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="event_object"),
            models.Index(fields=["enterprise_id", "-id"], name="event_enterprise"),
            models.Index(fields=["kind", "at"], name="event_kind_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_type} {self.object_id}"


class EventLine(models.Model):
    """One object changed by a bulk act: its old and its new values."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="lines")
    object_type = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    old = models.JSONField(default=dict)
    new = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["object_type", "object_id"], name="event_line_object")]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id}"


class Pending(models.Model):
    """A reaction an event still owes. It runs once: its effect and ``done_at`` are one transaction.

    ``reached`` says how far one in steps has come; each step and its ``reached`` are one transaction.
    """

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="reactions")
    reaction = models.CharField(max_length=80)
    queue = models.CharField(max_length=10)
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    reached = models.BigIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "reaction"], name="reaction_once_per_event"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(parked_at__isnull=True), name="reaction_done_or_parked"
            ),
        ]
        indexes = [
            models.Index(fields=["queue", "due_at"], name="reaction_due", condition=Q(done_at=None) & Q(parked_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.reaction} of event {self.event_id}"
