"""``python -m tests.bench``: median CPU and wall time of figures and pages, and their number of queries.

Runs on a pilot city of its own below DATA_DIR/bench (or on DATABASE_URL when it is given and already holds one). Times
of different machines cannot be compared, the ratios can: a page is measured against an empty page through the same
stack, a figure against the plainest query over the same rows.
"""

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

DATA_DIR = Path(os.environ.get("DATA_DIR", "var"), "bench")
os.environ.update(DJANGO_SETTINGS_MODULE="riskreport.settings", DEMO="1", DATA_DIR=str(DATA_DIR), LOG_LEVEL="ERROR")
ROUNDS = 30
PAGES = {
    "office": ("home", "board", "filings", "enterprises", "risks", "notices", "jobs"),
    "reviewer": ("home", "review_queue", "filings"),
    "enterprise_user": ("home", "filings", "risks"),
}


class Cost(NamedTuple):
    """What one call costs: milliseconds of CPU and of wall time (medians), and queries."""

    cpu: float
    wall: float
    queries: int


def measure(act: Callable[[], object], rounds: int = ROUNDS) -> Cost:
    """Run ``act`` once to warm up, then ``rounds`` times."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    act()
    with CaptureQueriesContext(connection) as captured:
        act()
    queries = len(captured)  # now: the next request empties the log it is counted from
    cpu, wall = [], []
    for _ in range(rounds):
        began_cpu, began = time.process_time(), time.perf_counter()
        act()
        cpu.append(1000 * (time.process_time() - began_cpu))
        wall.append(1000 * (time.perf_counter() - began))
    return Cost(statistics.median(cpu), statistics.median(wall), queries)


def prepare() -> None:
    """Make the tables and the pilot city unless they are there."""
    import django

    DATA_DIR.mkdir(parents=True, exist_ok=True)
    django.setup()
    from django.conf import settings

    from riskreport.run import prepare_data

    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    settings.ROOT_URLCONF = "tests.bench.urls"
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    prepare_data()


def figures() -> None:
    """Time the five figures against the plainest count over the same table."""
    from review.models import Campaign, Filing
    from review.queries.completion import completion
    from riskreport.ground import clock

    campaign, today = Campaign.objects.order_by("-id")[0], clock.today()
    floor = measure(lambda: Filing.objects.filter(campaign=campaign).count())
    show("plain count of one campaign's filings", floor, floor)
    for by in ("total", "district", "sector", "district_sector"):
        cost = measure(lambda by=by: completion(campaign=campaign, as_of=today, by=by))
        show(f"completion by {by}", cost, floor)


def pages() -> None:
    """Time the pages of three people against an empty page through the same stack."""
    from django.test import Client
    from django.urls import NoReverseMatch, reverse

    for role, names in PAGES.items():
        person, client = someone(role), Client()
        client.force_login(person)
        floor = measure(lambda client=client: client.get(reverse("bench_empty")))
        show(f"{role}: empty page", floor, floor)
        for name in names:
            try:
                address = reverse(name)
            except NoReverseMatch:
                print(f"  {role}: {name} is not there")
                continue
            answer = client.get(address)
            if answer.status_code != 200:
                print(f"  {role}: {name} answers {answer.status_code}")
                continue
            show(f"{role}: {name}", measure(lambda c=client, a=address: c.get(a)), floor)


def someone(role: str):
    """Return the first demo person who plays that part."""
    from enterprises.models import User

    return User.objects.filter(is_active=True, role=role).order_by("id")[0]


def show(name: str, cost: Cost, floor: Cost) -> None:
    """Print one line."""
    ratio = cost.cpu / floor.cpu if floor.cpu else float("nan")
    print(f"  {name:44} {cost.cpu:8.2f} ms CPU {cost.wall:8.2f} ms {cost.queries:4} queries {ratio:7.1f} x")


if __name__ == "__main__":
    prepare()
    figures()
    pages()
