"""Load the reference data that the apps ship: who is who, what is dangerous, how levels and colours are found."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from enterprises.domain.preparation import ship_steps
from enterprises.domain.reference import load_enterprise_reference
from review.domain.training.standard import ship_standard
from risks.checks.catalogue_content import InvalidCatalogue
from risks.domain.reference import load_risk_reference

MOST_PROBLEMS_SHOWN = 20


class Command(BaseCommand):
    help = "Load regions, sectors, departments, presets, the rating rule and catalogues. A second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load everything in one transaction and say in a few lines what was done."""
        try:
            with transaction.atomic():
                done = load_enterprise_reference() | {"department steps": ship_steps()} | load_risk_reference()
                done |= {"training standard": ship_standard()}
        except InvalidCatalogue as error:
            shown = [f"  {problem}" for problem in error.problems[:MOST_PROBLEMS_SHOWN]]
            more = len(error.problems) - len(shown)
            tail = [f"  and {more} more"] if more > 0 else []
            lines = ["Nothing was loaded: a catalogue file is not sound.", *shown, *tail]
            raise CommandError("\n".join(lines)) from error
        touched = {kind: tally for kind, tally in done.items() if tally.touched}
        if not touched:
            stock = ", ".join(f"{kind} {tally.shipped}" for kind, tally in done.items())
            self.stdout.write(f"Reference data is up to date, nothing changed: {stock}.")
            return
        for kind, tally in touched.items():
            self.stdout.write(f"{kind}: {tally.created} added, {tally.changed} changed, {tally.shipped} in all")
