"""The library of training materials: documents by sector and language, in versions."""

from django.conf import settings
from django.db import models

from review.enums import MaterialKind, MaterialLanguage


class TrainingMaterial(models.Model):
    """A document that units are trained with; without a sector it is for all of them.

    Self-check guides are not kept here: they are made from the catalogue in force.
    """

    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=MaterialKind.choices)
    language = models.CharField(max_length=2, choices=MaterialLanguage.choices, default=MaterialLanguage.CHINESE)
    sector = models.ForeignKey("enterprises.Sector", null=True, on_delete=models.PROTECT, related_name="materials")
    department = models.ForeignKey("enterprises.Department", on_delete=models.PROTECT, related_name="materials")
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["kind", "title", "id"]

    def __str__(self) -> str:
        return self.title


class MaterialVersion(models.Model):
    """A version of a material. Versions are kept; the highest number is in force."""

    material = models.ForeignKey(TrainingMaterial, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=150)
    note = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["material", "-number"]
        constraints = [models.UniqueConstraint(fields=["material", "number"], name="material_number_once")]

    def __str__(self) -> str:
        return self.name
