"""The tallies of the boards: what marks a cell, that every answer is exact whatever is marked, what proves them."""

import datetime as dt
import itertools
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enterprises.queries.scope import Scope
from review.domain.campaigns import launch_campaign
from review.domain.tallies import marking
from review.domain.tallies.counting import count_marked
from review.domain.tallies.proving import tally_differences
from review.enums import FUNNEL, FilingKind, FilingState
from review.models import Campaign, Filing, RiskTally, Tally, TallyMark
from review.models.tally import LAST, RATED, STANDING
from review.queries import tallies
from review.queries.board import count_by_colour, count_by_level, count_by_state
from review.queries.completion import GROUPINGS, STAGES, WHOLE, Figures, completion, total_of
from review.queries.tallies import ALL_MARKED, read_marks
from riskreport.ground import clock
from riskreport.ground.domain.events import run_due_reactions
from risks.models import Rating, Risk
from tests import factories

pytestmark = pytest.mark.django_db
START = dt.date(2022, 1, 1)
DAY = dt.timedelta(days=1)
TOWNS = (factories.YANGSHE, factories.YUSHAN, factories.HUAQIAO)
KUNSHAN = factories.KUNSHAN * 1000
ONE_COUNTY = Scope(ranges=((KUNSHAN, KUNSHAN + 999),))
_numbers = itertools.count(1)


