"""Reporting tasks: whom a launch asks, what a second launch adds, who joins and leaves when."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from enterprises.enums import Lifecycle, Scale
from enterprises.models import Department, Enterprise
from review.domain import campaigns
from review.domain.campaigning.closing import close_campaign
from review.domain.campaigns import (
    CampaignRefused,
    create_campaign,
    join_campaign,
    launch_campaign,
    leave_campaigns,
)
from review.enums import CampaignState, FilingState
from review.models import Campaign, Filing
from riskreport.ground import clock
from riskreport.ground.models import Event, EventLine
from tests import factories

pytestmark = pytest.mark.django_db
OPENS, DUE = dt.date(2022, 1, 1), dt.date(2022, 3, 31)
LAUNCH_QUERIES = 27  # a constant number, however many units


@pytest.fixture
def city(at):
    """A day in February, and every office that may have to decide."""
    at(dt.datetime(2022, 2, 10, 9, tzinfo=dt.UTC))
    for county in (factories.KUNSHAN, factories.ZHANGJIAGANG):
        for line in ("civil", "religion", "emergency"):
            factories.bureau(line, county)
    factories.category("1401"), factories.category("1402")
    return factories


def task(**fields) -> Campaign:
    given = {"code": "key", "name": "重点行业", "opens_on": OPENS, "due_on": DUE, "categories": ["1401"], "user": None}
    return create_campaign(**given | fields)


def test_creating_asks_nobody_yet(city):
    city.enterprise()
    row = task(milestones=[{"name": "二月底过半", "due_on": dt.date(2022, 2, 28), "percent": 50}], stages=1)
    assert (row.state, row.stages, row.filings.count(), row.milestones.get().percent) == (CampaignState.DRAFT, 1, 0, 50)
    assert Event.objects.get(kind="campaign.created").data["categories"] == ["1401"]


@pytest.mark.parametrize("wrong", [{"categories": []}, {"scales": ["giant"]}])
def test_a_campaign_that_asks_nobody_or_an_unknown_scale_is_refused(city, wrong):
    with pytest.raises(ValueError, match="category"):
        task(**wrong)


def test_dates_out_of_order_are_refused_by_the_database(city):
    with pytest.raises(IntegrityError):
        task(due_on=OPENS - dt.timedelta(days=1))


def test_a_launch_asks_the_units_on_the_roster_in_its_categories_and_scales(city):
    wanted = city.enterprise(scale=Scale.ABOVE)
    suspended = city.enterprise(scale=Scale.ABOVE, lifecycle=Lifecycle.SUSPENDED)
    city.enterprise(scale=Scale.BELOW)
    city.enterprise(scale=Scale.ABOVE, category_code="1402")
    city.enterprise(scale=Scale.ABOVE, lifecycle=Lifecycle.CLOSED, left_on=clock.today())
    row = task(scales=[Scale.ABOVE])
    assert launch_campaign(campaign=row, user=None) == 2
    assert set(row.filings.values_list("enterprise_id", flat=True)) == {wanted.pk, suspended.pk}
    assert row.state == Campaign.objects.get().state == CampaignState.OPEN


def test_an_obligation_carries_place_decider_and_dates(city):
    early = city.enterprise(town=city.YANGSHE, joined_on=dt.date(2019, 5, 1))
    late = city.enterprise(joined_on=dt.date(2022, 2, 1))
    launch_campaign(campaign=task(), user=None)
    filing = Filing.objects.get(enterprise=early)
    assert (filing.joined_on, filing.due_on, filing.state, filing.town_id) == (
        OPENS, DUE, FilingState.NOT_STARTED, city.YANGSHE,
    )  # fmt: skip
    assert filing.department == Department.objects.get(code=f"civil-{city.ZHANGJIAGANG}")
    assert Filing.objects.get(enterprise=late).joined_on == dt.date(2022, 2, 1)


def test_a_scale_with_a_milestone_of_its_own_reports_by_that_day(city):
    above, below = city.enterprise(scale=Scale.ABOVE), city.enterprise(scale=Scale.BELOW)
    early, half = OPENS + dt.timedelta(days=20), OPENS + dt.timedelta(days=5)
    campaign = task(
        milestones=[
            {"name": "规上完成", "scale": Scale.ABOVE, "due_on": early, "percent": 100},
            {"name": "规下过半", "scale": Scale.BELOW, "due_on": half, "percent": 50},
        ]
    )
    launch_campaign(campaign=campaign, user=None)
    due = dict(campaign.filings.values_list("enterprise_id", "due_on"))
    assert due == {above.pk: early, below.pk: DUE}


def test_a_second_launch_adds_only_what_is_missing(city):
    city.enterprise()
    row = task()
    assert launch_campaign(campaign=row, user=None) == 1
    assert launch_campaign(campaign=row, user=None) == 0
    city.enterprise()
    assert launch_campaign(campaign=row, user=None) == 1
    assert Event.objects.filter(kind="campaign.launched").count() == 1
    assert EventLine.objects.filter(object_type="review.filing").count() == row.filings.count() == 2


def test_a_launch_that_died_half_way_goes_on(city, monkeypatch):
    monkeypatch.setattr(campaigns, "CHUNK", 2)
    for _ in range(5):
        city.enterprise()
    row = task()
    write, calls = campaigns.write_obligations, []

    def die_at_the_second(**given):
        calls.append(given)
        if len(calls) == 2:
            raise RuntimeError("killed")
        write(**given)

    monkeypatch.setattr(campaigns, "write_obligations", die_at_the_second)
    with pytest.raises(RuntimeError):
        launch_campaign(campaign=row, user=None)
    written = row.filings.count()  # one chunk: one unit or two, as their keys fall
    assert (written in {1, 2}, Campaign.objects.get().state) == (True, CampaignState.DRAFT)
    assert launch_campaign(campaign=row, user=None) == 5 - written
    assert row.filings.values("enterprise").distinct().count() == 5


def test_one_who_comes_while_a_launch_writes_is_asked_with_the_opening(city, monkeypatch):
    """The new unit's key is below that of the last one asked: the chunks have passed it."""
    before, other = city.enterprise(category_code="1402"), city.enterprise()
    row = task()
    write = campaigns.write_obligations

    def write_and_move(**given):
        write(**given)
        Enterprise.objects.filter(pk=before.pk).update(category="1401")

    monkeypatch.setattr(campaigns, "write_obligations", write_and_move)
    assert launch_campaign(campaign=row, user=None) == 2
    assert set(row.filings.values_list("enterprise_id", flat=True)) == {before.pk, other.pk}


