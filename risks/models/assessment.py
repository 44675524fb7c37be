"""Accident types and the presets by which levels are found."""

from django.db import models
from django.db.models import Q

from enterprises.models.taxonomy import Named
from risks.enums import Method


class AccidentType(Named):
    """A type of accident: the twenty of GB 6441 and those added."""

    code = models.CharField(max_length=4, primary_key=True)

    class Meta:
        ordering = ["code"]


class AssessmentPreset(Named):
    """A version of an assessment method with its scales and thresholds. Who used it keeps key and version.

    ``definition`` by method: LS {"size": 5, "thresholds": {"major": 20, "larger": 15, "general": 9}}; LEC
    {"L": [{"value", "text", "text_en"}, …], "E": …, "C": …, "thresholds": {…}}; LC the same for C, bands for L, and
    thresholds that must be exceeded, {"over": {…}}. ``direct`` names the conditions that make a risk major whatever
    the score.
    """

    key = models.SlugField(max_length=20)
    version = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=10, choices=Method.choices)
    definition = models.JSONField()
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["method", "key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="preset_version_once"),
            models.UniqueConstraint(fields=["method"], condition=Q(is_default=True), name="preset_one_default"),
        ]
