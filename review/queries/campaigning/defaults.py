"""What the wizard starts from (示例口径): milestones, backward schedule, the dates of a periodic task."""

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parent.parent.parent / "data" / "campaign_defaults.json"


@cache
def campaign_defaults() -> dict[str, Any]:
    """Return the defaults as they ship."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def days_before() -> dict[str, int]:
    """Return step of the checklist → working days before a phase's last day."""
    return dict(campaign_defaults()["days_before"])


def first_on_or_after(day: dt.date, month: int, of_month: int) -> dt.date:
    """Return the first such day of a year that is not before ``day``."""
    found = dt.date(day.year, month, of_month)
    return found if found >= day else found.replace(year=day.year + 1)


def preset_milestones(opens_on: dt.date, keys: list[str]) -> list[dict[str, Any]]:
    """Return the columns of the milestones behind these presets, each on its first day from the opening on."""
    presets = campaign_defaults()["milestones"]
    return [
        {
            "name": row["name"],
            "scale": row["scale"],
            "percent": row["percent"],
            "due_on": first_on_or_after(opens_on, row["month"], row["day"]),
        }
        for key in keys
        if (row := presets.get(key))
    ]


def next_period(today: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the next periodic reporting (every first quarter) not yet over."""
    period = campaign_defaults()["periodic"]
    (opens_month, opens_day), (due_month, due_day) = period["opens"], period["due"]
    year = today.year
    while dt.date(year, due_month, due_day) < today:
        year += 1
    return dt.date(year, opens_month, opens_day), dt.date(year, due_month, due_day)


def is_time_for_next(today: dt.date) -> bool:
    """Whether the office should be told by now: so many days before the period opens, until it ends."""
    opens_on, _due_on = next_period(today)
    return today >= opens_on - dt.timedelta(days=campaign_defaults()["periodic"]["told_days_before"])
