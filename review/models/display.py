"""Displays on a wall (大屏): who may show aggregates of which area without signing in."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from review.models.campaign import Campaign


class DisplayToken(models.Model):
    """The right of one screen to show the figures of a region, and of one sector where it names one.

    The address holds a secret of which only the digest is kept; it was shown once. ``campaign`` empty shows the newest
    open reporting task. It never expires unless ``expires_on`` says so: the first day on which it is no longer shown.
    """

    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    region = models.ForeignKey("enterprises.Region", on_delete=models.PROTECT, related_name="+")
    sector = models.ForeignKey("enterprises.Sector", null=True, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.PROTECT, related_name="+")
    expires_on = models.DateField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["revoked_at", "-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=False) | Q(revoked_by__isnull=True), name="display_revoked_at_a_moment"
            )
        ]

    def __str__(self) -> str:
        return self.name
