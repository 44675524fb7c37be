"""What people are reminded of, by which days, and how it reached them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    INBOX = "inbox", _("Inbox")
    MAIL = "mail", pgettext_lazy("channel", "Mail")


class DeliveryOutcome(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("delivery", "Waiting")
    SENT = "sent", pgettext_lazy("delivery", "Delivered")
    NOTHING_LEFT = "nothing_left", _("Nothing was left to tell")
    PARKED = "parked", _("Given up after five tries")


class Reminder(models.Model):
    """That a person is told of an object of a source at a step, once ever. Owed until ``told_on``.

    Its words are not kept: the source is asked again when it is told.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    step = models.CharField(max_length=20)
    told_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "object_id", "step", "user"], name="reminder_once_ever")
        ]
        indexes = [
            models.Index(fields=["user"], name="reminder_owed", condition=Q(told_on=None)),
            models.Index(fields=["user", "told_on"], name="reminder_told"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.object_id} {self.step}"


class ReminderDays(models.Model):
    """The days the office has set for each source of reminders: {source: [days]}. One row."""

    days = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="reminder_days_one_row")]

    def __str__(self) -> str:
        return f"days of reminders {self.version}"


class Delivery(models.Model):
    """A digest to a person on a day, by inbox or by mail: how it went. At most one a person, day and channel.

    A mail may be sent twice, when a worker is killed between sending and noting it; both carry the same Message-ID. The
    address is the person's when it is sent. ``lines`` counts the reminders it was written for, ``error`` is the kind
    of the last failure.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deliveries")
    day = models.DateField()
    channel = models.CharField(max_length=5, choices=Channel.choices)
    outcome = models.CharField(max_length=12, choices=DeliveryOutcome.choices, default=DeliveryOutcome.WAITING)
    lines = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "day", "channel"], name="delivery_once_a_day"),
            models.CheckConstraint(
                condition=Q(outcome=DeliveryOutcome.WAITING, due_at__isnull=False, ended_at__isnull=True)
                | (~Q(outcome=DeliveryOutcome.WAITING) & Q(due_at__isnull=True, ended_at__isnull=False)),
                name="delivery_ended_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="delivery_waiting", condition=Q(outcome=DeliveryOutcome.WAITING)),
            models.Index(fields=["day", "channel", "outcome"], name="delivery_day"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.user_id} {self.day}"

    @property
    def message_id(self) -> str:
        """The same at every try, so that a mail server can drop the second of two."""
        return f"<digest.{self.user_id}.{self.day}@{settings.OFFICE_DOMAIN}>"
