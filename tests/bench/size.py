"""``python -m tests.bench.size SIZE``: every page of every role in a city of that size, the worst ones named.

The city is loaded below DATA_DIR/bench-SIZE, or into DATABASE_URL, unless it is there; how long that took is printed.
Each person is the one of the role with the largest scope. A page is measured against an empty page through the same
stack in the same run; wall time is the one that a database server's work shows in.
"""

import os
import sys
import time
from pathlib import Path

SIZE = sys.argv[1] if len(sys.argv) > 1 else "pilot"
ROUNDS, PAGES_DEEP, LONGEST_NAMES = 7, 20, 3
DATA_DIR = Path(os.environ.get("DATA_DIR", "var"), f"bench-{SIZE}")
PEOPLE = {
    "office": "demo-office",
    "reviewer of the largest line": "demo-rev-trans",
    "reviewer of a township": "demo-town",
    "keeper": "demo-keep",
    "inspector": "demo-insp",
    "oversight": "demo-disc",
    "enterprise": "demo-filed",
    "operator": "demo-op",
}


def prepare() -> None:
    """Make the tables and the city unless they are there; say how long the loading took and what the machine did."""
    os.environ.update(DJANGO_SETTINGS_MODULE="riskreport.settings", DEMO="1", DATA_DIR=str(DATA_DIR), LOG_LEVEL="ERROR")
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from review.domain.demo.people import is_loaded

    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    settings.ROOT_URLCONF = "tests.bench.urls"
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    call_command("migrate", verbosity=0)
    if not is_loaded():
        call_command("load_reference", verbosity=0)
        call_command("load_city", size=SIZE)
    print(f"{settings.DATABASES['default']['ENGINE']}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


def commands() -> None:
    """Time the commands that read the whole city, once each."""
    from django.core.management import call_command

    for name, arguments in (("progress", ["industrial-2021"]), ("check_progress", [])):
        began, worked = time.monotonic(), time.process_time()
        call_command(name, *arguments)
        print(f"{name}: {time.monotonic() - began:.1f} s, {time.process_time() - worked:.1f} s of processor time")


def addresses(person) -> dict[str, str]:
    """Return name → address of what a person may open: the navigation, what lists lead to, one unit's pages."""
    from django.urls import reverse
    from django.utils import translation

    from review.models import Filing
    from review.navigation import nav_for
    from review.queries.scope import filings_for_user

    with translation.override("en"):
        found = {str(entry["label"]): entry["url"] for entry in nav_for(person)}
    filing = filings_for_user(person).filter(state="filed").order_by("pk").first()
    if isinstance(filing, Filing):
        found |= {
            "one archive": reverse("archive", args=[filing.enterprise_id]),
            "its history": reverse("archive_history", args=[filing.enterprise_id]),
            "one report": reverse("filing", args=[filing.pk]),
        }
    for name in ("filings", "enterprises", "risks"):
        found |= {f"{name}, searched": f"{reverse(name)}?q=昆山"}
    found |= {"board of industry": f"{reverse('board')}?campaign=industrial-2021"}
    return found | {"one district's board": f"{reverse('board')}?campaign=industrial-2021&county=320583"}


def deep(client, address: str) -> str:
    """Return the address some pages further on in a list, or nothing for a page that is no list or has no more."""
    for _page in range(PAGES_DEEP):
        context = client.get(address).context
        shown = context.get("list") if context else None
        following = getattr(shown, "next_url", "")
        if not following:
            return ""
        address = address.split("?")[0] + following if following.startswith("?") else following
    return address


def pages(person, client) -> list[tuple]:
    """Measure every page of one person that opens; return (page, cost)."""
    from tests.bench.__main__ import measure

    measured = []
    for name, address in addresses(person).items():
        if client.get(address).status_code != 200:
            continue
        measured.append((name, measure(lambda a=address: client.get(a), ROUNDS)))
        if "searched" not in name and (further := deep(client, address)):
            name = f"{name}, page {PAGES_DEEP + 1}"
            measured.append((name, measure(lambda a=further: client.get(a), ROUNDS)))
    return measured


def figures() -> None:
    """Print each person's slowest pages and the page of most queries, as ratios to the empty page."""
    from django.test import Client
    from django.urls import reverse

    from enterprises.models import User
    from tests.bench.__main__ import measure

    print("| who | page | CPU ms | × empty | wall ms | × empty | queries |\n|---|---|---:|---:|---:|---:|---:|")
    for role, account in PEOPLE.items():
        person, client = User.objects.get(account=account), Client()
        client.force_login(person)
        floor = measure(lambda c=client: c.get(reverse("bench_empty")), ROUNDS)
        measured = pages(person, client)
        slowest = sorted(measured, key=lambda row: -row[1].wall)[:LONGEST_NAMES]
        most = max(measured, key=lambda row: row[1].queries)
        for name, cost in [*slowest, *([most] if most not in slowest else [])]:
            print(
                f"| {role} | {name} | {cost.cpu:.1f} | {cost.cpu / floor.cpu:.1f} | {cost.wall:.1f} "
                f"| {cost.wall / floor.wall:.1f} | {cost.queries} |",
                flush=True,
            )


if __name__ == "__main__":
    prepare()
    commands()
    figures()
