"""What was submitted, what was decided on it, and what was remarked."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from review.enums import Outcome, Stage
from review.models.filing import Filing


class Snapshot(models.Model):
    """What was submitted, each time: canonical JSON with its SHA-256. Nothing ever changes one."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="snapshots", db_index=False)
    number = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=6, choices=Stage.choices)
    schema = models.PositiveSmallIntegerField(default=1)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["filing", "number"]
        constraints = [models.UniqueConstraint(fields=["filing", "number"], name="snapshot_number_once")]

    def __str__(self) -> str:
        return f"{self.filing_id}-{self.number}"


class Decision(models.Model):
    """A department's decision on one snapshot."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="decisions")
    snapshot = models.OneToOneField(Snapshot, on_delete=models.PROTECT, related_name="decision")
    department = models.ForeignKey("enterprises.Department", on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    message = models.TextField(blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.RETURNED) | ~Q(message=""), name="decision_return_has_message"
            )
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.snapshot_id}"


class Remark(models.Model):
    """A remark pinned to a section or a risk of a snapshot.

    One of the deciding department becomes visible to the enterprise with its decision; one of another department is a
    comment, seen by departments only. The enterprise ticks it off when it has mended what was meant.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="remarks")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="remarks")
    department = models.ForeignKey("enterprises.Department", on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    section = models.CharField(max_length=60)
    lineage = models.UUIDField(null=True)
    text = models.TextField()
    created_at = models.DateTimeField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="remark_settled_whole",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="remark_has_text"),
        ]

    def __str__(self) -> str:
        return self.text[:40]
