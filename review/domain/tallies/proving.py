"""Whether the tallies are what the filings and the ledger say, cell by cell, and what the lists' conditions count."""

import datetime as dt
from collections.abc import Callable, Iterator

from django.db import connection

from review.domain.tallies.counting import counting_sql
from review.models import Campaign, Filing, RiskTally, Tally
from review.queries.board import count_by_colour, count_by_level, count_by_state
from review.queries.completion import WHOLE, completion, total_of
from review.queries.tallies import ALL_MARKED, Marks, read_marks
from riskreport.ground import clock
from risks.models import Risk

CELLS = "district_category_scale"
WEEK = dt.timedelta(days=7)


def tally_differences(alive: Callable[[], None] = lambda: None) -> tuple[int, list[str]]:
    """Compare every clean cell of the tallies with the rows behind it; return how many cells and what differs.

    First each row of a cell with the same row counted anew; then, for today, a week ago and the day each campaign is
    due, the figures that boards read with those that the conditions of the lists count, and today's states, colours
    and levels. ``alive`` is called now and then.
    """
    found: list[str] = []
    for campaign in Campaign.objects.order_by("pk"):
        found += _stale(campaign, read_marks(campaign))
        alive()
        found += [f"campaign {campaign.code}: {text}" for text in _reads_otherwise(campaign)]
        alive()
    found += _stale(None, read_marks(None))
    rolled, single = count_by_level(scope=WHOLE), count_by_level(scope=WHOLE, marks=ALL_MARKED)
    if rolled != single:
        found.append(f"the tallies say {rolled} risks by level, the ledger {single}")
    cells = Tally.objects.order_by().values("campaign_id", "town_id", "category_id").distinct().count()
    return cells + RiskTally.objects.order_by().values("town_id", "category_id").distinct().count(), found


def _stale(campaign: Campaign | None, marks: Marks) -> Iterator[str]:
    """Yield the cells, of those not marked, in which a row is missing, too many or other than counted anew."""
    if marks.whole:
        return
    rows, tallies = (Risk.objects, RiskTally.objects) if campaign is None else (Filing.objects, Tally.objects)
    kept = {} if campaign is None else {"campaign": campaign}
    marked = marks.risks if campaign is None else marks.filings
    places: dict[int, set[str]] = {}
    for table in (rows, tallies):
        for town, category in table.filter(**kept).order_by().values_list("town_id", "category_id").distinct():
            places.setdefault(town // 1000 * 1000, set()).add(category)
    name = "the ledger" if campaign is None else f"campaign {campaign.code}"
    for town, categories in sorted(places.items()):
        clean = sorted(categories - marked.get(town, set()))
        for category in _differing(campaign.pk if campaign else None, town, clean) if clean else ():
            yield f"{name}: the tally of county {town // 1000}, category {category} is not what its rows say"


def _differing(campaign_id: int | None, town: int, categories: list[str]) -> list[str]:
    table, columns, select, params = counting_sql(campaign_id, town, categories)
    here = f"town_id = {town} AND category_id IN ({', '.join('%s' for _code in categories)})"
    if campaign_id is not None:
        here += f" AND campaign_id = {campaign_id}"
    names = ", ".join(columns)
    held = f"SELECT {names} FROM {table} WHERE {here}"  # nosec B608
    found = f"SELECT * FROM ({select}) counted"  # nosec B608
    both = f"""SELECT category_id FROM (SELECT * FROM ({held} EXCEPT {found}) gone
        UNION ALL SELECT * FROM ({found} EXCEPT {held}) missing) either ({names})"""  # nosec B608
    if connection.vendor == "sqlite":
        both = f"""WITH either ({names}) AS (SELECT * FROM ({held} EXCEPT {found})
            UNION ALL SELECT * FROM ({found} EXCEPT {held})) SELECT category_id FROM either"""  # nosec B608
    with connection.cursor() as cursor:
        cursor.execute(both, [*categories, *params, *params, *categories])
        return sorted({row[0] for row in cursor.fetchall()})


def _reads_otherwise(campaign: Campaign) -> Iterator[str]:
    today = clock.today()
    for day in sorted({today, today - WEEK, campaign.due_on}):
        rolled, single = (
            {cell.key: cell.figures for cell in completion(campaign=campaign, as_of=day, by=CELLS, marks=marks)}
            for marks in (None, ALL_MARKED)
        )
        for key in sorted({*rolled, *single}):
            if rolled.get(key) != single.get(key):
                yield f"on {day} the tallies say {rolled.get(key)} of {key}, the filings {single.get(key)}"
    expected = total_of(completion(campaign=campaign, as_of=today)).expected
    for count, more in ((count_by_state, {}), (count_by_colour, {"expected": expected})):
        rolled, single = (count(campaign=campaign, today=today, marks=marks, **more) for marks in (None, ALL_MARKED))
        if rolled != single:
            yield f"today the tallies say {rolled}, the filings {single}"
