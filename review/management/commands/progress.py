"""Print the five figures of a campaign on a day, and what a bulletin says beside them."""

import datetime as dt
import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from review.models import Campaign
from review.queries.board import NamedCell, named_cells
from review.queries.completion import GROUPINGS, Figures, completion, percent, total_of
from review.queries.training import training_of
from review.queries.verified import reported
from riskreport.ground import clock


class Command(BaseCommand):
    help = "Print expected, actual, actual on time, rate and rate on time of a campaign on a day; risks and visits too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", help="code of the campaign")
        parser.add_argument("--as-of", default=None, help="the day, as 2021-09-30; today when left out")
        parser.add_argument("--by", choices=sorted(GROUPINGS), default="total")
        parser.add_argument("--json", action="store_true", help="for a program to read")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the figures by the query the board uses and print them."""
        campaign = Campaign.objects.filter(code=options["campaign"]).first()
        if campaign is None:
            known = ", ".join(Campaign.objects.values_list("code", flat=True)) or "none"
            raise CommandError(f"No campaign has the code “{options['campaign']}”. Campaigns: {known}.")
        as_of = self._day(options["as_of"])
        with translation.override("zh-hans"):
            rows = named_cells(completion(campaign=campaign, as_of=as_of, by=options["by"]), by=options["by"])
        total, beside = total_of(rows), reported(campaign=campaign, as_of=as_of)
        categories = list(campaign.categories.values_list("code", flat=True))
        training = training_of(categories=categories, as_of=as_of)
        if options["json"]:
            answer = self._answer(campaign, as_of, options["by"], rows, total)
            answer |= {"reported": asdict(beside), "training": asdict(training)}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(f"{campaign.code} {campaign.name} · {as_of}")
        self.stdout.write("expected\tactual\ton time\trate %\trate on time %\t")
        shown = rows if options["by"] != "total" else []
        for row in shown:
            self.stdout.write(self._line(row.figures, " · ".join(row.labels)))
        self.stdout.write(self._line(total, "合计"))
        levels = ", ".join(f"{count} by {level}" for level, count in sorted(beside.by_level.items()))
        self.stdout.write(f"larger-and-above risks\t{beside.risks}")
        self.stdout.write(f"verified on the spot\t{beside.verified}" + (f"\t({levels})" if levels else ""))
        self.stdout.write(f"zero-risk reports supplemented\t{beside.supplemented}")
        self.stdout.write(f"training sessions\t{training.sessions}")
        self.stdout.write(f"units trained\t{training.trained}\t(of {training.roster} on the roster)")
        self.stdout.write(f"people trained\t{training.people}")

    @staticmethod
    def _day(text: str | None) -> dt.date:
        try:
            return dt.date.fromisoformat(text) if text else clock.today()
        except ValueError as error:
            raise CommandError(f"“{text}” is not a day. Write it as 2021-09-30.") from error

    @staticmethod
    def _answer(campaign: Campaign, as_of: dt.date, by: str, rows: list[NamedCell], total: Figures) -> dict:
        return {
            "campaign": campaign.code,
            "name": campaign.name,
            "as_of": as_of.isoformat(),
            "by": by,
            "rows": [
                {"key": _bare(row.key), "label": " · ".join(row.labels), **figures_as_json(row.figures)} for row in rows
            ],
            "total": figures_as_json(total),
        }

    @staticmethod
    def _line(figures: Figures, label: str) -> str:
        rates = [percent(figures.rate) or "-", percent(figures.rate_on_time) or "-"]
        return "\t".join([*map(str, (figures.expected, figures.actual, figures.on_time)), *rates, label])


def figures_as_json(figures: Figures) -> dict[str, int | float | None]:
    """Return the five figures as numbers; the rates are shares of one, None when nothing is expected."""
    return {
        "expected": figures.expected,
        "actual": figures.actual,
        "on_time": figures.on_time,
        "rate": None if figures.rate is None else round(float(figures.rate), 6),
        "rate_on_time": None if figures.rate_on_time is None else round(float(figures.rate_on_time), 6),
    }


def _bare(key: tuple) -> Any:
    """One code stands alone, two as a list, none as an empty text."""
    return key[0] if len(key) == 1 else list(key) if key else ""