def put(
    campaign,
    *,
    joined=0,
    filed=None,
    due=60,
    town=TOWNS[1],
    category="1401",
    scale="none",
    kind="obligation",
    left=None,
):
    """Write an obligation by its days, counted from START."""
    unit = factories.enterprise(town=town, category_code=category, scale=scale, joined_on=START)
    filed_on = None if filed is None else START + filed * DAY
    return Filing.objects.create(
        campaign=campaign,
        enterprise=unit,
        department=factories.bureau("civil", town // 1000),
        town_id=town,
        category_id=category,
        scale=scale,
        joined_on=START + joined * DAY,
        due_on=START + due * DAY,
        first_filed_on=filed_on,
        first_filed_at=filed_on and clock.end_of(filed_on - DAY),
        kind=kind,
        left_on=None if left is None else START + left * DAY,
    )


def cells():
    return set(TallyMark.objects.values_list("campaign_id", "town_id", "category_id"))


def answers(campaign, marks=None, scope=WHOLE):
    today = clock.today()
    expected = total_of(completion(campaign=campaign, as_of=today, scope=scope, marks=marks)).expected
    return (
        [completion(campaign=campaign, as_of=today, by=by, scope=scope, marks=marks) for by in sorted(GROUPINGS)],
        count_by_state(campaign=campaign, today=today, scope=scope, marks=marks),
        count_by_colour(campaign=campaign, today=today, expected=expected, scope=scope, marks=marks),
        count_by_level(scope=scope, marks=marks),
    )


def test_the_columns_are_the_states_and_colours_that_boards_show():
    columns = {field.name for field in Tally._meta.fields}
    assert {*STANDING, "expected", "actual", "on_time"} <= columns
    assert set(STANDING) == {*FUNNEL, *RATED}


def test_a_report_on_its_way_marks_its_cell_and_what_no_board_counts_does_not():
    filing = factories.filing()
    cell = (filing.campaign_id, KUNSHAN, "1401")
    assert cells() == {cell}
    assert count_marked() == 1
    assert cells() == set()
    Filing.objects.filter(pk=filing.pk).update(version=7, submitted_at=clock.now())
    assert cells() == set()
    Filing.objects.filter(pk=filing.pk).update(state=FilingState.DRAFTING)
    assert cells() == {cell}


def test_what_moves_marks_where_it_was_and_where_it_comes():
    campaign = factories.campaign()
    filing = put(campaign)
    count_marked()
    Filing.objects.filter(pk=filing.pk).update(town_id=TOWNS[0], category_id=factories.category("1402").pk)
    assert cells() == {(campaign.pk, KUNSHAN, "1401"), (campaign.pk, factories.ZHANGJIAGANG * 1000, "1402")}
    count_marked()
    filing.refresh_from_db()
    filing.delete()
    assert cells() == {(campaign.pk, factories.ZHANGJIAGANG * 1000, "1402")}


def test_only_obligations_mark():
    put(factories.campaign(), kind=FilingKind.CHANGE)
    assert cells() == set()


def test_a_colour_and_a_ledger_risk_mark_too():
    factories.rating_rule()
    filing = factories.filing(FilingState.FILED)
    count_marked()
    run_due_reactions(queue="quick")
    assert Rating.objects.filter(enterprise=filing.enterprise, is_current=True).exclude(colour="grey").exists()
    cell = (filing.campaign_id, KUNSHAN, "1401")
    assert cells() == {cell}
    count_marked()
    Risk.objects.update(name="另一个名称")
    assert cells() == set()
    Risk.objects.update(state="closed", closed_on=clock.today())
    assert cells() == {(None, KUNSHAN, "1401")}
    count_marked()
    assert not RiskTally.objects.exists()
    Rating.objects.update(is_current=False)
    assert cells() == {cell}


def test_what_a_launch_writes_at_once_marks_its_cells():
    for town in TOWNS:
        factories.enterprise(town=town)
        factories.bureau("civil", town // 1000)
    campaign = factories.campaign(state="draft")
    launch_campaign(campaign=campaign, user=None)
    assert {cell[1] // 1000 for cell in cells()} == {factories.ZHANGJIAGANG, factories.KUNSHAN}
    count_marked()
    assert Tally.objects.filter(campaign=campaign, day=LAST).count() == 2
    assert completion(campaign=campaign, as_of=campaign.due_on)[0].figures == Figures(3, 0, 0)


@pytest.mark.parametrize("counted", [False, True])
def test_clean_or_marked_the_answers_are_the_same(counted):
    factories.rating_rule()
    filings = [factories.filing(state) for state in (*FUNNEL, FilingState.EXEMPT)]
    run_due_reactions(queue="quick")
    for filing in filings:
        campaign = filing.campaign
        if counted:
            count_marked()
        assert answers(campaign) == answers(campaign, ALL_MARKED)
        assert answers(campaign, scope=ONE_COUNTY) == answers(campaign, ALL_MARKED, ONE_COUNTY)
    if counted:
        Tally.objects.all().delete()  # the control: a board that did not read them would not notice
        assert answers(filings[0].campaign) != answers(filings[0].campaign, ALL_MARKED)


def test_half_of_it_marked():
    campaign = factories.campaign()
    for town, filed in itertools.product(TOWNS, (None, 5)):
        put(campaign, town=town, filed=filed)
    count_marked()
    put(campaign, town=TOWNS[0], filed=5)
    assert read_marks(campaign).filings == {factories.ZHANGJIAGANG * 1000: {"1401"}}
    assert [cell.figures for cell in completion(campaign=campaign, as_of=START + 9 * DAY, by="district")] == [
        Figures(3, 2, 2),
        Figures(4, 2, 2),
    ]
    assert answers(campaign) == answers(campaign, ALL_MARKED)


def test_towns_and_townships_are_counted_one_by_one():
    campaign = factories.campaign()
    put(campaign, town=TOWNS[1])
    put(campaign, town=TOWNS[2])
    count_marked()
    Tally.objects.update(expected=50)
    township = Scope(ranges=((TOWNS[1], TOWNS[1]),))
    assert completion(campaign=campaign, as_of=START, scope=township)[0].figures == Figures(1, 0, 0)
    assert len(completion(campaign=campaign, as_of=START, by="town")) == 2
    assert completion(campaign=campaign, as_of=START)[0].figures.expected == 50


def test_too_many_marks_and_everything_is_counted_one_by_one(monkeypatch):
    campaign = factories.campaign()
    put(campaign, town=TOWNS[0])
    put(campaign, town=TOWNS[1])
    monkeypatch.setattr(tallies, "MOST", 1)
    assert read_marks(campaign) == ALL_MARKED
    assert completion(campaign=campaign, as_of=START)[0].figures == Figures(2, 0, 0)


def test_a_trigger_that_was_lost_is_set_again_and_everything_marked():
    campaign = factories.campaign()
    put(campaign)
    count_marked()
    marking.keep_marking()
    assert cells() == set()
    name = "review_filing_marks_update"
    drop = f"DROP TRIGGER {name} ON review_filing" if connection.vendor == "postgresql" else f"DROP TRIGGER {name}"
    with connection.cursor() as cursor:
        cursor.execute(drop)
    Filing.objects.update(first_filed_on=START, first_filed_at=clock.now())
    assert cells() == set()
    assert tally_differences()[1] != []
    marking.keep_marking()
    assert cells() == {(campaign.pk, KUNSHAN, "1401")}
    count_marked()
    assert tally_differences()[1] == []
    Filing.objects.update(state=FilingState.DRAFTING)
    assert cells() == {(campaign.pk, KUNSHAN, "1401")}


@pytest.mark.parametrize(
    ("table", "change"),
    [(Tally, {"expected": 9}), (Tally, {"approved": 9}), (Tally, {"red": 9}), (RiskTally, {"n": 9})],
)
def test_a_tally_that_differs_is_named(table, change):
    factories.rating_rule()
    filing = factories.filing(FilingState.FILED)
    run_due_reactions(queue="quick")
    count_marked()
    output = StringIO()
    call_command("check_progress", stdout=output)
    table.objects.update(**change)
    with pytest.raises(CommandError):
        call_command("check_progress", stdout=output)
    name = filing.campaign.code if table is Tally else "the ledger"
    assert f"{name}: the tally of county 320583, category 1401 is not what its rows say" in output.getvalue()
    call_command("tallies", "--all", verbosity=0)
    call_command("check_progress", stdout=output)


def test_the_command_counts_what_is_marked():
    put(factories.campaign())
    output = StringIO()
    call_command("tallies", stdout=output)
    assert output.getvalue().startswith("1 cells counted")
    assert cells() == set()


# --- whatever is done to filings ------------------------------------------------------------------------------------
rows = st.lists(
    st.fixed_dictionaries(
        {
            "joined": st.integers(0, 12),
            "filed": st.none() | st.integers(0, 30),
            "due": st.integers(5, 20),
            "town": st.sampled_from(TOWNS),
            "category": st.sampled_from(["1401", "1402"]),
            "scale": st.sampled_from(["above", "none"]),
        }
    ),
    min_size=1,
    max_size=5,
)
ACTS = ("close", "exempt", "come back", "move", "file", "state", "count")
acts = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 4), st.integers(0, 30), st.sampled_from(TOWNS)), max_size=8
)


