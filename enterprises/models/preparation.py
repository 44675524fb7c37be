"""What a department prepares its line with: its implementation plan and its own checklist of steps."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from enterprises.models.people import Department


class DepartmentPlan(models.Model):
    """A version of a department's implementation plan (实施方案). Versions are kept; the highest number is in force."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=150)
    note = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["department", "-number"]
        constraints = [models.UniqueConstraint(fields=["department", "number"], name="plan_number_once")]

    def __str__(self) -> str:
        return self.name


class DepartmentStep(models.Model):
    """One step of a department's own method, in its own order; done on a day by a person."""

    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    due_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["department", "order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, done_by__isnull=True)
                | Q(done_on__isnull=False, done_by__isnull=False),
                name="step_done_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.title
