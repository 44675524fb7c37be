"""Lines of command, sectors and categories. All of it is data: a sector can be added with no code changed.

``is_local`` marks what the office added or changed here: the rows a release ships leave it alone.
"""

from django.db import models
from django.utils.translation import get_language


class Named(models.Model):
    """Something with a Chinese name and, where known, an English one."""

    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the active language."""
        return self.name_en if get_language() == "en" and self.name_en else self.name


class Line(Named):
    """A line of command: a bureau of the city with its counterparts below (条线)."""

    key = models.SlugField(max_length=30, primary_key=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_local = models.BooleanField(default=False)

    class Meta:
        ordering = ["order", "key"]


class Sector(Named):
    """A sector (行业领域). Sector 00 is industry and stands outside the key sectors."""

    code = models.CharField(max_length=4, primary_key=True)
    lead = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="sectors")
    is_key = models.BooleanField(default=True)
    is_pilot = models.BooleanField(default=False)
    retired_on = models.DateField(null=True)
    is_local = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]


class Category(Named):
    """A category of units (类) with its lead line and the lines that share the lead."""

    code = models.CharField(max_length=6, primary_key=True)
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="categories")
    lead = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="categories")
    co_leads = models.ManyToManyField(Line, related_name="co_led_categories", blank=True)
    rank_map = models.JSONField(default=dict, blank=True)
    retired_on = models.DateField(null=True)
    is_local = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]
