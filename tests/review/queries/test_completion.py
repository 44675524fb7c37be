"""The five figures: what they count on any day, what always holds of them, and that one query gives them."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enterprises.enums import Role, Scale
from enterprises.queries.scope import scope_for
from review.domain.campaigns import leave_campaigns
from review.enums import FilingKind, FilingState
from review.models import Campaign, Filing
from review.queries.board import labels_of, named_cells
from review.queries.completion import (
    GROUPINGS,
    STAGES,
    Cell,
    Figures,
    completion,
    folded,
    percent,
    total_of,
)
from review.queries.tallies import read_marks
from riskreport.ground import clock
from tests import factories

pytestmark = pytest.mark.django_db
START = dt.date(2022, 1, 1)
DAY = dt.timedelta(days=1)
TOWNS = (factories.YANGSHE, factories.YUSHAN, factories.HUAQIAO)
CATEGORIES = ("1401", "1402", "1501")
_numbers = itertools.count(1)


def put(campaign, *, joined=0, left=None, filed=None, due=60, town=TOWNS[0], category="1401", scale="none", **more):
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
        left_on=None if left is None else START + left * DAY,
        due_on=START + due * DAY,
        first_filed_on=filed_on,
        first_filed_at=filed_on and clock.end_of(filed_on - DAY),
        **more,
    )


def figures(campaign, day, **more):
    return completion(campaign=campaign, as_of=START + day * DAY, **more)[0].figures


def test_each_day_counts_who_was_there_and_what_was_filed_by_then():
    campaign = factories.campaign()
    put(campaign, filed=10, due=20)
    put(campaign, filed=30, due=20)
    put(campaign, joined=15, due=20)
    put(campaign, left=25, due=20)
    told = {day: figures(campaign, day) for day in (9, 10, 15, 24, 25, 30)}
    assert told == {
        9: Figures(3, 0, 0),
        10: Figures(3, 1, 1),
        15: Figures(4, 1, 1),
        24: Figures(4, 1, 1),
        25: Figures(3, 1, 1),
        30: Figures(3, 2, 1),
    }


def test_what_was_published_for_a_day_stays_when_a_unit_leaves_later():
    campaign = factories.campaign()
    filing = put(campaign, filed=10)
    before = figures(campaign, 20)
    leave_campaigns(enterprise_id=filing.enterprise_id, on=START + 21 * DAY, reason="停业", user=None)
    assert figures(campaign, 20) == before == Figures(1, 1, 1)
    assert figures(campaign, 21) == Figures(0, 0, 0)


def test_a_reopened_report_stays_filed(at):
    filing = factories.filing(FilingState.FILED)
    factories.move(filing, "reopen")
    cell = completion(campaign=filing.campaign, as_of=clock.today())[0]
    assert cell.figures == Figures(1, 1, 1)


@pytest.mark.parametrize("state", [FilingState.EXEMPT, FilingState.VOID])
def test_an_exempt_or_void_report_is_not_expected_from_that_day(state):
    filing = factories.filing(state)
    today = clock.today()
    assert completion(campaign=filing.campaign, as_of=today)[0].figures == Figures()
    assert completion(campaign=filing.campaign, as_of=today - DAY)[0].figures == Figures(1, 0, 0)


def test_only_obligations_count():
    campaign = factories.campaign()
    put(campaign, kind=FilingKind.CHANGE, filed=3)
    assert figures(campaign, 5) == Figures()


def test_rates_are_exact_and_unknown_when_nothing_is_expected():
    assert Figures(66_775, 62_234, 0).rate == Decimal(62_234) / Decimal(66_775)
    assert (Figures().rate, Figures().rate_on_time) == (None, None)
    assert percent(Figures(66_775, 62_234, 0).rate) == "93.2"


@pytest.mark.parametrize(
    ("actual", "expected", "shown"),
    [(1, 1, "100.0"), (0, 7, "0.0"), (9_999, 10_000, "99.9"), (1, 10_000, "0.1"), (1, 3, "33.3")],
)
def test_a_rate_never_says_all_or_none_when_it_is_not_so(actual, expected, shown):
    assert percent(Figures(expected, actual, 0).rate) == shown
    assert percent(None) == ""


days = st.integers(0, 40)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "joined": days,
            "left": st.none() | st.integers(0, 30),
            "filed": st.none() | days,
            "due": days,
            "town": st.sampled_from(TOWNS),
            "category": st.sampled_from(CATEGORIES),
            "scale": st.sampled_from(Scale.values),
        }
    ),
    max_size=12,
)


@pytest.fixture
def places(db):
    for code in CATEGORIES:
        factories.category(code)
    for town in TOWNS:
        factories.bureau("civil", town // 1000)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows, day=days)
def test_what_always_holds_of_the_five_figures(places, rows, day):
    with transaction.atomic():
        campaign = factories.campaign(code=f"any-{next(_numbers)}")
        filings = [put(campaign, **row | {"left": _after(row)}) for row in rows]
        whole = figures(campaign, day)
        assert whole == _by_hand(filings, START + day * DAY)
        assert 0 <= whole.on_time <= whole.actual <= whole.expected <= len(rows)
        for by in GROUPINGS:
            cells = completion(campaign=campaign, as_of=START + day * DAY, by=by)
            assert total_of(cells) == whole
            assert all(0 <= one.figures.on_time <= one.figures.actual <= one.figures.expected for one in cells)
            for place in range(len(GROUPINGS[by])):
                assert sum(folded(cells, place).values(), Figures()) == whole
        _close_some(campaign, filings)
        for later in (day, day + 50):
            now = figures(campaign, later)
            assert (now.rate or 0) <= 1
            assert (now.rate_on_time or 0) <= (now.rate or 0)
        transaction.set_rollback(True)


def _after(row):
    return None if row["left"] is None else row["joined"] + row["left"]


def _by_hand(filings, day):
    there = [one for one in filings if one.joined_on <= day and (one.left_on is None or one.left_on > day)]
    filed = [one for one in there if one.first_filed_on and one.first_filed_on <= day]
    return Figures(len(there), len(filed), sum(one.first_filed_on <= one.due_on for one in filed))


def _close_some(campaign: Campaign, filings):
    """Close every third unit, exempt and void others, as the moves write it."""
    for number, filing in enumerate(filings):
        if number % 3 == 0:
            leave_campaigns(enterprise_id=filing.enterprise_id, on=START + 41 * DAY, reason="停业", user=None)
        elif filing.left_on is None:
            state = FilingState.VOID if filing.first_filed_on else FilingState.EXEMPT
            left_on = max(START + 41 * DAY, filing.joined_on)
            Filing.objects.filter(pk=filing.pk).update(state=state, left_on=left_on)


def test_the_parts_of_expected_are_whole_and_apart(places):
    campaign = factories.campaign()
    for filed, due, left in itertools.product((None, 5, 25), (4, 30), (None, 12)):
        put(campaign, filed=filed, due=due, left=left)
    for day in (0, 5, 12, 25, 40):
        as_of = START + day * DAY
        counts = {name: Filing.objects.filter(condition(as_of)).count() for name, condition in STAGES.items()}
        assert counts["expected"] == counts["actual"] + counts["open"]
        assert counts["actual"] == counts["on_time"] + counts["late"]
        assert counts["overdue"] <= counts["open"]


@pytest.mark.parametrize("by", sorted(GROUPINGS))
@pytest.mark.parametrize("many", [1, 3])
def test_one_query_gives_the_figures_of_any_grouping(places, django_assert_num_queries, by, many):
    campaign = factories.campaign()
    for number in range(many):
        put(campaign, town=TOWNS[number], category=CATEGORIES[number])
    marks = read_marks(campaign)
    with django_assert_num_queries(1):
        completion(campaign=campaign, as_of=START, by=by, marks=marks)


def test_districts_come_in_the_citys_own_order(places):
    campaign = factories.campaign()
    for town in reversed(TOWNS):
        put(campaign, town=town)
    cells = named_cells(completion(campaign=campaign, as_of=START, by="district"), by="district")
    assert [cell.labels for cell in cells] == [("张家港",), ("昆山",)]
    assert [cell.figures.expected for cell in cells] == [1, 2]


def test_two_dimensions_carry_both_names(places):
    campaign = factories.campaign()
    put(campaign, town=TOWNS[2], category="1501")
    cells = named_cells(completion(campaign=campaign, as_of=START, by="district_sector"), by="district_sector")
    assert [(cell.key, cell.labels) for cell in cells] == [((320583, "15"), ("昆山", "宗教"))]
    assert labels_of("scale", {"above"}) == {"above": str(Scale.ABOVE.label)}


def test_a_scope_counts_its_own_units_only(places):
    campaign = factories.campaign()
    put(campaign, town=TOWNS[0])
    put(campaign, town=TOWNS[1], category="1401")
    put(campaign, town=TOWNS[2], category="1501")
    people = {
        factories.user(Role.OFFICE): 3,
        factories.user(Role.REVIEWER, of=factories.bureau("civil", factories.KUNSHAN)): 1,
        factories.user(Role.REVIEWER, of=factories.township(TOWNS[2])): 1,
        factories.user(Role.OPERATOR): 0,
    }
    for person, count in people.items():
        cells = completion(campaign=campaign, as_of=START, by="total", scope=scope_for(person))
        assert cells == [Cell((), Figures(count, 0, 0))]


def test_an_unknown_grouping_is_an_error():
    with pytest.raises(KeyError):
        completion(campaign=factories.campaign(), as_of=START, by="weather")
