"""Hold the rating rule in SQL against the explanation of single enterprises."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from risks.domain.rating import current_rule
from risks.domain.rating_check import check_sample

MOST_SHOWN = 50


class Command(BaseCommand):
    help = "Rate enterprises drawn by chance twice, in SQL and as each is explained, and compare."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sample", type=int, default=1000, help="how many enterprises (1000)")
        parser.add_argument("--json", action="store_true", help="for a program to read")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare and print; exit with 1, naming what differs, when anything does. Nothing is written."""
        rule = current_rule()
        if rule is None:
            raise CommandError("No rating rule is in force. Run “manage.py load_reference”, or publish one.")
        seen, different = check_sample(rule, sample=max(options["sample"], 1))
        if options["json"]:
            told = {"agrees": not different, "seen": seen, "differs": len(different), "first": different[:MOST_SHOWN]}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write(f"rule {rule.version}: {seen} enterprises, {len(different)} differ")
            for text in different[:MOST_SHOWN]:
                self.stdout.write(f"  {text}")
        if different:
            raise CommandError(f"{len(different)} ratings differ.", returncode=1)
