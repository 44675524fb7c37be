"""Prove that what is written about reporting agrees: states, snapshots, decisions, ledger, ratings, tallies, lists."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from review.domain.tallies.proving import tally_differences
from review.domain.workflow import MOVES
from review.interfaces.board_lists import board_differences
from review.queries.consistency import prove_everything

MOST_SHOWN = 50
SEEN = ("enterprises", "filings", "events", "snapshots", "risks", "ratings_waiting", "tallies", "lists")


def move_exists(action: str, came: str, went: str, stages: int, filed_before: bool) -> bool:
    """Return whether the table of moves has a row for this action, from this state, to that one."""
    filing = SimpleNamespace(
        state=came, campaign=SimpleNamespace(stages=stages), first_filed_at=True if filed_before else None
    )
    rows = (move for move in MOVES if move.action == action and move.to_state is not None and move.fits(filing))
    return any(move.to_state == went for move in rows)


def compare_everything(alive: Callable[[], None] = lambda: None) -> tuple[dict[str, int], list[str]]:
    """Look at the whole database; return how much was seen, by SEEN, and a sentence for each thing that differs.

    ``alive`` is called every now and then.
    """
    tally = prove_everything(move_exists, alive)
    alive()
    cells, uneven = tally_differences(alive)
    with translation.override("zh-hans"):
        lists, found = board_differences()
    counted = {"tallies": cells, "lists": lists}
    seen = {name: counted[name] if name in counted else getattr(tally, name) for name in SEEN}
    return seen, [*tally.differences, *uneven, *found]


class Command(BaseCommand):
    help = "Compare every filing with its events, snapshots, decisions, the ledger, ratings, tallies, boards and lists."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for a program to read")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look at the whole database; exit with 1, naming what differs, when anything does."""
        seen, different = compare_everything()
        if options["json"]:
            answer = {"agrees": not different, "seen": seen, "differs": len(different), "first": different[:MOST_SHOWN]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in seen.items()))
            for text in different[:MOST_SHOWN]:
                self.stdout.write(f"  {text}")
            if len(different) > MOST_SHOWN:
                self.stdout.write(f"  and {len(different) - MOST_SHOWN} more")
        if different:
            raise CommandError(f"{len(different)} things differ.", returncode=1)
        if not options["json"]:
            self.stdout.write("Everything agrees.")
