"""Around a reporting task: its draft while the wizard runs, phases, checklists, extensions, the figures of closing."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from review.enums import ChecklistKey, ExtensionState
from review.models.campaign import Campaign
from review.models.filing import Filing


class CampaignDraft(models.Model):
    """A reporting task being thought out in the wizard: what was typed, step by step, as it was typed.

    ``answers`` holds step → field → list of texts. It becomes a campaign once: ``campaign`` says which.
    """

    answers = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    earlier = models.ForeignKey(Campaign, null=True, on_delete=models.PROTECT, related_name="+")
    campaign = models.OneToOneField(Campaign, null=True, on_delete=models.PROTECT, related_name="draft")

    class Meta:
        ordering = ["-changed_at"]

    def __str__(self) -> str:
        return self.name or str(self.pk)

    @property
    def name(self) -> str:
        """The name typed so far."""
        return (self.answers.get("what", {}).get("name") or [""])[0]


class Phase(models.Model):
    """A part of a campaign that begins on a day of its own (先行先试): units of these categories and departments.

    ``categories`` are codes and ``departments`` keys of those that decide; an empty list means all. A unit belongs to
    the first phase, in their order, that takes it.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="phases")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    categories = models.JSONField(default=list)
    departments = models.JSONField(default=list)
    opens_on = models.DateField()
    due_on = models.DateField()
    begun_at = models.DateTimeField(null=True)
    launched_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["campaign", "order"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "order"], name="phase_order_once"),
            models.CheckConstraint(condition=Q(opens_on__lte=F("due_on")), name="phase_opens_before_due"),
        ]

    def __str__(self) -> str:
        return self.name

    def takes(self, category: str, department_id: int) -> bool:
        """Whether a unit of this category, decided by this department, may belong to it."""
        return (not self.categories or category in self.categories) and (
            not self.departments or department_id in self.departments
        )


class ChecklistStep(models.Model):
    """A step of a sector's checklist in a phase, with its day and who answers for it; ticked by a person or not yet.

    ``days_before`` are the working days its day was counted back from the phase's last day, None once set by hand.
    """

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="steps")
    sector = models.ForeignKey("enterprises.Sector", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=10, choices=ChecklistKey.choices)
    due_on = models.DateField()
    days_before = models.PositiveSmallIntegerField(null=True)
    responsible = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["phase", "sector", "due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["phase", "sector", "key"], name="checklist_step_once"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, done_by__isnull=True)
                | Q(done_on__isnull=False, done_by__isnull=False),
                name="checklist_step_done_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.get_key_display()


class Extension(models.Model):
    """More time for a report that is not filed: asked for by its unit or granted directly by who decides it."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="extensions")
    old_due_on = models.DateField()
    new_due_on = models.DateField()
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=ExtensionState.choices)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["filing"], condition=Q(state=ExtensionState.ASKED), name="extension_asked_once"
            ),
            models.CheckConstraint(condition=Q(new_due_on__gt=F("old_due_on")), name="extension_gives_time"),
            models.CheckConstraint(
                condition=Q(state=ExtensionState.ASKED, decided_at__isnull=True)
                | (~Q(state=ExtensionState.ASKED) & Q(decided_at__isnull=False)),
                name="extension_decided_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filing_id}: {self.old_due_on} → {self.new_due_on}"


class CampaignClosing(models.Model):
    """What a campaign's figures were on the day it was closed: canonical JSON with its SHA-256, never changed."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="closings")
    closed_on = models.DateField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reopen_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.closed_on}"
