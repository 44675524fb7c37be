"""Checks on the spot (现场核查) of reports that were filed."""

from django.db import models
from django.db.models import F, Q

from enterprises.enums import RegionLevel
from review.enums import VisitOutcome
from review.models.filing import Filing


class Visit(models.Model):
    """One check of a filed report on the spot: at which of the three levels, on which day, with what outcome.

    ``zero_risk`` says that the report named no larger-and-above risk when it was checked; one that then had to be
    supplemented has ``outcome`` supplement. ``rectify_by`` is the day found faults are mended by.
    """

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="visits", db_index=False)
    level = models.CharField(max_length=10, choices=RegionLevel.choices)
    department = models.ForeignKey("enterprises.Department", on_delete=models.PROTECT, related_name="+")
    visited_on = models.DateField()
    outcome = models.CharField(max_length=12, choices=VisitOutcome.choices)
    zero_risk = models.BooleanField(default=False)
    rectify_by = models.DateField(null=True)

    class Meta:
        ordering = ["-visited_on", "-id"]
        indexes = [models.Index(fields=["-visited_on", "-id"], name="visit_latest")]
        constraints = [
            models.UniqueConstraint(fields=["filing", "level", "visited_on"], name="visit_once_a_day"),
            models.CheckConstraint(
                condition=Q(outcome=VisitOutcome.RECTIFY, rectify_by__isnull=False, rectify_by__gte=F("visited_on"))
                | (~Q(outcome=VisitOutcome.RECTIFY) & Q(rectify_by__isnull=True)),
                name="visit_rectify_has_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filing_id} {self.level} {self.visited_on}"
