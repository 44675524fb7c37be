"""China's working days, against the calendars the State Council published."""

import datetime as dt

import pytest

from riskreport.ground.workdays import add_working_days, is_working_day, working_days

DAY = dt.date


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (DAY(2021, 9, 26), True),  # a Sunday worked in exchange for the National Day
        (DAY(2021, 10, 1), False),
        (DAY(2021, 10, 9), True),  # a Saturday
        (DAY(2021, 10, 10), False),
        (DAY(2022, 1, 3), False),  # a Monday in lieu
        (DAY(2022, 1, 4), True),
        (DAY(2026, 2, 14), True),  # a Saturday worked in exchange for the Spring Festival
        (DAY(2026, 2, 23), False),
    ],
)
def test_holidays_days_in_lieu_and_weekends_worked(day, works):
    assert is_working_day(day) is works


def test_both_ends_are_counted():
    assert working_days(DAY(2021, 9, 30), DAY(2021, 10, 9)) == 3  # Thursday; Friday 8th; Saturday 9th
    assert working_days(DAY(2021, 10, 8), DAY(2021, 10, 8)) == 1
    assert working_days(DAY(2021, 10, 9), DAY(2021, 10, 8)) == 0
    assert working_days(DAY(2021, 1, 1), DAY(2021, 12, 31)) == 250
    assert working_days(DAY(2021, 12, 30), DAY(2022, 1, 4)) == 3


def test_the_nth_working_day_after_a_day():
    assert add_working_days(DAY(2021, 9, 30), 0) == DAY(2021, 9, 30)
    assert add_working_days(DAY(2021, 9, 30), 1) == DAY(2021, 10, 8)
    assert add_working_days(DAY(2021, 9, 30), 3) == DAY(2021, 10, 11)
    assert add_working_days(DAY(2021, 12, 31), 1) == DAY(2022, 1, 4)
    with pytest.raises(ValueError, match="forwards"):
        add_working_days(DAY(2021, 9, 30), -1)


def test_a_year_not_published_has_its_weekdays_and_the_days_fixed_by_law():
    assert [is_working_day(DAY(2049, 10, n)) for n in (1, 2, 8, 9)] == [False, False, True, False]
    assert not is_working_day(DAY(2049, 1, 1))
