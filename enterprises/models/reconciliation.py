"""Two lists side by side (对账): the roster, or a list of a department's own, against a list from elsewhere."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReconciliationState(models.TextChoices):
    COMPARING = "comparing", _("Being compared")
    MAPPING = "mapping", _("Headings to be assigned")
    READY = "ready", _("Compared")
    FAILED = "failed", _("Could not be compared")


class Bucket(models.TextChoices):
    ONLY_A = "only_a", _("In A and not in B")
    ONLY_B = "only_b", _("In B and not in A")
    DIFFERS = "differs", _("Alike but different")


class Outcome(models.TextChoices):
    """What was done about a difference."""

    TAKEN_OVER = "taken_over", _("Taken over from B")
    ADDED = "added", _("Added to the roster")
    LEFT = "left", _("Has left the roster")
    KEPT = "kept", _("Ours was kept")
    EXPLAINED = "explained", _("Settled with a reason")
    PAIRED = "paired", _("Found to be the same unit")


class Reconciliation(models.Model):
    """One comparison of a department's.

    List A is the roster (``a_file`` empty), narrowed by ``category`` and ``area``, or an uploaded file; list B always
    is a file. ``lists`` says by list ("a", "b") how a file's headings are read: ``headings``, the column of each in
    ``columns`` once a person said so, and until then what was ``found``, which places are ``asked`` about, and three
    ``samples``. ``fields`` are the columns both lists speak of; ``remarks`` lists [list, row, sentence] of rows that
    could not be read whole or stand twice.
    """

    department = models.ForeignKey("enterprises.Department", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    category = models.ForeignKey("enterprises.Category", null=True, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("enterprises.Region", null=True, on_delete=models.PROTECT, related_name="+")
    a_file = models.CharField(max_length=200, blank=True)
    a_name = models.CharField(max_length=160, blank=True)
    a_sha256 = models.CharField(max_length=64, blank=True)
    b_file = models.CharField(max_length=200)
    b_name = models.CharField(max_length=160)
    b_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=ReconciliationState.choices, default=ReconciliationState.COMPARING)
    problem = models.TextField(blank=True)
    lists = models.JSONField(default=dict)
    fields = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    remarks = models.JSONField(default=list)
    job = models.ForeignKey("ground.Job", null=True, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    compared_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["department", "-id"], name="reconciliation_home")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ReconciliationState.FAILED) | ~Q(problem=""), name="reconciliation_failed_says_why"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Difference(models.Model):
    """One thing to settle. ``a`` and ``b`` are the rows' values by column; ``fields`` those in which they differ.

    ``enterprise`` is the unit of the roster it is about, when there is one; ``near`` the row that stands in A alone and
    may be the same unit. ``version`` counts what was decided, so that two colleagues do not settle it twice.
    """

    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.CASCADE, related_name="differences")
    bucket = models.CharField(max_length=8, choices=Bucket.choices)
    name = models.CharField(max_length=120)
    town = models.ForeignKey("enterprises.Region", null=True, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey("enterprises.Enterprise", null=True, on_delete=models.PROTECT, related_name="+")
    near = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="proposed_to")
    a_row = models.PositiveIntegerField(default=0)
    b_row = models.PositiveIntegerField(default=0)
    a = models.JSONField(default=dict)
    b = models.JSONField(default=dict)
    fields = models.JSONField(default=list)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["reconciliation", "bucket", "id"], name="difference_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", settled_by__isnull=True, settled_at__isnull=True)
                | (~Q(outcome="") & Q(settled_by__isnull=False, settled_at__isnull=False)),
                name="difference_settled_whole",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=[Outcome.LEFT, Outcome.EXPLAINED]) | ~Q(reason=""),
                name="difference_settled_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name
