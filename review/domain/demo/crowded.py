"""Loading the crowd: the industrial enterprises that make a pilot city a whole one, in chunks."""

from collections.abc import Callable
from random import Random

from django.db import transaction
from django.db.models import F, Sum

from enterprises.models import User
from review.domain.demo.content import Writer
from review.domain.demo.crowd import CrowdMaker
from review.domain.demo.lots import draw_lots
from review.domain.demo.pasts import Pasts
from review.domain.demo.roster import RosterMaker
from review.domain.demo.sizes import Crowd
from review.models import Campaign
from riskreport.ground.imports.writing import work_long
from risks.domain.rating import rate_enterprises

CHUNK = 4000


def load_crowd(
    *,
    crowd: Crowd,
    campaign: Campaign,
    maker: RosterMaker,
    reviewers: dict[int, list[User]],
    say: Callable[[str], None],
) -> None:
    """Write the crowd, so that the campaign's figures are those of ``crowd``, the reports already told among them.

    Side effects, in a transaction for each chunk: units and what follows the roster; the pasts of their reports;
    ratings. Raises IntegrityError when called twice on one campaign.
    """
    told = campaign.filings.aggregate(risks=Sum(F("risks_major") + F("risks_larger")))
    filed = campaign.filings.exclude(first_filed_on=None).count()
    crowd = crowd.without(units=campaign.filings.count(), filed=filed, risks=told["risks"] or 0)
    rng = Random(maker.rng.random())  # invented pasts, nothing secret  # nosec B311
    lots = draw_lots(crowd, rng)
    makers = CrowdMaker(maker, rng)
    pasts = Pasts(rng, Writer(rng), campaign, maker.today, reviewers)
    for start in range(0, len(lots), CHUNK):
        with transaction.atomic():
            work_long()
            members = makers.make(lots[start : start + CHUNK])
            rate_enterprises(pasts.write(members))
        say(f"industrial enterprises: {min(start + CHUNK, len(lots))} of {len(lots)}")
