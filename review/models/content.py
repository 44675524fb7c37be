"""What a filing says while it is being written: sections, declared risks, attachments."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from review.enums import AttachmentKind
from review.models.filing import Filing
from risks.models.ledger import AssessedRisk


class FilingSection(models.Model):
    """One section as JSON, with a version of its own, so that two colleagues do not collide.

    Keys: ``basic``, ``undertaking``, and ``check-<catalogue key>-<group>`` for each page of the self-check, whose data
    is ``{"answers": {item code: {"answer": present|absent, "note": text}}}``.
    """

    filing = models.ForeignKey(Filing, on_delete=models.CASCADE, related_name="sections", db_index=False)
    key = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filing", "key"], name="section_once")]

    def __str__(self) -> str:
        return f"{self.filing_id} {self.key}"


class DeclaredRisk(AssessedRisk):
    """A risk as the form declares it. ``is_withdrawn`` keeps the text of one answered away, so nothing is lost."""

    filing = models.ForeignKey(Filing, on_delete=models.CASCADE, related_name="declared_risks", db_index=False)
    order = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    is_withdrawn = models.BooleanField(default=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["filing", "lineage"], name="declared_lineage_once"),
            models.UniqueConstraint(
                fields=["filing", "item"], condition=Q(item__isnull=False), name="declared_item_once"
            ),
        ]


class Attachment(models.Model):
    """A file attached to a filing. The name on disk is ours; the person's own is kept as text.

    ``check_code`` is, for a stamped scan, the check code of what the report said when the scan was attached.
    """

    filing = models.ForeignKey(Filing, on_delete=models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=10, choices=AttachmentKind.choices, default=AttachmentKind.OTHER)
    name = models.CharField(max_length=150)
    path = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    check_code = models.CharField(max_length=19, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
