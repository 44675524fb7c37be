"""Obligations follow the roster: who joins, moves, leaves and comes back, and what that does to the figures."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.domain.roster_changes import RosterAct, RosterChange
from enterprises.domain.upkeep import Deed, StaleUnit, change_life, move_unit
from enterprises.enums import Lifecycle, Role
from enterprises.models import Enterprise
from review.domain.campaigning.closing import close_campaign
from review.domain.campaigns import create_campaign, launch_campaign
from review.domain.following import NobodyDecides, hold_obligations, keep_obligations
from review.enums import FilingState
from review.models import Filing
from review.queries.completion import Figures, completion
from riskreport.ground import clock
from riskreport.ground.models import Event
from tests import factories

pytestmark = pytest.mark.django_db
OPENS, DUE = dt.date(2022, 1, 1), dt.date(2022, 3, 31)
TODAY = dt.date(2022, 2, 10)
REASON = "企业已注销，见市场监管局通知。"


@pytest.fixture
def city(at):
    """A day in February, and every office that may have to decide."""
    at(dt.datetime(2022, 2, 10, 4, tzinfo=dt.UTC))
    for county in (factories.KUNSHAN, factories.ZHANGJIAGANG):
        for line in ("civil", "religion", "emergency"):
            factories.bureau(line, county)
    for code in ("1401", "1402", "1501", "0001"):
        factories.category(code)
    return factories


def task(**fields):
    given = {"code": "key", "name": "重点行业", "opens_on": OPENS, "due_on": DUE, "categories": ["1401"], "user": None}
    row = create_campaign(**given | fields)
    launch_campaign(campaign=row, user=None)
    return row


def deed(unit, person=None, **fields):
    given = {"user": person or factories.user(Role.OFFICE), "enterprise_id": unit.pk, "on": TODAY, "reason": REASON}
    return Deed(**given | {"seen_version": Enterprise.objects.get(pk=unit.pk).version} | fields)


def figures(campaign, day):
    return completion(campaign=campaign, as_of=day)[0].figures


def old_unit(**fields):
    return factories.enterprise(joined_on=dt.date(2021, 6, 1), **fields)


def test_a_unit_that_closes_leaves_the_denominator_from_that_day(city):
    unit, other = old_unit(), old_unit()
    row = task()
    change_life(deed=deed(unit, on=TODAY - dt.timedelta(days=2)), step="close")
    assert [figures(row, TODAY - dt.timedelta(days=back)).expected for back in (3, 2, 0)] == [2, 1, 1]
    filing = Filing.objects.get(enterprise=unit)
    assert (filing.left_on, filing.left_reason) == (TODAY - dt.timedelta(days=2), REASON)
    assert Filing.objects.get(enterprise=other).left_on is None


def test_a_unit_that_comes_back_counts_from_that_day_and_not_in_between(city):
    unit = old_unit()
    row = task()
    day = dt.timedelta(days=1)
    change_life(deed=deed(unit, on=TODAY - 6 * day), step="close")
    change_life(deed=deed(unit, on=TODAY - 3 * day), step="return")
    counted = [figures(row, TODAY - back * day).expected for back in (7, 6, 4, 3, 0)]
    assert counted == [1, 0, 0, 1, 1]
    change_life(deed=deed(unit, on=TODAY - 2 * day), step="write_off")
    change_life(deed=deed(unit, on=TODAY - day), step="return")
    counted = [figures(row, TODAY - back * day).expected for back in (7, 6, 3, 2, 1, 0)]
    assert counted == [1, 0, 0, 0, 1, 1], "two absences become one: never counted while off the roster"
    assert Filing.objects.filter(enterprise=unit).count() == 1


def test_one_who_comes_back_on_the_day_it_left_was_never_away(city):
    unit = old_unit()
    row = task()
    change_life(deed=deed(unit), step="close")
    change_life(deed=deed(unit), step="return")
    filing = row.filings.get()
    assert (filing.left_on, filing.away_from, filing.away_until) == (None, None, None)


def test_what_was_filed_before_the_closing_stays_filed(city):
    unit = old_unit()
    row = task(categories=["1401"], stages=1, deciding_level="county")
    filing = Filing.objects.get(enterprise=unit)
    factories.catalogue()
    factories.reach(filing, FilingState.FILED)
    change_life(deed=deed(unit), step="close")
    assert figures(row, TODAY) == Figures(0, 0, 0)
    assert figures(row, TODAY - dt.timedelta(days=1)) == Figures(1, 0, 0)
    change_life(deed=deed(unit), step="return")
    assert figures(row, TODAY) == Figures(1, 1, 1)
    filing.refresh_from_db()
    assert filing.state == FilingState.FILED


def test_a_suspended_unit_stays_expected(city):
    unit = old_unit()
    row = task()
    change_life(deed=deed(unit), step="suspend")
    assert figures(row, TODAY) == Figures(1, 0, 0)


def test_a_move_takes_town_category_scale_and_decider_along(city):
    unit = old_unit()
    row = task(categories=["1401", "1402"])
    move_unit(deed=deed(unit), town_id=factories.YANGSHE, category_id="1402", scale="above")
    filing = row.filings.get()
    assert (filing.town_id, filing.category_id, filing.scale) == (factories.YANGSHE, "1402", "above")
    assert filing.department == factories.bureau("civil", factories.ZHANGJIAGANG)
    assert figures(row, TODAY) == Figures(1, 0, 0)
    event = Event.objects.get(kind="campaign.followed")
    line = event.lines.get()
    assert (event.enterprise_id, line.old["town_id"], line.new["town_id"]) == (
        unit.pk, factories.HUAQIAO, factories.YANGSHE
    )  # fmt: skip


def test_a_move_out_of_a_task_leaves_it_and_into_another_joins_it(city):
    unit = old_unit()
    left, joined = task(), task(code="venues", categories=["1501"])
    move_unit(deed=deed(unit), town_id=unit.town_id, category_id="1501", scale=unit.scale)
    assert (left.filings.get().left_on, joined.filings.get().joined_on) == (TODAY, TODAY)
    assert joined.filings.get().department == factories.bureau("religion")


def test_a_closed_task_stands_still(city):
    unit = old_unit()
    row = task(categories=["1401", "1402"])
    close_campaign(campaign=row, user=None)
    move_unit(deed=deed(unit), town_id=factories.YANGSHE, category_id="1402", scale="above")
    change_life(deed=deed(unit), step="close")
    filing = row.filings.get()
    assert (filing.town_id, filing.category_id, filing.left_on) == (factories.HUAQIAO, "1401", None)


def test_a_scale_with_a_day_of_its_own_gives_another_due_day_to_what_is_not_filed(city):
    unit = old_unit(scale="below")
    early = dt.date(2022, 2, 28)
    row = task(milestones=[{"name": "规上", "scale": "above", "due_on": early}])
    move_unit(deed=deed(unit), town_id=unit.town_id, category_id="1401", scale="above")
    assert row.filings.get().due_on == early


def test_a_claim_of_the_old_department_ends_and_the_report_waits_at_the_new_one(city):
    row = factories.campaign()
    filing = factories.filing(FilingState.IN_REVIEW, campaign=row, of=old_unit())
    version = filing.version
    factories.bureau("civil", factories.ZHANGJIAGANG)
    move_unit(deed=deed(filing.enterprise), town_id=factories.YANGSHE, category_id="1401", scale="none")
    filing.refresh_from_db()
    assert (filing.state, filing.claimed_by, filing.version) == (FilingState.SUBMITTED, None, version + 1)
    assert filing.department == factories.bureau("civil", factories.ZHANGJIAGANG)
    event = Event.objects.get(kind="filing.hand_over")
    assert (event.object_id, event.data["from"], event.data["to"]) == (filing.pk, "in_review", "submitted")


def test_a_claim_within_the_same_department_goes_on(city):
    filing = factories.filing(FilingState.IN_REVIEW, campaign=factories.campaign(), of=old_unit())
    move_unit(deed=deed(filing.enterprise), town_id=factories.YUSHAN, category_id="1401", scale="none")
    filing.refresh_from_db()
    assert (filing.state, filing.town_id) == (FilingState.IN_REVIEW, factories.YUSHAN)


def test_what_is_exempt_or_void_is_not_asked_again(city):
    row = factories.campaign()
    filings = [factories.filing(state, campaign=row, of=old_unit()) for state in ("exempt", "void")]
    for filing in filings:
        change_life(deed=deed(filing.enterprise), step="close")
        change_life(deed=deed(filing.enterprise), step="return")
        assert list(Filing.objects.filter(enterprise=filing.enterprise).values_list("state", flat=True)) == [
            filing.state
        ]
    assert figures(row, TODAY) == Figures(0, 0, 0)


def test_a_move_to_where_nobody_decides_is_refused_whole(city):
    unit = old_unit()
    task(categories=["1401", "1402"])
    factories.Department.objects.filter(line="civil", region=factories.ZHANGJIAGANG).delete()
    with pytest.raises(NobodyDecides, match=unit.name):
        move_unit(deed=deed(unit), town_id=factories.YANGSHE, category_id="1402", scale="none")
    unit.refresh_from_db()
    assert (unit.town_id, Event.objects.filter(kind__startswith="enterprise.").count()) == (factories.HUAQIAO, 0)


def test_a_stale_version_changes_nothing(city):
    unit = old_unit()
    row = task()
    change_life(deed=deed(unit), step="suspend")
    with pytest.raises(StaleUnit) as caught:
        change_life(deed=deed(unit, seen_version=1), step="close")
    assert (caught.value.unit.lifecycle, row.filings.get().left_on) == (Lifecycle.SUSPENDED, None)


@pytest.mark.parametrize("count", [1, 40])
def test_many_changes_cost_as_many_queries_as_one(city, count):
    """The follower is told of a whole import at once."""
    units = [old_unit() for _number in range(count)]
    row = task(categories=["1401", "1402"])
    Enterprise.objects.update(town=factories.region(factories.YANGSHE), category=factories.category("1402"))
    changes = [RosterChange(unit.pk, RosterAct.MOVED, TODAY, REASON) for unit in units]
    clock.now()  # asks the database's time once, and not again for a while
    with CaptureQueriesContext(connection) as asked:
        hold_obligations([unit.pk for unit in units])
        keep_obligations(changes, None)
    assert set(row.filings.values_list("town_id", "category_id")) == {(factories.YANGSHE, "1402")}
    assert len(asked) == MOVE_QUERIES
    Enterprise.objects.update(lifecycle=Lifecycle.CLOSED, left_on=TODAY)
    changes = [RosterChange(unit.pk, RosterAct.LEFT, TODAY, REASON) for unit in units]
    with CaptureQueriesContext(connection) as asked:
        keep_obligations(changes, None)
    assert row.filings.filter(left_on=TODAY).count() == count
    assert len(asked) == LEAVE_QUERIES
    events = Event.objects.count()
    keep_obligations(changes, None)
    assert Event.objects.count() == events


MOVE_QUERIES, LEAVE_QUERIES = 14, 10
