"""Rate enterprises by the rule in force and print how many have each colour."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from risks.domain.rating import current_rule, rate_enterprises, rate_everybody
from risks.queries.ratings import count_by_colour, not_rated_by


class Command(BaseCommand):
    help = "Rate the enterprises that have no rating by the rule in force; with --all everybody. Safe to run twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="look at everybody, not only at who is not rated yet")
        parser.add_argument("--json", action="store_true", help="for a program to read")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rate and print; exit with 1 when no rule is in force."""
        began = time.perf_counter()
        rule = current_rule()
        if rule is None:
            raise CommandError("No rating rule is in force. Run “manage.py load_reference”, or publish one.")
        if options["all"]:
            written = rate_everybody(rule)
        else:
            written = rate_enterprises(not_rated_by(rule).values_list("pk", flat=True))
        seconds = round(time.perf_counter() - began, 2)
        colours = count_by_colour()
        if options["json"]:
            told = {"rule": rule.version, "written": written, "colours": colours, "seconds": seconds}
            self.stdout.write(json.dumps(told))
            return
        self.stdout.write(f"rule {rule.version}: {written} ratings written in {seconds} s")
        for colour, count in colours.items():
            self.stdout.write(f"  {colour}\t{count}")
