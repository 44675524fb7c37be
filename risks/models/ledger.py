"""The risk ledger: what is true now, as the last final report said."""

import uuid

from django.db import models
from django.db.models import F, Q

from risks.enums import LARGER_AND_ABOVE, RANKS_FOR, Level, Method, Rank, RiskState

ASSESSED_FIELDS = (
    "name",
    "point",
    "place",
    "consequence",
    "level",
    "method",
    "assessment",
    "lower_reason",
    "measures",
    "responsible_department",
    "responsible_name",
    "responsible_post",
    "responsible_phone",
    "rank",
)


class AssessedRisk(models.Model):
    """What a risk says of itself, shared by the form (review.DeclaredRisk) and the ledger.

    ``measures`` maps the five classes to lists of texts; ``assessment`` keeps method inputs, score, preset key and
    version, so that a level can be explained years later.
    """

    lineage = models.UUIDField(default=uuid.uuid4)
    item = models.ForeignKey("risks.CatalogueItem", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    point = models.CharField(max_length=120, blank=True)
    place = models.CharField(max_length=120)
    accident_type = models.ForeignKey(
        "risks.AccidentType", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    consequence = models.TextField(blank=True)
    level = models.CharField(max_length=10, choices=Level.choices)
    method = models.CharField(max_length=10, choices=Method.choices, default=Method.CATALOGUE)
    assessment = models.JSONField(default=dict)
    lower_reason = models.CharField(max_length=500, blank=True)
    measures = models.JSONField(default=dict)
    responsible_department = models.CharField(max_length=60, blank=True)
    responsible_name = models.CharField(max_length=40, blank=True)
    responsible_post = models.CharField(max_length=40, blank=True)
    responsible_phone = models.CharField(max_length=20, blank=True)
    rank = models.CharField(max_length=10, choices=Rank.choices, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Risk(AssessedRisk):
    """A larger-and-above risk of an enterprise. Rank against level is a constraint here (bulletin no. 24, 三(一))."""

    enterprise = models.ForeignKey(
        "enterprises.Enterprise", on_delete=models.PROTECT, related_name="risks", db_index=False
    )
    town = models.ForeignKey("enterprises.Region", on_delete=models.PROTECT, related_name="+", db_index=False)
    category = models.ForeignKey("enterprises.Category", on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=RiskState.choices, default=RiskState.ACTIVE)
    filing_id = models.BigIntegerField()
    snapshot_id = models.BigIntegerField()
    recorded_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["town", "category", "state", "level", "id"], name="risk_scope"),
            models.Index(fields=["state", "level", "id"], name="risk_level"),
            models.Index(fields=["enterprise", "state"], name="risk_enterprise"),
            models.Index(fields=["category", "state", "level", "id"], name="risk_category"),
            models.Index(fields=["accident_type", "id"], name="risk_accident"),
            models.Index(fields=["name", "id"], name="risk_name"),
            models.Index(fields=["recorded_on", "id"], name="risk_recorded"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "lineage"], name="risk_lineage_once"),
            models.CheckConstraint(condition=Q(level__in=sorted(LARGER_AND_ABOVE)), name="risk_larger_or_major"),
            models.CheckConstraint(
                condition=Q(level=Level.MAJOR, rank__in=sorted(RANKS_FOR[Level.MAJOR]))
                | Q(level=Level.LARGER, rank__in=sorted(RANKS_FOR[Level.LARGER])),
                name="risk_rank_fits_level",
            ),
            models.CheckConstraint(
                condition=Q(state=RiskState.ACTIVE, closed_on__isnull=True)
                | Q(state=RiskState.CLOSED, closed_on__gte=F("recorded_on")),
                name="risk_closed_has_date",
            ),
            models.CheckConstraint(condition=~Q(responsible_name=""), name="risk_has_responsible_person"),
        ]