def act(name, filing, day, town):
    """Do something to a filing, as a column is written whoever writes it."""
    on = START + day * DAY
    if name == "close" and filing.left_on is None:
        filing.left_on = max(on, filing.joined_on)
    elif name == "exempt":
        filing.state, filing.left_on = FilingState.EXEMPT, filing.left_on or max(on, filing.joined_on)
    elif name == "come back" and filing.left_on and on > filing.left_on:
        filing.away_from, filing.away_until, filing.left_on = filing.away_from or filing.left_on, on, None
        filing.state = FilingState.DRAFTING
    elif name == "move":
        filing.town_id = town
    elif name == "file" and filing.first_filed_on is None:
        filing.first_filed_on, filing.first_filed_at = on, clock.now()
    elif name == "state" and filing.state != FilingState.EXEMPT:
        filing.state = FUNNEL[day % 3]
    elif name == "count":
        count_marked()
    filing.save()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows, acts=acts)
def test_whatever_happens_the_parts_fit_and_tallies_rows_and_lists_agree(rows, acts):
    with transaction.atomic():
        for code in ("1401", "1402"):
            factories.category(code)
        campaign = factories.campaign(code=f"any-{next(_numbers)}", categories=("1401", "1402"))
        filings = [put(campaign, **row) for row in rows]
        for name, which, day, town in (*acts, ("count", 0, 0, TOWNS[0])):
            act(name, filings[which % len(filings)], day, town)
            for as_of in (0, 5, 10, 20, 29, 60):
                _holds(campaign, START + as_of * DAY)
            assert tally_differences()[1] == []
        transaction.set_rollback(True)


def _holds(campaign: Campaign, as_of):
    whole = completion(campaign=campaign, as_of=as_of)[0].figures
    lists = [
        Filing.objects.filter(STAGES[stage](as_of), campaign=campaign).count()
        for stage in ("expected", "actual", "on_time")
    ]
    assert whole == Figures(*lists)
    assert 0 <= whole.on_time <= whole.actual <= whole.expected
    assert (whole.rate or 0) <= 1
    for by in ("district_category", "scale", "sector"):
        assert total_of(completion(campaign=campaign, as_of=as_of, by=by)) == whole
