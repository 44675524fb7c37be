"""Count the boards' tallies anew: what is marked, or everything."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from review.domain.tallies.counting import count_marked
from review.domain.tallies.marking import mark_everything


class Command(BaseCommand):
    help = "Count anew what changed since the boards' tallies were written; with --all every cell."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="every cell, not only the marked ones")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many cells were counted and how long it took."""
        began = time.monotonic()
        if options["all"]:
            mark_everything()
        counted = count_marked()
        if options["verbosity"]:
            self.stdout.write(f"{counted} cells counted in {time.monotonic() - began:.1f} s.")
