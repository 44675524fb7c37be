"""The figures day by day: those that completion gives for each day, from tallies and from filings alike."""

import pytest

from review.domain.tallies.counting import count_marked
from review.models import Filing
from review.queries.completion import Figures, completion
from review.queries.course import course
from review.queries.tallies import ALL_MARKED, read_marks
from tests import factories
from tests.review.domain.test_tallies import DAY, START, TOWNS, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    row = factories.campaign(categories=("1401", "1402"))
    factories.category("1402")
    put(row, filed=3, due=4)
    put(row, filed=9, due=4, left=12, scale="above")
    put(row, joined=5, town=TOWNS[0], category="1402")
    back = put(row, filed=2, left=6)
    Filing.objects.filter(pk=back.pk).update(away_from=START + 6 * DAY, away_until=START + 10 * DAY, left_on=None)
    put(row, filed=1, joined=5, left=14)
    return row


def days_of(campaign, **more):
    return course(campaign=campaign, first=START, last=START + 15 * DAY, **more)


def test_the_days_written_out(campaign):
    run = days_of(campaign)[""]
    told = {day: run.on(START + day * DAY) for day in (0, 2, 3, 5, 6, 9, 10, 12, 14)}
    assert told == {
        0: Figures(3, 0, 0),
        2: Figures(3, 1, 1),
        3: Figures(3, 2, 2),
        5: Figures(5, 3, 3),
        6: Figures(4, 2, 2),
        9: Figures(4, 3, 2),
        10: Figures(5, 4, 3),
        12: Figures(4, 3, 3),
        14: Figures(3, 2, 2),
    }
    assert run.by_scale == {"above": 0, "none": 3}
    assert run.on(START - DAY) == run.on(START)
    assert run.on(START + 99 * DAY) == run.now == Figures(3, 2, 2)


@pytest.mark.parametrize("counted", [False, True])
@pytest.mark.parametrize("by", ["total", "district", "town", "sector", "category", "scale"])
def test_every_day_is_what_completion_says(campaign, by, counted):
    if counted:
        count_marked()
        put(campaign, filed=4, town=TOWNS[0])  # one cell is marked, the others are clean
    found = days_of(campaign, by=by)
    for number in range(16):
        day = START + number * DAY
        cells = completion(campaign=campaign, as_of=day, by=by, marks=ALL_MARKED)
        told = {cell.key[0] if cell.key else "": cell.figures for cell in cells}
        assert {key: run.on(day) for key, run in found.items() if run.on(day).expected or by == "total"} == told


@pytest.mark.parametrize("by", ["total", "district", "category"])
def test_one_query_when_nothing_is_marked(campaign, django_assert_num_queries, by):
    count_marked()
    marks = read_marks(campaign)
    with django_assert_num_queries(1):
        days_of(campaign, by=by, marks=marks)


def test_nothing_expected_is_a_course_of_noughts(campaign):
    Filing.objects.all().delete()
    assert days_of(campaign)[""].now == Figures()
    assert days_of(campaign, by="district") == {}
