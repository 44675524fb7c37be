"""What a new version of a catalogue asks of a unit: to look at what changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from review.enums import TodoEnd


class CatalogueTodo(models.Model):
    """A unit that a new version of a catalogue concerns: open until it has looked, or reported by the new version.

    ``summary`` counts what the version changes in all: {"added", "removed", "raised"}. ``reminder`` is the last act by
    which the unit was reminded of it.
    """

    enterprise = models.ForeignKey(
        "enterprises.Enterprise", on_delete=models.CASCADE, related_name="catalogue_todos"
    )  # fmt: skip
    catalogue = models.ForeignKey("risks.Catalogue", on_delete=models.PROTECT, related_name="todos")
    former = models.ForeignKey("risks.Catalogue", null=True, on_delete=models.PROTECT, related_name="+")
    summary = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    end = models.CharField(max_length=10, choices=TodoEnd.choices, blank=True)
    reminder = models.ForeignKey("ground.Event", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "catalogue"], name="catalogue_todo_once"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, end="") | (Q(done_at__isnull=False) & ~Q(end="")),
                name="catalogue_todo_end_has_time",
            ),
        ]
        indexes = [models.Index(fields=["enterprise"], name="catalogue_todo_open", condition=Q(done_at=None))]

    def __str__(self) -> str:
        return f"{self.catalogue_id} for {self.enterprise_id}"
