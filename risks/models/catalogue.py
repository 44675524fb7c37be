"""Risk catalogues: what a lead department asks its units about."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from enterprises.models.taxonomy import Named
from risks.enums import LARGER_AND_ABOVE, NOT_YET_IN_FORCE, CatalogueState, Level

# What a version says besides its place in the row of versions; what an item says besides its categories.
HEAD_FIELDS = ("title", "title_en", "note", "groups", "parts")
ITEM_COLUMNS = (
    *("code", "part", "group", "name", "name_en", "look_for", "place", "accident_types", "consequence", "level"),
    *("may_be_lowered", "measures", "basis"),
)


class Catalogue(models.Model):
    """A version of a catalogue of larger-and-above risks. A published version never changes.

    ``published_on`` is the day it takes effect; ``edit_version`` counts the changes of a draft's head, so that two
    windows do not overwrite each other.
    """

    key = models.SlugField(max_length=30)
    version = models.PositiveSmallIntegerField(default=1)
    line = models.ForeignKey("enterprises.Line", on_delete=models.PROTECT, related_name="catalogues")
    sector = models.ForeignKey("enterprises.Sector", null=True, on_delete=models.PROTECT, related_name="catalogues")
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=CatalogueState.choices, default=CatalogueState.DRAFT)
    published_on = models.DateField(null=True)
    groups = models.JSONField(default=list)
    parts = models.JSONField(default=list)
    quantified = models.JSONField(default=dict, blank=True)
    edit_version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="catalogue_version_once"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(state=CatalogueState.PUBLISHED), name="catalogue_one_published"
            ),
            models.UniqueConstraint(
                fields=["key"], condition=Q(state__in=sorted(NOT_YET_IN_FORCE)), name="catalogue_one_open_draft"
            ),
            models.CheckConstraint(
                condition=Q(state=CatalogueState.DRAFT, published_on__isnull=True)
                | (~Q(state=CatalogueState.DRAFT) & Q(published_on__isnull=False)),
                name="catalogue_published_has_date",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The title in the active language."""
        return self.title_en if get_language() == "en" and self.title_en else self.title


class CatalogueItem(Named):
    """One risk of a catalogue: what to look for, where, what may happen, and the five classes of measures."""

    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=12)
    order = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=10, default="1")
    group = models.CharField(max_length=20)
    categories = models.ManyToManyField("enterprises.Category", related_name="catalogue_items")
    look_for = models.JSONField(default=list)
    place = models.CharField(max_length=120)
    accident_types = models.JSONField(default=list)
    consequence = models.TextField()
    level = models.CharField(max_length=10, choices=Level.choices)
    may_be_lowered = models.BooleanField(default=True)
    measures = models.JSONField(default=dict)
    basis = models.TextField(blank=True)
    edit_version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["catalogue", "order"]
        constraints = [
            models.UniqueConstraint(fields=["catalogue", "code"], name="catalogue_item_code_once"),
            models.CheckConstraint(
                condition=Q(level__in=sorted(LARGER_AND_ABOVE)), name="catalogue_item_larger_or_major"
            ),
        ]
