"""What keeping the roster right needs besides the units: numbers given out, look-alikes, and what was found of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class TemporaryNumber(models.Model):
    """The last temporary code given out in a county. Its row is locked while a number is taken: no gap, no double."""

    county = models.OneToOneField("enterprises.Region", primary_key=True, on_delete=models.PROTECT, related_name="+")
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.county_id}: {self.last}"


class Likeness(models.Model):
    """Name and address of a unit as they are compared, in a narrow table of its own (see checks/likeness.py)."""

    enterprise = models.OneToOneField(
        "enterprises.Enterprise", primary_key=True, on_delete=models.CASCADE, related_name="likeness"
    )
    name_key = models.CharField(max_length=120)
    address_key = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["name_key", "address_key"], name="likeness_keys")]

    def __str__(self) -> str:
        return f"{self.name_key} {self.address_key}"


class NotTheSame(models.Model):
    """Two units that look alike and are two: a person said so, with the reason, and it is not asked again."""

    first = models.ForeignKey("enterprises.Enterprise", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("enterprises.Enterprise", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=500)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="not_the_same_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="not_the_same_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"
