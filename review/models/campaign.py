"""Reporting tasks and their dated targets."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from enterprises.enums import RegionLevel, Scale
from review.enums import CampaignKind, CampaignState


class Campaign(models.Model):
    """A reporting task: which categories and scales, in one stage or two, decided at which level, by when.

    ``earlier`` is the one it was proposed from: a periodic campaign asks again what that one asked.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    message = models.TextField(blank=True)
    kind = models.CharField(max_length=10, choices=CampaignKind.choices, default=CampaignKind.FIRST)
    earlier = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="later")
    stages = models.PositiveSmallIntegerField(default=2)
    deciding_level = models.CharField(max_length=10, choices=RegionLevel.choices, default=RegionLevel.COUNTY)
    categories = models.ManyToManyField("enterprises.Category", related_name="campaigns")
    scales = models.JSONField(default=list)
    opens_on = models.DateField()
    due_on = models.DateField()
    locks_on = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=CampaignState.choices, default=CampaignState.DRAFT)
    launched_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opens_on", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(stages__in=[1, 2]), name="campaign_one_or_two_stages"),
            models.CheckConstraint(condition=Q(opens_on__lte=F("due_on")), name="campaign_opens_before_due"),
            models.CheckConstraint(
                condition=Q(locks_on__isnull=True) | Q(locks_on__gte=F("due_on")), name="campaign_locks_after_due"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the active language."""
        return self.name_en if get_language() == "en" and self.name_en else self.name


class Milestone(models.Model):
    """A dated target of a campaign: this share of these units by that day."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="milestones")
    name = models.CharField(max_length=80)
    scale = models.CharField(max_length=6, choices=Scale.choices, blank=True)
    due_on = models.DateField()
    percent = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["due_on"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__range=(1, 100)), name="milestone_percent"),
            models.UniqueConstraint(fields=["campaign", "name"], name="milestone_once"),
        ]

    def __str__(self) -> str:
        return self.name
