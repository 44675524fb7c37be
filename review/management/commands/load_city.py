"""Load the demo city, once."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from enterprises.models import Enterprise, Region
from review.domain.demo.city import SEED, SIZES, build_city
from review.domain.demo.people import is_loaded
from riskreport.ground.domain.events import run_due_reactions

MOST_REACTIONS = 5000


class Command(BaseCommand):
    help = "Load the invented demo city: units, people and reports in every state. The same seed gives the same city."

    def add_arguments(self, parser: CommandParser) -> None:
        """Size, seed, and consent to load invented data where DEMO is not set."""
        parser.add_argument("--size", choices=sorted(SIZES), default="pilot")
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--yes", action="store_true", help="load it although DEMO=1 is not set")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse in full sentences, or build the city and run the reactions that today's moves owe."""
        if not (settings.DEMO or options["yes"]):
            raise CommandError(
                "This writes invented units and sign-ins with a printed password. Set DEMO=1, or add --yes if this "
                "database is for trying out."
            )
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
        loud = options["verbosity"] > 0
        done = build_city(size=options["size"], seed=options["seed"], say=self._say if loud else lambda text: None)
        for queue in ("quick", "bulk"):
            while run_due_reactions(queue=queue, limit=MOST_REACTIONS) == MOST_REACTIONS:
                pass
        if loud:
            self.stdout.write(
                f"{done['units']} units, {done['reports']} reports, {done['filed']} of them filed, in "
                f"{time.monotonic() - began:.1f} s ({time.process_time() - worked:.1f} s of processor time)."
            )

    def _say(self, text: str) -> None:
        self.stdout.write(f"  {text}")
