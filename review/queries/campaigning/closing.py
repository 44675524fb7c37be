"""The figures of a campaign as closing keeps them, and whether what is kept is still what was written."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from review.models import Campaign, CampaignClosing
from review.queries.completion import STAGES, Figures, completion
from riskreport.ground.domain.request_keys import digest_of

KEPT_BY = ("total", "district", "sector", "category", "scale", "district_sector")


def figures_of(campaign: Campaign, as_of: dt.date) -> dict[str, Any]:
    """Return the figures of a day as plain values: expected, filed and filed on time by each grouping kept."""
    overdue = campaign.filings.filter(STAGES["overdue"](as_of)).count()
    kept = {
        by: [
            [*cell.key, cell.figures.expected, cell.figures.actual, cell.figures.on_time]
            for cell in completion(campaign=campaign, as_of=as_of, by=by)
        ]
        for by in KEPT_BY
    }
    return {"campaign": campaign.code, "as_of": as_of.isoformat(), "overdue": overdue} | kept


def kept_figures(closing: CampaignClosing) -> Figures:
    """Return the total that a closing kept."""
    return Figures(*json.loads(closing.content)["total"][0])


def verifies(closing: CampaignClosing) -> bool:
    """Whether the content is what its SHA-256 was taken of."""
    return digest_of(json.loads(closing.content)) == closing.sha256


def closing_differences() -> Iterator[str]:
    """Yield a sentence for each closing whose content is not what was written."""
    for closing in CampaignClosing.objects.select_related("campaign").order_by("pk"):
        if not verifies(closing):
            yield f"closing {closing.pk} of campaign {closing.campaign.code} does not verify"
