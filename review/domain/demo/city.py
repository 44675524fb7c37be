"""Building the demo city: roster, campaigns, people, histories, ratings, and some moves made today by the executor."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from django.db import transaction
from django.utils import timezone

from enterprises.domain.basic_information import read_basic
from enterprises.enums import Lifecycle, RegionLevel, Scale
from enterprises.models import Category, Enterprise
from review.domain.campaigns import create_campaign, launch_campaign, leave_campaigns
from review.domain.demo.content import Writer
from review.domain.demo.history import History
from review.domain.demo.live import make_moves_of_today
from review.domain.demo.people import Cast, fixed_states, make_people
from review.domain.demo.roster import HOME, RosterMaker, save_roster
from review.domain.demo.saving import save_histories
from review.domain.demo.stories import Calendar, Teller
from review.domain.demo.vocabulary import vocabulary
from review.enums import FilingState
from review.models import Campaign, Filing
from riskreport.ground import clock
from riskreport.ground.domain.events import owe_reactions
from riskreport.ground.models import Event
from risks.domain.rating import rate_enterprises
from risks.models import Standing

SEED = 20211019  # the day of the bulletin the city is modelled on
KEY_SECTORS, INDUSTRY = "key-sectors-2022", "industrial-2021"
LEAVING = 3
Say = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How large a city: its share of the pilot's units, and how many reports today's moves take all the way."""

    share: float
    live: int


SIZES = {"pilot": Size(1.0, 6), "small": Size(0.05, 1)}


def build_city(*, size: str = "pilot", seed: int = SEED, say: Say = lambda text: None) -> dict[str, int]:
    """Write a demo city and return how many units, reports and filed reports it has.

    The reference data is loaded before. Side effects, in one transaction, in order: enterprises with contacts; two
    campaigns, launched; people; contents, snapshots, decisions, ledger and events of every report; ratings; units that
    left; then some dozen moves by the executor, whose events owe their reactions as any other's,
    and so do the last events behind the demo accounts. The same seed, size
    and day give the same city. Raises IntegrityError when a city is already there.
    """
    rng, today = Random(seed), clock.today()  # invented names, nothing secret  # nosec B311
    wanted = SIZES[size]
    with transaction.atomic():
        opening = today - dt.timedelta(days=240)
        maker = RosterMaker(rng, today, opening)
        say("units")
        units = save_roster(maker.make(wanted.share), rng)
        campaigns = [_key_sectors(today), _industry(today, opening)]
        for campaign in campaigns:
            launch_campaign(campaign=campaign, user=None)
            opened = timezone.make_aware(dt.datetime.combine(campaign.opens_on, dt.time(9)))
            Campaign.objects.filter(pk=campaign.pk).update(launched_at=opened)
        say("people")
        at_home = _at_home(units)
        deciding = Filing.objects.values_list("department_id", flat=True)
        cast = make_people(rng=rng, units=units, deciding=deciding, at_home=at_home)
        say("reports")
        filed = [_write_campaign(campaign, rng, seed, cast, at_home) for campaign in campaigns]
        say("ratings")
        rate_enterprises([unit for group in filed for unit in group])
        _let_some_leave(today)
        say("moves of today")
        make_moves_of_today(rng=rng, cast=cast, runs=wanted.live)
        _fill_inboxes(at_home)
    return {
        "units": len(units),
        "reports": Filing.objects.count(),
        "filed": Filing.objects.filter(first_filed_at__isnull=False).count(),
    }


def _key_sectors(today: dt.date) -> Campaign:
    day = dt.timedelta(days=1)
    opens_on, due_on = today - 152 * day, today + 120 * day
    return create_campaign(
        user=None,
        code=KEY_SECTORS,
        name="重点行业领域企业单位安全风险报告（2022）",
        name_en="Safety-risk reports of units in the key sectors (2022)",
        message="请各企业单位对照本行业较大以上风险目录自查，先交书面初报，审核通过后网上终报。",
        stages=2,
        deciding_level=RegionLevel.COUNTY,
        opens_on=opens_on,
        due_on=due_on,
        categories=Category.objects.filter(sector__is_key=True).values_list("code", flat=True),
        milestones=[
            {"name": "完成四成", "due_on": today - 10 * day, "percent": 40},
            {"name": "完成八成", "due_on": today + 60 * day, "percent": 80},
            {"name": "全部完成", "due_on": due_on, "percent": 100},
        ],
    )


