"""Building the demo city: roster, campaigns, people, histories, ratings, and some moves made today by the executor."""

import datetime as dt
from collections.abc import Callable
from random import Random

from django.db import transaction
from django.utils import timezone

from enterprises.domain.basic_information import read_basic
from enterprises.enums import Lifecycle, RegionLevel, Scale
from enterprises.models import Category, Department, Enterprise, Region
from review.domain.campaigns import create_campaign, launch_campaign, leave_campaigns
from review.domain.demo.bulletins import write_bulletins
from review.domain.demo.content import Writer
from review.domain.demo.crowded import load_crowd
from review.domain.demo.history import History
from review.domain.demo.letters import write_letters
from review.domain.demo.live import make_moves_of_today
from review.domain.demo.pasts import VISITING
from review.domain.demo.people import Cast, fixed_states, make_people
from review.domain.demo.pouring import pouring
from review.domain.demo.roster import HOME, RosterMaker, save_roster
from review.domain.demo.saving import save_histories
from review.domain.demo.sizes import SIZES, Size, Timeline
from review.domain.demo.stories import AUTUMN_PACE, PACE, Calendar, Pace, Teller
from review.domain.demo.tracking import write_extensions, write_phases
from review.domain.demo.training import load_training
from review.domain.demo.vocabulary import vocabulary
from review.domain.obligations import Deciding
from review.enums import FilingState
from review.models import Campaign, Filing
from riskreport.ground import clock
from riskreport.ground.domain.events import owe_reactions, record_event
from riskreport.ground.models import Event
from risks.domain.rating import rate_enterprises
from risks.models import Standing

SEED = 20211019  # the day of the bulletin the city is modelled on
KEY_SECTORS, INDUSTRY = "key-sectors-2022", "industrial-2021"
LEAVING = 3
BEGUN, LOADED = "city.begun", "city.loaded"
Say = Callable[[str], None]
AtHome = dict[tuple[str, int], Enterprise]


def build_city(*, size: str = "pilot", seed: int = SEED, say: Say = lambda text: None) -> dict[str, int]:
    """Write a demo city and return how many units, reports and filed reports it has.

    The reference data is loaded before. Side effects, in one transaction, in order: enterprises with contacts; two
    campaigns, launched; people; contents, snapshots, decisions, ledger and events of every report; ratings; units that
    left; then some dozen moves by the executor, extensions and letters, whose events owe their reactions as any
    other's, and so do the last events behind the demo accounts; training and bulletins of the office last. A size with
    a crowd has neither leavers nor moves of today: the crowd follows, in a transaction for every four thousand units,
    between the events ``city.begun`` and ``city.loaded``. The same seed, size and day give the same city. Raises
    IntegrityError when a city is already there.
    """
    rng, today = Random(seed), clock.today()  # invented names, nothing secret  # nosec B311
    wanted = SIZES[size]
    with pouring():
        maker = RosterMaker(rng, today, today + dt.timedelta(days=wanted.timeline.opened))
        maker.above_scale = 0 if wanted.crowd else maker.above_scale  # the crowd brings those
        campaigns, cast, told = _tell(maker, wanted, seed, say)
        if wanted.crowd:
            record_event(kind=BEGUN, actor=None, data={"size": size, "seed": seed})
        else:
            _let_some_leave(today)
            say("moves of today")
            make_moves_of_today(rng=rng, cast=cast, runs=wanted.live)
            write_bulletins(campaign=campaigns[0], today=today)
            write_extensions(campaigns[0])
            write_letters(campaigns=campaigns, office=cast.office)
            _train(wanted, campaigns, seed, say)
        _fill_inboxes(told)
    if wanted.crowd:
        load_crowd(crowd=wanted.crowd, campaign=campaigns[-1], maker=maker, reviewers=cast.reviewers, say=say)
        with transaction.atomic():
            write_bulletins(campaign=campaigns[-1], today=today)
            write_letters(campaigns=campaigns, office=cast.office)
            _train(wanted, campaigns, seed, say)
            record_event(kind=LOADED, actor=None, data={"size": size, "seed": seed})
    return {
        "units": Enterprise.objects.count(),
        "reports": Filing.objects.count(),
        "filed": Filing.objects.filter(first_filed_at__isnull=False).count(),
    }


def _train(size: Size, campaigns: list[Campaign], seed: int, say: Say) -> None:
    """Write the training with chances of its own, so that more of it moves nothing else."""
    say("training")
    rng = Random(f"training {seed}")  # invented sessions, nothing secret  # nosec B311
    load_training(rng=rng, figures=size.training, opened=campaigns[-1].opens_on)


def is_broken() -> bool:
    """Whether a city was begun here and its loading broke off."""
    return Event.objects.filter(kind=BEGUN).exists() and not Event.objects.filter(kind=LOADED).exists()


