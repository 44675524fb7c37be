"""Dynamic reports (动态上报): temporary undertakings, what is dangerous about them, and what belongs to them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from risks.enums import GOING_ON, DynamicEnd, DynamicKind, DynamicState, Level

UNDER_WAY = Q(state__in=sorted(GOING_ON))


class DynamicReport(models.Model):
    """A temporary undertaking of an enterprise, with its time, place, people and measures (bulletin no. 24, 三(三)).

    ``level`` is the highest of its temporary risks. ``town`` is where it happens, which need not be where
    the enterprise stands; ``category`` is the enterprise's when it was reported and decides the line that is told.
    ``is_late`` says that it came later than its kind allows. ``version`` counts its changes.
    """

    enterprise = models.ForeignKey(
        "enterprises.Enterprise", on_delete=models.PROTECT, related_name="dynamic_reports", db_index=False
    )
    town = models.ForeignKey("enterprises.Region", on_delete=models.PROTECT, related_name="+", db_index=False)
    category = models.ForeignKey("enterprises.Category", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=DynamicKind.choices)
    title = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=6, null=True)
    people_at_once = models.PositiveIntegerField(null=True)
    contractor = models.CharField(max_length=120, blank=True)
    contractor_qualification = models.CharField(max_length=120, blank=True)
    measures = models.TextField(blank=True)
    emergency_plan = models.TextField(blank=True)
    person_name = models.CharField(max_length=40, blank=True)
    person_phone = models.CharField(max_length=20, blank=True)
    permit_number = models.CharField(max_length=60, blank=True)
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.GENERAL)
    state = models.CharField(max_length=12, choices=DynamicState.choices, default=DynamicState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    is_emergency = models.BooleanField(default=False)
    is_late = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=8, choices=DynamicEnd.choices, blank=True)
    close_out = models.TextField(blank=True)
    closed_out_at = models.DateTimeField(null=True)
    linked_risks = models.ManyToManyField("risks.Risk", related_name="dynamic_reports")

    class Meta:
        indexes = [
            models.Index(fields=["enterprise", "-id"], name="dynamic_of_unit"),
            models.Index(fields=["town", "category", "-id"], name="dynamic_scope"),
            models.Index(fields=["ends_at"], name="dynamic_to_end", condition=UNDER_WAY),
            models.Index(fields=["starts_at", "ends_at"], name="dynamic_when", condition=UNDER_WAY),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="dynamic_times_in_order"),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__isnull=False, latitude__isnull=False),
                name="dynamic_point_whole",
            ),
            models.CheckConstraint(
                condition=Q(state=DynamicState.DRAFT, reported_at__isnull=True)
                | (~Q(state=DynamicState.DRAFT) & Q(reported_at__isnull=False)),
                name="dynamic_reported_has_time",
            ),
            models.CheckConstraint(
                condition=(Q(state=DynamicState.ENDED, ended_at__isnull=False) & ~Q(end=""))
                | (~Q(state=DynamicState.ENDED) & Q(ended_at__isnull=True, end="")),
                name="dynamic_ended_has_time",
            ),
            models.UniqueConstraint(
                fields=["enterprise", "permit_number"],
                condition=~Q(permit_number="") & ~Q(state__in=[DynamicState.DRAFT, DynamicState.WITHDRAWN]),
                name="dynamic_permit_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class TemporaryRisk(models.Model):
    """A risk that a temporary undertaking brings along."""

    report = models.ForeignKey(DynamicReport, on_delete=models.CASCADE, related_name="temporary_risks")
    name = models.CharField(max_length=120)
    accident_type = models.ForeignKey(
        "risks.AccidentType", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    level = models.CharField(max_length=10, choices=Level.choices)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class DynamicFile(models.Model):
    """A file attached to a dynamic report. The name on disk is ours; the person's own is kept as text."""

    report = models.ForeignKey(DynamicReport, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=150)
    path = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class DynamicKindRule(models.Model):
    """What holds for a kind of undertaking, as data (示例口径).

    ``lead_days`` is how many days before its beginning a report is due, working days where ``in_workdays``;
    ``emergency_minutes`` how long after it began an emergency may still be reported in time. ``weather`` names the
    weather warnings that bear on it, ``measures`` the measures proposed.
    """

    kind = models.CharField(max_length=12, choices=DynamicKind.choices, primary_key=True)
    lead_days = models.PositiveSmallIntegerField(default=3)
    in_workdays = models.BooleanField(default=True)
    emergency_minutes = models.PositiveSmallIntegerField(default=120)
    weather = models.JSONField(default=list)
    measures = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.kind
