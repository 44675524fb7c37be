"""``python -m tests.bench.boards [FILINGS]``: boards, course and launch of a campaign of 10,000 and of many filings.

Works on an empty database of DATABASE_URL, or on SQLite below DATA_DIR/bench-boards, with invented units in all towns
and categories; it leaves them there, and takes units that are there. Each line is the small
campaign, the large one, and how many times as long that takes.
"""

import datetime as dt
import os
import sys
import time
from pathlib import Path

DATA_DIR = Path(os.environ.get("DATA_DIR", "var"), "bench-boards")
os.environ.update(DJANGO_SETTINGS_MODULE="riskreport.settings", DEMO="1", DATA_DIR=str(DATA_DIR), LOG_LEVEL="ERROR")
MANY = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
FEW = 10_000
ROUNDS = 7
OPENS, TODAY, DUE = dt.date(2022, 1, 1), dt.date(2022, 8, 31), dt.date(2022, 12, 31)
DAY_OF = {
    "postgresql": f"DATE '{OPENS}' + (e.id * 7919 %% 230)::int",
    "sqlite": f"date('{OPENS}', '+' || (e.id * 7919 %% 230) || ' days')",
}
FILINGS = """
INSERT INTO review_filing (campaign_id, enterprise_id, kind, department_id, town_id, category_id, scale, state, version,
    risks_major, risks_larger, is_paper, catalogue_versions, joined_on, left_reason, due_on, first_filed_on,
    first_filed_at, filed_at)
SELECT %s, e.id, 'obligation', (SELECT min(id) FROM enterprises_department), e.town_id, e.category_id, e.scale,
    CASE WHEN e.id %% 3 = 0 THEN 'not_started' ELSE 'filed' END, 1, 0, 0, FALSE, '{{}}', '2022-01-01', '', '2022-12-31',
    CASE WHEN e.id %% 3 = 0 THEN NULL ELSE {day} END, CASE WHEN e.id %% 3 = 0 THEN NULL ELSE {day} END,
    CASE WHEN e.id %% 3 = 0 THEN NULL ELSE {day} END
FROM enterprises_enterprise e ORDER BY e.id * 7919 %% 1000003 LIMIT %s
"""


def timed(name: str, act) -> None:
    """Say how long one thing takes."""
    began = time.monotonic()
    answer = act()
    print(
        f"  {name}: {time.monotonic() - began:.1f} s{f' ({answer:,})' if isinstance(answer, int) else ''}", flush=True
    )


def campaign_of(number: int):
    """Make a campaign with so many filings."""
    from django.db import connection

    from enterprises.models import Category
    from review.models import Campaign

    campaign = Campaign.objects.create(
        code=f"bench-{number}", name=f"{number}", opens_on=OPENS, due_on=DUE, state="open", stages=1
    )
    campaign.categories.set(Category.objects.all())
    with connection.cursor() as cursor:
        cursor.execute(FILINGS.format(day=DAY_OF[connection.vendor]), [campaign.pk, number])
    campaign.refresh_from_db()
    return campaign


def fill():
    """Load the units and the two campaigns; count their tallies."""
    from django.core.management import call_command
    from django.db import connection

    from enterprises.models import Enterprise
    from review.domain.tallies.counting import count_marked
    from riskreport.ground.domain.statistics import refresh_statistics
    from tests.bench.ratings import ENTERPRISES

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET statement_timeout = 0")  # for filling alone: nothing measured takes so long
        if not Enterprise.objects.exists():
            began = time.monotonic()
            cursor.execute(ENTERPRISES.replace("%s", str(MANY)))
            print(f"  {MANY:,} units: {time.monotonic() - began:.1f} s", flush=True)
    pair = []
    for number in (FEW, MANY):
        timed(f"{number:,} filings written, their cells marked", lambda n=number: pair.append(campaign_of(n)))
        timed(f"tallies of {number:,} filings, cells", count_marked)
    refresh_statistics()
    return pair


def compare(name: str, act, pair) -> None:
    """Measure an act on both campaigns in turn and print one line."""
    from tests.bench.__main__ import measure_in_turn

    few, many = measure_in_turn({one.code: lambda one=one: act(one) for one in pair}, ROUNDS).values()
    print(
        f"  {name:44} {few.wall:8.1f} ms {many.wall:8.1f} ms {many.wall / few.wall:5.2f} x"
        f" {few.queries:3} {many.queries:3} queries",
        flush=True,
    )


def measure(pair) -> None:
    """Measure what boards and courses ask of both campaigns."""
    from enterprises.queries.scope import Scope
    from review.interfaces.burnup_page import Reading, Slice
    from review.queries.board import Narrowing, read_board
    from review.queries.completion import WHOLE, completion
    from review.queries.course import course
    from review.queries.tallies import ALL_MARKED

    first, today = OPENS, TODAY
    kunshan = Narrowing(320583)
    on = {"as_of": today, "today": today, "scope": WHOLE}
    compare("matrix, district × sector", lambda c: completion(campaign=c, as_of=today, by="district_sector"), pair)
    compare(
        "matrix a week ago", lambda c: completion(campaign=c, as_of=today - dt.timedelta(7), by="district_sector"), pair
    )
    compare(
        "the same counted one by one",
        lambda c: completion(campaign=c, as_of=today, by="district_sector", marks=ALL_MARKED),
        pair,
    )
    compare("board, all its figures", lambda c: read_board(campaign=c, **on), pair)
    compare("drill-down: a county by towns", lambda c: read_board(campaign=c, narrowing=kunshan, **on), pair)
    compare(
        "drill-down: a sector by categories",
        lambda c: read_board(campaign=c, narrowing=Narrowing(None, "14"), **on),
        pair,
    )
    compare("course of all days", lambda c: course(campaign=c, first=first, last=today), pair)
    compare("page of the course", lambda c: Reading(c, WHOLE, Slice(), today).burnup(), pair)
    township = Scope(ranges=((320583100, 320583100),))
    compare("board of a township", lambda c: read_board(campaign=c, as_of=today, today=today, scope=township), pair)


def launch() -> None:
    """Launch a campaign of one category, and of five; say what a thousand obligations cost."""
    from enterprises.models import Category
    from review.domain.campaigns import create_campaign, launch_campaign

    codes = list(Category.objects.order_by("code").values_list("code", flat=True))
    for many in (1, 5):
        campaign = create_campaign(
            user=None, code=f"launch-{many}", name="launch", opens_on=OPENS, due_on=DUE, categories=codes[:many]
        )
        began = time.monotonic()
        made = launch_campaign(campaign=campaign, user=None) or 1
        spent = time.monotonic() - began
        print(
            f"  launch of {made:,} obligations: {spent:.1f} s, {1000 * spent / max(made / 1000, 1):.0f} ms a thousand"
        )


if __name__ == "__main__":
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    import django

    django.setup()
    campaigns = fill()
    measure(campaigns)
    launch()