def _industry(today: dt.date, opens_on: dt.date) -> Campaign:
    above_due, due_on = today - dt.timedelta(days=110), today - dt.timedelta(days=10)
    return create_campaign(
        user=None,
        code=INDUSTRY,
        name="工业企业安全生产风险报告（2021）",
        name_en="Safety-risk reports of industrial enterprises (2021)",
        message="规上企业先行完成，规下企业随后全部完成。",
        stages=1,
        deciding_level=RegionLevel.TOWN,
        opens_on=opens_on,
        due_on=due_on,
        categories=Category.objects.filter(sector="00").values_list("code", flat=True),
        scales=[Scale.ABOVE, Scale.BELOW],
        milestones=[
            {"name": "规上企业完成", "scale": Scale.ABOVE, "due_on": above_due, "percent": 100},
            {"name": "全部完成", "due_on": due_on, "percent": 100},
        ],
    )


def _at_home(units: list[Enterprise]) -> dict[tuple[str, int], Enterprise]:
    """Return the units of the demo's own county-level city by category and place among their like."""
    found: dict[tuple[str, int], Enterprise] = {}
    counted: dict[str, int] = {}
    for unit in units:
        if unit.town_id // 1000 == HOME:
            place = counted.get(unit.category_id, 0)
            found[unit.category_id, place] = unit
            counted[unit.category_id] = place + 1
    return found


def _write_campaign(
    campaign: Campaign, rng: Random, seed: int, cast: Cast, at_home: dict[tuple[str, int], Enterprise]
) -> list[int]:
    """Write the past of a campaign's reports; return the enterprises that are to be rated.

    Where a report stands is drawn apart from what it says, so that a longer catalogue moves no report.
    """
    today = clock.today()
    fixed = {at_home[place].pk: state for place, state in fixed_states().items()}
    states = Random(f"{campaign.code} {seed}")  # invented pasts, nothing secret  # nosec B311
    teller = Teller(states, Calendar(campaign.opens_on, today), campaign.due_on)
    writer = Writer(rng)
    rows = Filing.objects.filter(campaign=campaign).order_by("pk")
    rows = rows.select_related("campaign", "enterprise", "department", "category")
    histories = []
    for filing in rows.prefetch_related("enterprise__contacts", "enterprise__category_links"):
        state = fixed.get(filing.enterprise_id) or teller.state_of(filing)
        history = History(filing, writer, cast, rng, read_basic(filing.enterprise))
        history.play(teller.tell(filing, state))
        histories.append(history)
    save_histories(histories)
    _mark_overdue(campaign, today)
    return [history.filing.enterprise_id for history in histories if history.filing.first_filed_at]


def _mark_overdue(campaign: Campaign, today: dt.date) -> None:
    """Note in the Standing which units have let the day pass."""
    late = Filing.objects.filter(campaign=campaign, first_filed_at=None, left_on=None, due_on__lt=today)
    Standing.objects.bulk_create(
        Standing(enterprise_id=pk, overdue_since=due_on + dt.timedelta(days=1))
        for pk, due_on in late.values_list("enterprise_id", "due_on")
    )


def _let_some_leave(today: dt.date) -> None:
    """Three units closed while the campaigns ran: they leave the denominator from that day, the reason is kept."""
    untouched = Filing.objects.filter(state=FilingState.NOT_STARTED, enterprise__people__account__startswith="unit-")
    reason = vocabulary()["messages"]["left"][0]
    found = list(untouched.order_by("pk").values_list("enterprise_id", flat=True))
    for number, enterprise_id in enumerate(found[-1 :: -1 - len(found) // LEAVING][:LEAVING]):
        on = today - dt.timedelta(days=6 + 9 * number)
        Enterprise.objects.filter(pk=enterprise_id, joined_on__lte=on).update(
            lifecycle=Lifecycle.CLOSED, lifecycle_on=on, left_on=on, left_reason=reason
        )
        leave_campaigns(enterprise_id=enterprise_id, on=on, reason=reason, user=None)


def _fill_inboxes(at_home: dict[tuple[str, int], Enterprise]) -> None:
    """Let the last event of the reports behind the demo accounts be told, so that their inboxes are not empty."""
    units = [at_home[place].pk for place in fixed_states()]
    events = Event.objects.filter(enterprise_id__in=units, kind__startswith="filing.", reactions=None).order_by("id")
    owe_reactions(events={event.enterprise_id: event for event in events if "from" in event.data}.values())
