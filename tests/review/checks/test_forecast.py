"""Forecasts from weekly paces, with dates counted by hand on the calendar of 2021."""

import datetime as dt
from fractions import Fraction

import pytest

from review.checks.forecast import Forecast, end_at, forecast, quantile, weekly_paces
from review.enums import Outlook
from review.queries.completion import Figures
from review.queries.course import Course

OPENS = dt.date(2021, 7, 5)  # a Monday; no holiday until 20 September
DUE = dt.date(2021, 9, 17)
WEEK = dt.timedelta(days=7)


def ran(*weekly: int, expected: int = 100) -> Course:
    """A course in which so many were filed on the Wednesday of each week."""
    days, filed = [], 0
    for count in weekly:
        days += [Figures(expected, filed, filed)] * 2 + [Figures(expected, filed + count, filed + count)] * 5
        filed += count
    return Course(OPENS, tuple(days), {"none": expected})


def told(course: Course, **more) -> Forecast:
    day = OPENS + dt.timedelta(days=len(course.days) - 1)  # a Sunday
    return forecast(course, opens_on=OPENS, due_on=more.get("due_on", DUE), day=day)


def test_three_weeks_give_a_band():
    answer = told(ran(10, 5, 20))  # 65 open; paces 2, 1 and 4 a working day; on Sunday 25 July
    assert (answer.outlook, answer.open, answer.pace) == (Outlook.BAND, 65, Fraction(2))
    assert (answer.days_left, answer.needed) == (40, 2)
    assert answer.earliest == dt.date(2021, 8, 24)  # 65 / 3 = 22 working days
    assert answer.likely == dt.date(2021, 9, 8)  # 65 / 2 = 33
    assert answer.latest == dt.date(2021, 9, 24)  # 65 / 1.5 = 44: a Saturday is worked, 20 and 21 September are not


def test_under_three_weeks_there_is_too_little_data():
    answer = told(ran(10, 5))
    assert answer == Forecast(Outlook.TOO_EARLY, 85, 45, 2)


def test_at_a_pace_of_nought_it_will_not_end():
    answer = told(ran(10, 0, 0))
    assert (answer.outlook, answer.likely, answer.latest) == (Outlook.NEVER, None, None)
    assert answer.earliest is not None  # the upper quartile still moves
    assert told(ran(0, 0, 0)) == Forecast(Outlook.NEVER, 100, 40, 3, Fraction(0))


def test_one_slow_week_of_four_leaves_the_band_open():
    answer = told(ran(5, 0, 0, 5))
    assert (answer.outlook, answer.latest) == (Outlook.BAND, None)


def test_done_is_done_and_nothing_is_nothing():
    assert told(ran(50, 50)) == Forecast(Outlook.DONE)
    assert told(ran(0, 0, 0, expected=0)) == Forecast(Outlook.NOTHING)


def test_after_the_day_due_no_pace_is_needed_any_more():
    answer = told(ran(10, 5, 20), due_on=dt.date(2021, 7, 20))
    assert (answer.days_left, answer.needed, answer.outlook) == (0, None, Outlook.BAND)


def test_only_the_last_eight_weeks_count_and_none_before_the_opening():
    paces = weekly_paces(ran(90, *[5] * 8), opens_on=OPENS, day=OPENS + 9 * WEEK - dt.timedelta(days=1))
    assert paces == [Fraction(1)] * 8
    assert weekly_paces(ran(5, 5), opens_on=OPENS, day=OPENS + WEEK) == [Fraction(1)]


def test_units_that_leave_make_no_pace_below_nought():
    course = Course(OPENS, (Figures(9, 9, 9),) * 7 + (Figures(5, 5, 5),) * 7, {})
    assert weekly_paces(course, opens_on=OPENS, day=OPENS + 2 * WEEK - dt.timedelta(days=1))[0] == 0


def test_a_week_of_holidays_says_nothing():
    opens = dt.date(2021, 9, 1)
    course = Course(opens, (Figures(9, 0, 0),) * 60, {})
    week_of_the_national_day = weekly_paces(course, opens_on=opens, day=dt.date(2021, 10, 7))
    assert len(week_of_the_national_day) == 4  # five weeks, of which one was 1 to 7 October


@pytest.mark.parametrize(("share", "value"), [("0", 1), ("1/4", 2), ("1/2", 3), ("5/8", "7/2"), ("1", 5)])
def test_quantiles(share, value):
    assert quantile([Fraction(n) for n in (5, 3, 1, 4, 2)], Fraction(share)) == Fraction(value)


def test_a_date_beyond_ten_years_is_none():
    assert end_at(2501, Fraction(1), DUE) is None
    assert end_at(2, Fraction(1), DUE) == dt.date(2021, 9, 22)  # after the Mid-Autumn days; Saturday 18th is worked
