"""Which part of a count the tallies answer, and which filings are counted one by one besides.

Clean cells come from the tallies, marked ones are counted as they stand: the answer is exact at every moment, however
long a mark waits. Questions below the county (of a township, by towns) are counted one by one: few are concerned.
"""

from dataclasses import dataclass, field

from django.db.models import Q

from enterprises.models.places import COUNTY_DIVISOR as COUNTY
from review.models import Campaign, TallyMark

MOST = 300  # marked cells beyond which all is counted one by one: a launch or a new rating is being followed
# Conditions on a town that hold for all towns of a county or for none, with what is added to a bound to test it.
COUNTY_BOUNDS = {"town_id__gte": 0, "town_id__lt": 0, "town_id__lte": 1, "town_id__gt": 1}
CELL_LOOKUPS = {"category_id", "category_id__in", "category", "category__sector_id", "scale", "scale__in"}


@dataclass(frozen=True)
class Marks:
    """The marked cells: lowest town code of a county → categories, of a campaign and of the ledger; ``whole``: all."""

    filings: dict[int, set[str]] = field(default_factory=dict)
    risks: dict[int, set[str]] = field(default_factory=dict)
    whole: bool = False


ALL_MARKED = Marks(whole=True)


@dataclass(frozen=True)
class Parts:
    """A count in two parts: a condition on tallies and one on the rows themselves; None where there is no such part."""

    tallied: Q | None
    single: Q | None


def read_marks(campaign: Campaign | None) -> Marks:
    """Return what is marked of a campaign and of the ledger; one query."""
    concerned = Q(campaign_id=None) | Q(campaign_id=campaign.pk if campaign else None)
    found = TallyMark.objects.filter(concerned).order_by().values_list("campaign_id", "town_id", "category_id")
    rows = list(found.distinct()[: MOST + 1])
    if len(rows) > MOST:
        return ALL_MARKED
    marks = Marks()
    for campaign_id, town, category in rows:
        (marks.risks if campaign_id is None else marks.filings).setdefault(town, set()).add(category)
    return marks


def parts(condition: Q, marked: dict[int, set[str]], *, whole: bool = False) -> Parts:
    """Return the parts of a count under a condition; ``whole``: every cell is marked."""
    if whole or not is_of_counties(condition):
        return Parts(None, condition)
    if not marked:
        return Parts(condition, None)
    dirty = Q(pk__in=[])
    for town, categories in marked.items():
        dirty |= Q(town_id__gte=town, town_id__lt=town + COUNTY, category_id__in=sorted(categories))
    return Parts(condition & ~dirty, condition & dirty)


def is_of_counties(condition: Q) -> bool:
    """Return whether a condition asks for whole counties, categories and scales alone: the tallies can answer it."""
    return all(_is_answered(child) for child in condition.children)


def _is_answered(child: Q | tuple) -> bool:
    if isinstance(child, Q):
        return is_of_counties(child)
    if not isinstance(child, tuple):
        return False
    lookup, value = child
    if lookup in COUNTY_BOUNDS:
        return (value + COUNTY_BOUNDS[lookup]) % COUNTY == 0
    return lookup in CELL_LOOKUPS or (lookup == "pk__in" and value == [])
