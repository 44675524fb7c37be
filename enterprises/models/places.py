"""Regions: the city, its county-level divisions and their township-level units."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from enterprises.enums import RegionLevel


class Region(models.Model):
    """A division by its statistical code (6 digits for city and county, 9 for a town).

    ``low`` and ``high`` bound the town codes of its subtree, so that a scope is a set of ranges over one integer
    column: no tree, no recursion.
    """

    code = models.PositiveIntegerField(primary_key=True)
    name = models.CharField(max_length=40)
    display_name = models.CharField(max_length=20)
    name_en = models.CharField(max_length=60, blank=True)
    level = models.CharField(max_length=10, choices=RegionLevel.choices)
    order = models.PositiveSmallIntegerField(default=0)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    low = models.PositiveIntegerField()
    high = models.PositiveIntegerField()

    class Meta:
        ordering = ["order", "code"]
        constraints = [models.CheckConstraint(condition=Q(low__lte=F("high")), name="region_low_high")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The short name in the active language."""
        return self.name_en if get_language() == "en" and self.name_en else self.display_name

    @property
    def bounds(self) -> tuple[int, int]:
        """The range of town codes of its subtree, both ends included."""
        return self.low, self.high


def county_code_of(town_code: int) -> int:
    """Return the six-digit code of the county a nine-digit town code lies in."""
    return town_code // 1000


COUNTY_DIVISOR = 1000
CITY_CODE = getattr(settings, "CITY_CODE", 320500)
