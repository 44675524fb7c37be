"""Compare what units are found by with the roster, and write anew what differs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from enterprises.domain.search import rebuild_search
from enterprises.queries.search import search_differences


class Command(BaseCommand):
    help = "Write the search entries that are missing or differ from the roster; with --check only count them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 when any differ")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many differed."""
        if not options["check"]:
            self.stdout.write(f"{rebuild_search()} search entries written.")
            return
        count = sum(1 for _pk in search_differences())
        if count:
            raise CommandError(f"{count} search entries differ from the roster.", returncode=1)
        self.stdout.write("Every search entry agrees with the roster.")
