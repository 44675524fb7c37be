"""``python -m tests.bench``: median CPU and wall time of figures, pages and forms, and their number of queries.

Runs on a pilot city of its own below DATA_DIR/bench (or on DATABASE_URL when it is given and already holds one). Times
of different machines cannot be compared, the ratios can: a page is measured against an empty page through the same
stack, a figure against the plainest query over the same rows.
"""

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

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
    """Run ``act`` twice to warm up and to count its queries, then ``rounds`` times."""
    return measure_in_turn({"": act}, rounds)[""]


def measure_in_turn(acts: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, Cost]:
    """Measure several acts, one after the other in every round."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    queries, cpu, wall = {}, {name: [] for name in acts}, {name: [] for name in acts}
    for name, act in acts.items():
        act()
        with CaptureQueriesContext(connection) as captured:
            act()
        queries[name] = len(captured)  # now: the next request empties the log it is counted from
    for _ in range(rounds):
        for name, act in acts.items():
            began_cpu, began = time.process_time(), time.perf_counter()
            act()
            cpu[name].append(1000 * (time.process_time() - began_cpu))
            wall[name].append(1000 * (time.perf_counter() - began))
    return {name: Cost(statistics.median(cpu[name]), statistics.median(wall[name]), queries[name]) for name in acts}


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
    from django.urls import NoReverseMatch, reverse

    for role, names in PAGES.items():
        addresses = {}
        for name in names:
            try:
                addresses[name] = reverse(name)
            except NoReverseMatch:
                print(f"  {role}: {name} is not there")
        beside_empty(role, someone(role), addresses)


def forms() -> None:
    """Time the forms of a report that is being written."""
    from django.urls import reverse

    from enterprises.models import User
    from review.models import Filing

    filing = Filing.objects.filter(state="drafting", is_paper=False, declared_risks__isnull=False).order_by("id")[0]
    risk = filing.declared_risks.order_by("id")[0]
    keys = "basic", *item_groups(filing)[:1], "risks", "measures", "people", "attachments"
    sections = {key: reverse("filing_section", args=[filing.pk, key]) for key in keys}
    parts = {
        f"risk, {part}": reverse("filing_risk", args=[filing.pk, risk.lineage, part])
        for part in ("description", "level", "measures", "person")
    }
    check = {"check": reverse("filing_check", args=[filing.pk])}
    person = User.objects.filter(is_active=True, enterprise=filing.enterprise_id).order_by("id")[0]
    beside_empty("form", person, sections | parts | check)


def item_groups(filing: Any) -> list[str]:
    """Return the names of a report's pages of the self-check."""
    from risks.queries.catalogues import item_groups_for

    return [group.section_key for group in item_groups_for([filing.category_id])]


def beside_empty(title: str, person: Any, addresses: dict[str, str]) -> None:
    """Time pages of one person in turn with the empty page: what else the machine does meets all of them alike."""
    from django.test import Client
    from django.urls import reverse

    client = Client()
    client.force_login(person)
    opened = {"empty page": reverse("bench_empty")}
    for name, address in addresses.items():
        status = client.get(address).status_code
        if status == 200:
            opened[name] = address
        else:
            print(f"  {title}: {name} answers {status}")
    costs = measure_in_turn({name: lambda a=address: client.get(a) for name, address in opened.items()})
    for name, cost in costs.items():
        show(f"{title}: {name}", cost, costs["empty page"])


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
    forms()
