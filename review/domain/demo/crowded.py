"""Loading the crowd: the industrial enterprises that make a pilot city a whole one, in chunks."""

from collections.abc import Callable
from random import Random

from django.db.models import F, Model, Sum

from enterprises.models import Contact, Enterprise, EnterpriseCategory, Likeness, SearchEntry, User
from review.domain.demo.bare import bare_tables
from review.domain.demo.beside import beside
from review.domain.demo.content import Writer
from review.domain.demo.crowd import CrowdMaker, Member
from review.domain.demo.lots import Lot, draw_lots
from review.domain.demo.pasts import TABLES, Pasts
from review.domain.demo.pouring import pouring
from review.domain.demo.roster import RosterMaker
from review.domain.demo.sizes import Crowd
from review.models import Campaign, Filing
from riskreport.ground.domain.statistics import refresh_statistics
from riskreport.ground.models import EventLine
from risks.domain.rating import Step, current_rule, rate_next

CHUNK = 4000
# After so many chunks the statistics are refreshed: plans made for empty tables read all of the full ones.
WEIGHED_AFTER = {1, 8}
FILLED: tuple[type[Model], ...] = (
    Enterprise, Contact, EnterpriseCategory, User, Likeness, SearchEntry, Filing, EventLine, *TABLES,
)  # fmt: skip


def load_crowd(
    *,
    crowd: Crowd,
    campaign: Campaign,
    maker: RosterMaker,
    reviewers: dict[int, list[User]],
    say: Callable[[str], None],
) -> None:
    """Write the crowd, so that the campaign's figures are those of ``crowd``, the reports already told among them.

    Side effects, in order: for each chunk a transaction with the units and what follows the roster, and one with the
    pasts of their reports, on PostgreSQL in a second process while the next units are made; then the ratings of
    everybody, chunk by chunk. On PostgreSQL the tables have no foreign keys and no secondary indexes meanwhile. Raises
    IntegrityError when called twice on one campaign.
    """
    told = campaign.filings.aggregate(risks=Sum(F("risks_major") + F("risks_larger")))
    filed = campaign.filings.exclude(first_filed_on=None).count()
    crowd = crowd.without(units=campaign.filings.count(), filed=filed, risks=told["risks"] or 0)
    rng = Random(maker.rng.random())  # invented pasts, nothing secret  # nosec B311
    lots = draw_lots(crowd, rng)
    makers = CrowdMaker(maker, rng)
    own = Random(rng.random())  # nosec B311
    pasts = Pasts(own, Writer(own), campaign, maker.today, reviewers)

    with bare_tables(FILLED):
        _pour_all(lots, makers, pasts, say)
        say("indexes and foreign keys")
    _weigh()
    say("ratings of everybody")
    rule, step = current_rule(), Step()
    while rule is not None and step is not None:
        with pouring():
            step = rate_next(rule, step)


def _pour_all(lots: list[Lot], makers: CrowdMaker, pasts: Pasts, say: Callable[[str], None]) -> None:
    def write(members: list[Member]) -> None:
        with pouring():
            pasts.write(members)

    with beside(write) as write_pasts:
        for number, start in enumerate(range(0, len(lots), CHUNK), 1):
            with pouring():
                members = makers.make(lots[start : start + CHUNK])
            write_pasts(members)
            if number in WEIGHED_AFTER:
                _weigh()
            say(f"industrial enterprises: {min(start + CHUNK, len(lots))} of {len(lots)}")


def _weigh() -> None:
    with pouring():
        refresh_statistics()
