"""One unit's report in one campaign, from not started to filed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from enterprises.enums import Scale
from review.enums import FilingKind, FilingState

COUNTED_BY = ("joined_on", "left_on", "away_from", "away_until", "due_on", "first_filed_on", "state")


class Filing(models.Model):
    """A report an enterprise owes or makes.

    An obligation is created when its campaign is launched or the unit joins, so the denominator is rows. The dates are
    what boards count by: expected from ``joined_on`` until ``left_on`` (exclusive), except from ``away_from`` until
    ``away_until`` (exclusive), when its unit was off the roster and came back; actual from ``first_filed_on``, never
    cleared; on time when that is on or before ``due_on``. ``version`` is the state version: every move checks
    and raises it. The state is written by review.domain.workflow alone. ``catalogue_versions`` (key → version) is what
    it answered when it was handed in; empty while it is written and so follows the versions in force.
    """

    campaign = models.ForeignKey("review.Campaign", on_delete=models.PROTECT, related_name="filings", db_index=False)
    enterprise = models.ForeignKey("enterprises.Enterprise", on_delete=models.PROTECT, related_name="filings")
    kind = models.CharField(max_length=12, choices=FilingKind.choices, default=FilingKind.OBLIGATION)
    department = models.ForeignKey(
        "enterprises.Department", on_delete=models.PROTECT, related_name="filings", db_index=False
    )
    town = models.ForeignKey("enterprises.Region", on_delete=models.PROTECT, related_name="+", db_index=False)
    category = models.ForeignKey("enterprises.Category", on_delete=models.PROTECT, related_name="+", db_index=False)
    scale = models.CharField(max_length=6, choices=Scale.choices)
    state = models.CharField(max_length=16, choices=FilingState.choices, default=FilingState.NOT_STARTED)
    version = models.PositiveIntegerField(default=1)
    risks_major = models.PositiveSmallIntegerField(default=0)
    risks_larger = models.PositiveSmallIntegerField(default=0)
    is_paper = models.BooleanField(default=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="filings_entered"
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="filings_claimed"
    )
    catalogue_versions = models.JSONField(default=dict, blank=True)
    joined_on = models.DateField()
    left_on = models.DateField(null=True)
    left_reason = models.CharField(max_length=500, blank=True)
    away_from = models.DateField(null=True)
    away_until = models.DateField(null=True)
    due_on = models.DateField()
    submitted_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    filed_at = models.DateTimeField(null=True)
    first_filed_at = models.DateTimeField(null=True)
    first_filed_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(
                # all that a board counts by: keys, because SQLite has no INCLUDE
                fields=["campaign", "town", "category", "scale", "kind", *COUNTED_BY, "enterprise", "id"],
                name="filing_board",
            ),
            models.Index(fields=["department", "state", "submitted_at"], name="filing_queue"),
            models.Index(fields=["town", "category", "id"], name="filing_scope"),
            models.Index(fields=["state", "id"], name="filing_state"),
            models.Index(fields=["first_filed_on", "id"], name="filing_filed"),
            models.Index(fields=["category", "id"], name="filing_category"),
            models.Index(fields=["due_on", "id"], name="filing_due"),
            models.Index(fields=["joined_on", "id"], name="filing_joined"),
            models.Index(fields=["risks_major", "id"], name="filing_major"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "enterprise"],
                condition=Q(kind=FilingKind.OBLIGATION) & ~Q(state=FilingState.VOID),
                name="filing_one_obligation",
            ),
            models.CheckConstraint(
                condition=Q(away_from__isnull=True, away_until__isnull=True)
                | Q(away_from__gte=F("joined_on"), away_until__gt=F("away_from")),
                name="filing_away_in_order",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")), name="filing_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(first_filed_at__isnull=True, first_filed_on__isnull=True)
                | Q(first_filed_at__isnull=False, first_filed_on__isnull=False),
                name="filing_first_filed_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[FilingState.FILED, FilingState.SUPPLEMENT_OPEN])
                | Q(first_filed_at__isnull=False, filed_at__isnull=False),
                name="filing_filed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[FilingState.EXEMPT, FilingState.VOID]) | Q(left_on__isnull=False),
                name="filing_not_expected_has_left",
            ),
            models.CheckConstraint(
                condition=~Q(state=FilingState.IN_REVIEW) | Q(claimed_by__isnull=False),
                name="filing_in_review_has_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(is_paper=False) | Q(entered_by__isnull=False), name="filing_paper_has_enterer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}/{self.enterprise_id} {self.state}"

    @property
    def zero_risk(self) -> bool:
        """Whether it reports no larger-and-above risk."""
        return not (self.risks_major or self.risks_larger)
