"""Reminders to all who are behind in a scope (催报): each run, and whom it reminded."""

from django.conf import settings
from django.db import models

from review.models.campaign import Campaign
from riskreport.ground.models import Event, Job


class ReminderRun(models.Model):
    """One click: which reports it was for, as the filters of the address, and what was written."""

    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.PROTECT, related_name="+")
    query = models.CharField(max_length=500)
    message = models.CharField(max_length=300, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("enterprises.Department", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey(Job, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["department", "-id"], name="reminder_of_department")]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d} {self.query}"


class RemindedUnit(models.Model):
    """A unit that a run reminded: at most once a day, whoever asks."""

    run = models.ForeignKey(ReminderRun, on_delete=models.PROTECT, related_name="units")
    enterprise = models.ForeignKey("enterprises.Enterprise", on_delete=models.PROTECT, related_name="+")
    filing = models.ForeignKey("review.Filing", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "on"], name="reminded_once_a_day")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.on}"
