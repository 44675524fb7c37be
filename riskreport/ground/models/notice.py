"""A line in a person's inbox."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from riskreport.ground.models.event import Event


class Notice(models.Model):
    """Kind and data, not text: the words are put together in the reader's language when it is read.

    ``times`` counts the earlier unread ones about the same thing that were folded into this one, and itself; 0 says
    that it was folded into a newer one.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    times = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "event", "kind"], name="notice_once_per_event")]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_user"),
            models.Index(fields=["user"], name="notice_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"
