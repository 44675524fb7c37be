"""Load the demo city, once."""

import datetime as dt
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from enterprises.models import Enterprise, Region
from review.domain.demo.city import SEED, build_city, is_broken
from review.domain.demo.people import is_loaded
from review.domain.demo.sizes import SIZES
from review.domain.tallies.counting import count_marked
from riskreport.ground import clock
from riskreport.ground.domain.events import run_due_reactions
from riskreport.ground.domain.reminding import note_due, tell_due
from riskreport.ground.domain.statistics import refresh_statistics

MOST_REACTIONS = 5000
SECONDS_A_DAY = 86_400


class Command(BaseCommand):
    help = "Load the invented demo city: units, people and reports in every state. The same seed gives the same city."

    def add_arguments(self, parser: CommandParser) -> None:
        """Size, seed, and consent to load invented data where DEMO is not set."""
        parser.add_argument("--size", choices=sorted(SIZES), default="pilot")
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument(
            "--as-of", type=dt.date.fromisoformat, help="the day it stands on, as 2021-09-30; the clock is moved there"
        )
        parser.add_argument("--yes", action="store_true", help="load it although DEMO=1 is not set")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse in full sentences, or build the city and run the reactions that today's moves owe."""
        if not (settings.DEMO or options["yes"]):
            raise CommandError(
                "This writes invented units and sign-ins with a printed password. Set DEMO=1, or add --yes if this "
                "database is for trying out."
            )
        if is_broken():
            raise CommandError("Loading a city broke off here, so this one is not whole. Use an empty database.")
        if is_loaded():
            self.stdout.write(
                "The demo city is already here; nothing was changed. docs/demo-city.md says how to reset."
            )
            return
        if Enterprise.objects.exists():
            raise CommandError("There are enterprises here that are not the demo city's. Use an empty database.")
        if not Region.objects.exists():
            raise CommandError("The reference data is missing. Run first: python manage.py load_reference")
        began, worked = time.monotonic(), time.process_time()
        day = options["as_of"] or SIZES[options["size"]].day
        if day is not None:
            clock.set_offset((day - timezone.localdate()).days * SECONDS_A_DAY)
        loud = options["verbosity"] > 0
        done = build_city(size=options["size"], seed=options["seed"], say=self._say if loud else lambda text: None)
        self._follow(reminded=not SIZES[options["size"]].crowd)  # a whole city is reminded by its first night
        refresh_statistics()
        if loud:
            self.stdout.write(
                f"{done['units']} units, {done['reports']} reports, {done['filed']} of them filed, in "
                f"{time.monotonic() - began:.1f} s ({time.process_time() - worked:.1f} s of processor time)."
            )

    def _follow(self, *, reminded: bool) -> None:
        """Run what today's moves owe, and remind as the last night would have done."""
        for queue in ("quick", "bulk"):
            while run_due_reactions(queue=queue, limit=MOST_REACTIONS) == MOST_REACTIONS:
                pass
        count_marked()
        if reminded:
            note_due(on=clock.today())
            tell_due(on=clock.today())

    def _say(self, text: str) -> None:
        self.stdout.write(f"  {text}")
