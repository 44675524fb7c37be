"""Alerts (预警提示): how dangerous an undertaking is together with what surrounds it, who was told, who answered."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from risks.enums import AlertCause, AnswerKind, DispatchKind, DispatchState
from risks.models.dynamic import DynamicReport
from risks.models.signals import WARNING_COLOURS

LEVELS = [(one.value, one.label) for one in WARNING_COLOURS]


class Alert(models.Model):
    """The alert of a dynamic report: one a report, judged again when something changes.

    ``level`` and ``score`` are those of the latest judgement. ``is_open`` until the report ended or was withdrawn.
    """

    report = models.OneToOneField(DynamicReport, on_delete=models.PROTECT, related_name="alert")
    level = models.CharField(max_length=8, choices=LEVELS)
    score = models.DecimalField(max_digits=5, decimal_places=1)
    is_open = models.BooleanField(default=True)
    begun = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    judged_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["level", "id"], name="alert_open", condition=Q(is_open=True))]

    def __str__(self) -> str:
        return f"alert of {self.report_id}"


class Judgement(models.Model):
    """One judging of an alert: why, its terms as ``[{"key", "points", …evidence}]``, score and level. Never changed."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="judgements")
    cause = models.CharField(max_length=16, choices=AlertCause.choices)
    event = models.ForeignKey("ground.Event", null=True, on_delete=models.PROTECT, related_name="+")
    signal = models.ForeignKey("risks.Signal", null=True, on_delete=models.PROTECT, related_name="+")
    terms = models.JSONField(default=list)
    score = models.DecimalField(max_digits=5, decimal_places=1)
    level = models.CharField(max_length=8, choices=LEVELS)
    rule_version = models.PositiveIntegerField()
    judged_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "event"], condition=Q(event__isnull=False), name="judgement_once_an_event"
            )
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.score}"


class AlertDesk(models.Model):
    """A department that was told of an alert and must answer, or that came to be told because others did not.

    ``step`` counts how often it went on: 0 told, 1 the department's chief, 2 one level up, and so on. ``due_at`` is
    when the next step is taken unless it answered; empty where nothing more is owed. ``raised_from`` names the desk
    whose silence brought it here.
    """

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="desks")
    department = models.ForeignKey("enterprises.Department", on_delete=models.PROTECT, related_name="+", db_index=False)
    level = models.CharField(max_length=8, choices=LEVELS)
    step = models.PositiveSmallIntegerField(default=0)
    told_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    raised_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="raised_to")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "department"], name="alert_desk_once")]
        indexes = [
            models.Index(fields=["due_at"], name="alert_desk_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["department", "-id"], name="alert_of_department"),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} at {self.department_id}"


class AlertStep(models.Model):
    """A step by which an alert went on because nobody answered: whom it reached, and when."""

    desk = models.ForeignKey(AlertDesk, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    department = models.ForeignKey("enterprises.Department", on_delete=models.PROTECT, related_name="+", db_index=False)
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["desk", "number"]
        constraints = [models.UniqueConstraint(fields=["desk", "number"], name="alert_step_once")]

    def __str__(self) -> str:
        return f"{self.desk_id} step {self.number}"


class AlertAnswer(models.Model):
    """What a department answered to an alert."""

    desk = models.ForeignKey(AlertDesk, on_delete=models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=12, choices=AnswerKind.choices)
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} by {self.by_id}"


class AlertRule(models.Model):
    """The points, thresholds, answer times and receivers of alerts, as versioned data (示例口径). One is current."""

    version = models.PositiveIntegerField(unique=True)
    definition = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    is_current = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="alert_rule_one_current")
        ]

    def __str__(self) -> str:
        return f"alert rule {self.version}"


class Message(models.Model):
    """An alert to one person by mail or SMS, sent at least once under one key; waiting until ``sent_at``.

    The address is the person's when it is sent. A digest: one a person, channel and judgement.
    """

    judgement = models.ForeignKey(Judgement, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    step = models.ForeignKey(AlertStep, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=5, choices=[("mail", "mail"), ("sms", "sms")])
    key = models.CharField(max_length=64, unique=True)
    text = models.TextField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="message_due", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.channel} {self.key}"


class Dispatch(models.Model):
    """Somebody sent to check or to guide: who, when, what to look at, what was found."""

    alert = models.ForeignKey(Alert, null=True, on_delete=models.PROTECT, related_name="dispatches")
    enterprise = models.ForeignKey("enterprises.Enterprise", on_delete=models.PROTECT, related_name="+", db_index=False)
    department = models.ForeignKey("enterprises.Department", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=DispatchKind.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="dispatches")
    due_on = models.DateField()
    look_at = models.TextField()
    state = models.CharField(max_length=9, choices=DispatchState.choices, default=DispatchState.ORDERED)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    found = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["department", "state", "due_on"], name="dispatch_of_department"),
            models.Index(fields=["enterprise", "-id"], name="dispatch_of_unit"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state=DispatchState.DONE, done_at__isnull=False) & ~Q(found=""))
                | (~Q(state=DispatchState.DONE) & Q(done_at__isnull=True)),
                name="dispatch_done_says_what",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"
