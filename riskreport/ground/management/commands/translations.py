"""``translations compile | update | check``: the message catalogue, without GNU gettext."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from riskreport.ground import translations


class Command(BaseCommand):
    help = "Compile the message catalogues, bring them up to the sources, or say what is missing in them."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["compile", "update", "check"])

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        {"compile": self.compile_all, "update": self.update_all, "check": self.check_all}[act]()

    def compile_all(self) -> None:
        """Compile what is newer than its compiled form."""
        for path in translations.compile_catalogues():
            self.stdout.write(f"compiled {path}")

    def update_all(self) -> None:
        """Add new messages, drop unused ones, and say how many wait for a translation."""
        counts = translations.update_catalogue()
        self.stdout.write("{messages} messages, {untranslated} untranslated, {removed} removed".format(**counts))

    def check_all(self) -> None:
        """List every message that is missing, untranslated, fuzzy or has lost a placeholder; fail if there is one."""
        faults = translations.catalogue_faults()
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults in the catalogue.")
        self.stdout.write("The catalogue is complete.")
