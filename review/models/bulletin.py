"""Bulletins on progress (通报材料): their templates in versions, and those that were made."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from review.enums import BulletinKind, BulletinState
from review.models.campaign import Campaign


class BulletinTemplate(models.Model):
    """A version of the text around the figures, as one committee office writes it; the highest number is in force.

    ``title`` and ``text`` hold placeholders in braces. ``nightly`` says whether the night prepares the draft.
    """

    department = models.ForeignKey("enterprises.Department", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=BulletinKind.choices)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    nightly = models.BooleanField(default=False)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["department", "kind", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["department", "kind", "number"], name="bulletin_template_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.department_id} {self.kind} {self.number}"


class Bulletin(models.Model):
    """A bulletin of one committee office on one campaign, as of the end of a day.

    ``figures`` is canonical JSON, frozen when the bulletin was made, with its SHA-256. Title and text are a person's to
    edit while it is a draft. Once issued nothing of it changes (a trigger holds that); a correction is the next
    ``edition`` of the same day.
    """

    department = models.ForeignKey("enterprises.Department", on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="bulletins")
    kind = models.CharField(max_length=10, choices=BulletinKind.choices)
    as_of = models.DateField()
    edition = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=BulletinState.choices, default=BulletinState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=160)
    text = models.TextField()
    figures = models.TextField()
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-as_of", "-id"]
        indexes = [models.Index(fields=["department", "-as_of", "-id"], name="bulletin_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "campaign", "kind", "as_of", "edition"], name="bulletin_edition_once"
            ),
            models.UniqueConstraint(
                fields=["department", "campaign", "kind", "as_of"],
                condition=Q(state=BulletinState.DRAFT),
                name="bulletin_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(state=BulletinState.ISSUED, issued_by__isnull=False, issued_at__isnull=False)
                | (~Q(state=BulletinState.ISSUED) & Q(issued_by__isnull=True, issued_at__isnull=True)),
                name="bulletin_issued_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.title
