"""Signals: what dangerous undertakings are combined with. Weather warnings, major-hazard sources, geological points."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from risks.enums import Colour, GeologySize, HazardGrade, SignalKind, SignalSource, SignalState, Weather

WARNING_COLOURS = [Colour.RED, Colour.ORANGE, Colour.YELLOW, Colour.BLUE]


class SignalDoor(models.Model):
    """A sender that may hand in signals by HTTP. Its token is kept as a digest and shown once; it can be revoked."""

    name = models.CharField(max_length=60, unique=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Signal(models.Model):
    """A weather warning, a major-hazard source or a geological point, with area, point and time.

    ``sender`` and ``identifier`` name a message once: a feed that repeats itself changes nothing. A correction is a
    row of its own, to which the corrected one points by ``replaced_by``. ``areas`` are regions of any level; a source
    or a point has coordinates (WGS 84) too. ``ends_at`` is empty where it has no end.
    """

    kind = models.CharField(max_length=8, choices=SignalKind.choices)
    source = models.CharField(max_length=5, choices=SignalSource.choices)
    door = models.ForeignKey(SignalDoor, null=True, on_delete=models.PROTECT, related_name="signals")
    sender = models.CharField(max_length=120)
    identifier = models.CharField(max_length=200)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    weather = models.CharField(max_length=10, choices=Weather.choices, blank=True)
    colour = models.CharField(max_length=8, choices=[(one.value, one.label) for one in WARNING_COLOURS], blank=True)
    grade = models.CharField(max_length=1, choices=HazardGrade.choices, blank=True)
    size = models.CharField(max_length=12, choices=GeologySize.choices, blank=True)
    areas = models.ManyToManyField("enterprises.Region", related_name="+")
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=6, null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=SignalState.choices, default=SignalState.IN_FORCE)
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaces")
    ended_reason = models.CharField(max_length=200, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "ends_at"], name="signal_in_force", condition=Q(state=SignalState.IN_FORCE)),
            models.Index(fields=["-received_at", "-id"], name="signal_latest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["sender", "identifier"], name="signal_once"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="signal_times_in_order"
            ),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__isnull=False, latitude__isnull=False),
                name="signal_point_whole",
            ),
            models.CheckConstraint(
                condition=(Q(kind=SignalKind.WEATHER, grade="", size="") & ~Q(weather="") & ~Q(colour=""))
                | (Q(kind=SignalKind.HAZARD, weather="", colour="", size="") & ~Q(grade=""))
                | (Q(kind=SignalKind.GEOLOGY, weather="", colour="", grade="") & ~Q(size="")),
                name="signal_says_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(state=SignalState.CORRECTED, replaced_by__isnull=False)
                | (~Q(state=SignalState.CORRECTED) & Q(replaced_by__isnull=True)),
                name="signal_corrected_names_next",
            ),
        ]

    def __str__(self) -> str:
        return self.name
