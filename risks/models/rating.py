"""The colour of an enterprise: what it depends on, the rule, the result with its trace."""

from django.db import models
from django.db.models import Q

from risks.enums import Colour


class Standing(models.Model):
    """What the colour depends on besides the ledger, written by the floor above when such a thing happens."""

    enterprise = models.OneToOneField(
        "enterprises.Enterprise", primary_key=True, on_delete=models.PROTECT, related_name="standing"
    )
    first_reported_on = models.DateField(null=True)
    overdue_since = models.DateField(null=True)
    last_verified_on = models.DateField(null=True)
    open_faults = models.PositiveSmallIntegerField(default=0)
    overdue_faults = models.PositiveSmallIntegerField(default=0)
    zero_risk = models.BooleanField(default=False)
    zero_risk_checked_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"standing of {self.enterprise_id}"


class RatingRule(models.Model):
    """A version of the rule: weights, caps, thresholds and direct conditions as data."""

    version = models.PositiveSmallIntegerField(unique=True)
    title = models.CharField(max_length=80)
    definition = models.JSONField()
    published_on = models.DateField(null=True)
    is_current = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="rating_rule_one_current"
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(published_on__isnull=False), name="rating_rule_current_published"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Rating(models.Model):
    """One rating of an enterprise; the current one is marked, the others are its history.

    ``counts`` is how often each entry of the rule applied, in the rule's order, nothing where a fact is not kept;
    ``overdue_since`` is evidence. Rule and counts explain it; the table stays narrow, since all are rated every night.
    """

    enterprise = models.ForeignKey(
        "enterprises.Enterprise", on_delete=models.PROTECT, related_name="ratings", db_index=False
    )
    town = models.ForeignKey("enterprises.Region", on_delete=models.PROTECT, related_name="+", db_index=False)
    rule = models.ForeignKey(RatingRule, on_delete=models.PROTECT, related_name="ratings", db_index=False)
    colour = models.CharField(max_length=8, choices=Colour.choices)
    score = models.SmallIntegerField()
    counts = models.CharField(max_length=200, blank=True)
    overdue_since = models.DateField(null=True)
    rated_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=["town", "colour"], name="rating_scope", condition=Q(is_current=True)),
            # all that a count by colour reads of a rating
            models.Index(fields=["enterprise", "is_current", "colour"], name="rating_of_unit"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["enterprise"], condition=Q(is_current=True), name="rating_one_current")
        ]

    def __str__(self) -> str:
        return f"{self.colour} {self.score}"
