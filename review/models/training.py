"""Training: sessions, who signed up and came, and what the short test said."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from enterprises.enums import RegionLevel
from review.enums import AttendanceWay, TrainingKind, TrainingState


class TrainingStandard(models.Model):
    """The one standard of the city's training (四统一): the names of its four respects, and the test's rule.

    One row. The names are data of the office; a session keeps the numbers (1 to 4) of those it met.
    """

    respects = models.JSONField(default=list)
    questions = models.PositiveSmallIntegerField(default=10)
    pass_mark = models.PositiveSmallIntegerField(default=80)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="training_standard_is_one"),
            models.CheckConstraint(condition=Q(pass_mark__range=(1, 100)), name="training_pass_mark_percent"),
        ]

    def __str__(self) -> str:
        return "、".join(self.respects)


class TrainingSession(models.Model):
    """One training session of a department, for the units of a region and of some categories, or of all.

    ``place`` is where it is, or the address of the stream. ``capacity`` counts people, None has no limit. ``respects``
    are the numbers of the standard's respects it met. ``held_on`` is the day it counts from. The test's rule is taken
    over from the standard when the session is made.
    """

    title = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=TrainingKind.choices)
    department = models.ForeignKey("enterprises.Department", on_delete=models.PROTECT, related_name="training_sessions")
    level = models.CharField(max_length=10, choices=RegionLevel.choices)
    region = models.ForeignKey("enterprises.Region", on_delete=models.PROTECT, related_name="+")
    categories = models.ManyToManyField("enterprises.Category", related_name="+", blank=True)
    trainer = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    capacity = models.PositiveIntegerField(null=True)
    material = models.ForeignKey(
        "review.TrainingMaterial", null=True, on_delete=models.PROTECT, related_name="sessions"
    )
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=TrainingState.choices, default=TrainingState.PLANNED)
    held_on = models.DateField(null=True)
    cancel_reason = models.CharField(max_length=300, blank=True)
    respects = models.JSONField(default=list)
    questions = models.PositiveSmallIntegerField()
    pass_mark = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-starts_at", "-id"]
        indexes = [
            models.Index(fields=["-starts_at", "-id"], name="training_latest"),
            models.Index(fields=["held_on"], name="training_held", condition=Q(held_on__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="training_times_in_order"),
            models.CheckConstraint(
                condition=Q(state=TrainingState.HELD, held_on__isnull=False)
                | (~Q(state=TrainingState.HELD) & Q(held_on__isnull=True)),
                name="training_held_has_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class TrainingAttendance(models.Model):
    """A person of a unit who signed up for a session or came to it. The telephone is personal data."""

    session = models.ForeignKey(TrainingSession, on_delete=models.CASCADE, related_name="attendances")
    enterprise = models.ForeignKey("enterprises.Enterprise", on_delete=models.PROTECT, related_name="trained_people")
    name = models.CharField(max_length=40)
    phone = models.CharField(max_length=20, blank=True)
    came = models.BooleanField(default=False)
    way = models.CharField(max_length=5, choices=AttendanceWay.choices, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["enterprise", "session"], name="attendance_unit", condition=Q(came=True)),
            models.Index(fields=["enterprise"], name="attendance_not_yet", condition=Q(came=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["session", "enterprise", "name"], name="attendance_once"),
            models.CheckConstraint(
                condition=Q(came=True) & ~Q(way="") | Q(came=False, way=""), name="attendance_came_some_way"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TrainingTest(models.Model):
    """What a person of a unit reached in the test of a session: the last try, until one is passed."""

    session = models.ForeignKey(TrainingSession, on_delete=models.CASCADE, related_name="tests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey("enterprises.Enterprise", on_delete=models.PROTECT, related_name="+")
    asked = models.PositiveSmallIntegerField()
    right = models.PositiveSmallIntegerField()
    passed = models.BooleanField()
    tries = models.PositiveSmallIntegerField(default=1)
    catalogues = models.JSONField(default=dict)
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["-answered_at"]
        constraints = [
            models.UniqueConstraint(fields=["session", "user"], name="training_test_once"),
            models.CheckConstraint(condition=Q(right__lte=F("asked")), name="training_test_right_of_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.user_id} {self.right}/{self.asked}"