def _tell(maker: RosterMaker, size: Size, seed: int, say: Say) -> tuple[list[Campaign], Cast, AtHome]:
    """Write the units whose pasts are told one by one; return the campaigns, who acts, and the units at home."""
    rng, today = maker.rng, maker.today
    say("units")
    units = save_roster(maker.make(size), rng)
    campaigns = [_key_sectors(today, size.timeline), _industry(today, size.timeline)]
    for campaign in campaigns:
        launch_campaign(campaign=campaign, user=None)
        opened = timezone.make_aware(dt.datetime.combine(campaign.opens_on, dt.time(9)))
        Campaign.objects.filter(pk=campaign.pk).update(launched_at=opened)
    say("people")
    at_home = _at_home(units)
    deciding = _deciding(campaigns) if size.crowd else Filing.objects.values_list("department_id", flat=True)
    cast = make_people(rng=rng, units=units, deciding=deciding, at_home=at_home)
    write_phases(campaigns[0])
    say("reports")
    pace = AUTUMN_PACE if size.crowd else PACE
    filed = [_write_campaign(campaign, rng, seed, cast, at_home, pace) for campaign in campaigns]
    say("ratings")
    rate_enterprises([unit for group in filed for unit in group])
    return campaigns, cast, at_home


def _deciding(campaigns: list[Campaign]) -> set[int]:
    """Return who decides anywhere, and whose bureau visits: the crowd will be everywhere."""
    towns = list(Region.objects.filter(level=RegionLevel.TOWN).values_list("code", flat=True))
    found = set(Department.objects.filter(line=VISITING).values_list("pk", flat=True))
    for campaign in campaigns:
        deciding = Deciding(campaign)
        found |= {deciding.of(category, town) for category in deciding.lines for town in towns}
    return found


def _key_sectors(today: dt.date, days: Timeline) -> Campaign:
    due_on = today + dt.timedelta(days=days.key_due)
    milestones = [
        {"name": name, "due_on": today + dt.timedelta(days=day), "percent": percent}
        for name, day, percent in (*days.milestones, ("全部完成", days.key_due, 100))
    ]
    return create_campaign(
        user=None,
        code=KEY_SECTORS,
        name="重点行业领域企业单位安全风险报告（2022）",
        name_en="Safety-risk reports of units in the key sectors (2022)",
        message="请各企业单位对照本行业较大以上风险目录自查，先交书面初报，审核通过后网上终报。",
        stages=2,
        deciding_level=RegionLevel.COUNTY,
        opens_on=today + dt.timedelta(days=days.key_opened),
        due_on=due_on,
        categories=Category.objects.filter(sector__is_key=True).values_list("code", flat=True),
        milestones=milestones,
    )


def _industry(today: dt.date, days: Timeline) -> Campaign:
    above_due, due_on = (today + dt.timedelta(days=day) for day in (days.above_due, days.due))
    return create_campaign(
        user=None,
        code=INDUSTRY,
        name="工业企业安全生产风险报告（2021）",
        name_en="Safety-risk reports of industrial enterprises (2021)",
        message="规上企业先行完成，规下企业随后全部完成。",
        stages=1,
        deciding_level=RegionLevel.TOWN,
        opens_on=today + dt.timedelta(days=days.opened),
        due_on=due_on,
        categories=Category.objects.filter(sector="00").values_list("code", flat=True),
        scales=[Scale.ABOVE, Scale.BELOW],
        milestones=[
            {"name": "规上企业完成", "scale": Scale.ABOVE, "due_on": above_due, "percent": 100},
            {"name": "全部完成", "due_on": due_on, "percent": 100},
        ],
    )


def _at_home(units: list[Enterprise]) -> AtHome:
    """Return the units of the demo's own county-level city by category and place among their like."""
    found: AtHome = {}
    counted: dict[str, int] = {}
    for unit in units:
        if unit.town_id // 1000 == HOME:
            place = counted.get(unit.category_id, 0)
            found[unit.category_id, place] = unit
            counted[unit.category_id] = place + 1
    return found


def _write_campaign(campaign: Campaign, rng: Random, seed: int, cast: Cast, at_home: AtHome, pace: Pace) -> list[int]:
    """Write the past of a campaign's reports; return the enterprises that are to be rated.

    Where a report stands is drawn apart from what it says, so that a longer catalogue moves no report.
    """
    today = clock.today()
    fixed = {at_home[place].pk: state for place, state in fixed_states().items()}
    states = Random(f"{campaign.code} {seed}")  # invented pasts, nothing secret  # nosec B311
    teller = Teller(states, Calendar(campaign.opens_on, today), campaign.due_on, pace)
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


def _fill_inboxes(at_home: AtHome) -> None:
    """Let the last event of the reports behind the demo accounts be told, so that their inboxes are not empty."""
    units = [at_home[place].pk for place in fixed_states()]
    events = Event.objects.filter(enterprise_id__in=units, kind__startswith="filing.", reactions=None).order_by("id")
    owe_reactions(events={event.enterprise_id: event for event in events if "from" in event.data}.values())
