"""Imports of a sheet: the batch with its file, the rows staged from it, and how a department's headings are read."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from riskreport.ground.models.event import Event
from riskreport.ground.models.job import Job


class ImportState(models.TextChoices):
    READING = "reading", _("Being read")
    MAPPING = "mapping", _("Columns to be assigned")
    CHECKING = "checking", _("Being checked")
    PREVIEW = "preview", _("Waiting for your decision")
    APPLYING = "applying", _("Being taken in")
    APPLIED = "applied", _("Taken in")
    REFUSED = "refused", pgettext_lazy("import", "Refused")
    FAILED = "failed", _("Could not be read")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


IMPORT_WORKS = {ImportState.READING, ImportState.CHECKING, ImportState.APPLYING, ImportState.UNDOING}
IMPORT_WAITS = {ImportState.MAPPING, ImportState.PREVIEW}


class ImportBatch(models.Model):
    """One file that somebody sent in for a sheet, from upload to undo.

    ``home`` is the department it belongs to, as a plain number, because the ground knows no app. ``reading`` is what
    the reader answered, ``mapping`` a column's key (or nothing) per heading, ``complete`` the scope the file is the
    whole list of. The file stays; ``rows_file`` goes when the batch is decided.
    """

    sheet = models.CharField(max_length=60)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    home = models.BigIntegerField(null=True)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.READING)
    file = models.CharField(max_length=200)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    reading = models.JSONField(default=dict)
    rows_file = models.CharField(max_length=200, blank=True)
    mapping = models.JSONField(default=list)
    complete = models.CharField(max_length=60, blank=True)
    counts = models.JSONField(default=dict)
    problem = models.TextField(blank=True)
    errors_file = models.CharField(max_length=200, blank=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="+")
    undo_event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["sheet", "home", "-id"], name="import_batch_home")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ImportState.APPLIED) | Q(event__isnull=False), name="import_applied_has_event"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.pk}"


class RowState(models.TextChoices):
    NEW = "new", pgettext_lazy("import", "New")
    CHANGED = "changed", pgettext_lazy("import", "Changed")
    SAME = "same", pgettext_lazy("import", "The same")
    WRONG = "wrong", pgettext_lazy("import", "Wrong")
    LEAVES = "leaves", pgettext_lazy("import", "Would leave the roster")
    STALE = "stale", pgettext_lazy("import", "Changed meanwhile")


ROWS_WRITTEN = {RowState.NEW, RowState.CHANGED, RowState.LEAVES}


class ImportRow(models.Model):
    """One row of a file as it is to be written: the staging table of every sheet.

    ``number`` is its row in the file (0 for a row that would leave). ``target`` is the standing row, or the id a new
    one gets. ``values`` are the columns to write, ``old`` what stands in them; ``problems`` lists [letter of the cell's
    column, heading, value found, value wanted, example]. The database does not check each row's batch: it is filled
    a hundred thousand rows at a time and deleted by batch.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows", db_constraint=False)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8)
    target = models.BigIntegerField(null=True)
    seen_version = models.IntegerField(null=True)
    label = models.CharField(max_length=200, blank=True)
    values = models.JSONField(default=dict)
    old = models.JSONField(default=dict)
    problems = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["batch", "state", "number"], name="import_row_batch")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.number}"


class HeadingMemory(models.Model):
    """How one department's own heading is read in one sheet: a column's key, or nothing for a column left out."""

    sheet = models.CharField(max_length=60)
    home = models.BigIntegerField()
    heading = models.CharField(max_length=200)
    column = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "home", "heading"], name="heading_once_per_home")]

    def __str__(self) -> str:
        return f"{self.heading}: {self.column}"