@pytest.mark.parametrize("count", [1, 30])
def test_a_launch_asks_many_with_as_many_queries_as_one(city, count):
    for _number in range(count):
        city.enterprise()
    row = task()
    clock.now()  # asks the database's time once, and not again for a while
    with CaptureQueriesContext(connection) as asked:
        assert launch_campaign(campaign=row, user=None) == count
    assert len(asked) == LAUNCH_QUERIES


def test_nothing_is_written_when_a_town_has_nobody_to_decide(city):
    city.enterprise()
    city.enterprise(town=city.YANGSHE)
    Department.objects.filter(code=f"civil-{city.ZHANGJIAGANG}").delete()
    row = task()
    with pytest.raises(LookupError):
        launch_campaign(campaign=row, user=None)
    assert (row.filings.count(), Campaign.objects.get().state) == (0, CampaignState.DRAFT)


def test_one_who_joins_later_is_expected_from_that_day_on(city):
    row = task()
    launch_campaign(campaign=row, user=None)
    unit = city.enterprise(joined_on=dt.date(2021, 6, 1))
    filing = join_campaign(campaign=row, enterprise=unit, user=None)
    assert (filing.joined_on, filing.due_on) == (clock.today(), DUE)
    assert join_campaign(campaign=row, enterprise=unit, user=None) == filing
    assert row.filings.count() == 1


def test_one_who_joins_after_the_due_day_gets_days_of_its_own(city):
    row = task()
    launch_campaign(campaign=row, user=None)
    day = DUE + dt.timedelta(days=4)
    filing = join_campaign(campaign=row, enterprise=city.enterprise(), user=None, on=day, days_when_late=10)
    assert (filing.joined_on, filing.due_on) == (day, day + dt.timedelta(days=10))


def test_a_campaign_that_does_not_concern_a_unit_is_not_joined(city):
    row = task()
    launch_campaign(campaign=row, user=None)
    assert join_campaign(campaign=row, enterprise=city.enterprise(category_code="1402"), user=None) is None


@pytest.mark.parametrize("state", [CampaignState.DRAFT, CampaignState.CLOSED])
def test_only_an_open_campaign_is_joined(city, state):
    row = task(state=state)
    with pytest.raises(CampaignRefused, match=row.name):
        join_campaign(campaign=row, enterprise=city.enterprise(), user=None)


def test_leaving_takes_a_unit_out_from_that_day_and_keeps_the_reason(city):
    unit = city.enterprise()
    row = task()
    launch_campaign(campaign=row, user=None)
    day = dt.date(2022, 2, 8)
    assert leave_campaigns(enterprise_id=unit.pk, on=day, reason="注销", user=None) == 1
    filing = row.filings.get()
    assert (filing.left_on, filing.left_reason, filing.state) == (day, "注销", FilingState.NOT_STARTED)
    line = EventLine.objects.get(event__kind="campaign.left")
    assert (line.old, line.new) == ({"left_on": None}, {"left_on": "2022-02-08"})
    assert leave_campaigns(enterprise_id=unit.pk, on=clock.today(), reason="又一次", user=None) == 0
    assert row.filings.get().left_on == day


def test_a_unit_never_leaves_before_it_joined(city):
    unit = city.enterprise(joined_on=dt.date(2022, 2, 9))
    row = task()
    launch_campaign(campaign=row, user=None)
    leave_campaigns(enterprise_id=unit.pk, on=dt.date(2022, 1, 20), reason="误报", user=None)
    assert row.filings.get().left_on == dt.date(2022, 2, 9)


def test_a_closed_campaign_stands_still(city):
    unit = city.enterprise()
    row = task()
    with pytest.raises(CampaignRefused):
        close_campaign(campaign=row, user=None)
    launch_campaign(campaign=row, user=None)
    close_campaign(campaign=row, user=None)
    close_campaign(campaign=row, user=None)
    assert Event.objects.filter(kind="campaign.closed").count() == 1
    assert leave_campaigns(enterprise_id=unit.pk, on=clock.today(), reason="注销", user=None) == 0
    with pytest.raises(CampaignRefused):
        launch_campaign(campaign=row, user=None)
