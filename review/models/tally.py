"""What boards read instead of counting a million reports: figures by county, category, scale and day."""

import datetime as dt

from django.db import models

from enterprises.enums import Scale
from review.enums import FUNNEL
from risks.enums import Colour, Level

LAST = dt.date.max
RATED = tuple(colour.value for colour in Colour if colour != Colour.GREY)
FIGURES = ("expected", "actual", "on_time")
STANDING = (*(state.value for state in FUNNEL), *RATED)


class Tally(models.Model):
    """What falls away before a day: the obligations of a cell as of a day are the sum of its rows after that day.

    One row of ``LAST`` holds all that ever comes; the row of each day on which something changes holds that change
    with the other sign. So the figures of today are few rows, those of last week a few more. ``town_id`` is
    the lowest code of the county, so that a condition on whole counties reads alike here and on filings. Beside the
    three figures: of the expected, how many stand in each state now, and how many units have each colour now.
    Derived: review.domain.tallies writes it, nobody else.
    """

    campaign = models.ForeignKey("review.Campaign", on_delete=models.CASCADE, related_name="+", db_index=False)
    town_id = models.IntegerField()
    category = models.ForeignKey("enterprises.Category", on_delete=models.CASCADE, related_name="+", db_index=False)
    scale = models.CharField(max_length=6, choices=Scale.choices)
    day = models.DateField()
    expected = models.IntegerField()
    actual = models.IntegerField()
    on_time = models.IntegerField()
    not_started = models.IntegerField()
    drafting = models.IntegerField()
    submitted = models.IntegerField()
    in_review = models.IntegerField()
    returned = models.IntegerField()
    approved = models.IntegerField()
    filed = models.IntegerField()
    supplement_open = models.IntegerField()
    red = models.IntegerField()
    orange = models.IntegerField()
    yellow = models.IntegerField()
    blue = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["campaign", "day"], name="tally_day")]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "town_id", "category", "scale", "day"], name="tally_once")
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}/{self.town_id}/{self.category_id}/{self.scale} {self.day}"


class RiskTally(models.Model):
    """How many active ledger risks of a level there are in a county and category; ``town_id`` as in Tally. Derived."""

    town_id = models.IntegerField()
    category = models.ForeignKey("enterprises.Category", on_delete=models.CASCADE, related_name="+", db_index=False)
    level = models.CharField(max_length=10, choices=Level.choices)
    n = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town_id", "category", "level"], name="risk_tally_once")]

    def __str__(self) -> str:
        return f"{self.town_id}/{self.category_id} {self.level}"


class TallyMark(models.Model):
    """A cell in which something changed since it was counted; ``campaign_id`` is empty for the ledger's risks.

    Triggers write it in the transaction of the change, whoever makes it and however. The same cell may be marked
    several times, so that a mark waits for nobody. It goes when the cell is counted anew.
    """

    campaign_id = models.BigIntegerField(null=True)
    town_id = models.IntegerField()
    category_id = models.CharField(max_length=6)

    def __str__(self) -> str:
        return f"{self.campaign_id or 'ledger'}/{self.town_id}/{self.category_id}"
