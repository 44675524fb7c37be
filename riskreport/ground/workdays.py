"""China's working days: weekends, legal holidays, the days off around them and the weekends worked in exchange.

The calendar ships with the library ``holidays``: nothing is asked on the network. The State Council publishes the
next year's calendar each November; a year the installed library does not know yet falls back to weekdays without the
legal holidays whose days are fixed by law (with their days in lieu), so a count far ahead may be off by the days
off around a festival until the library is brought up to date.
"""

import datetime as dt
from functools import cache

from holidays import HolidayBase, country_holidays

DAY = dt.timedelta(days=1)


def is_working_day(day: dt.date) -> bool:
    """Return whether offices work on the day: a weekday that is no holiday, or a weekend day worked in exchange."""
    return _calendar(day.year).is_working_day(day)


def working_days(first: dt.date, last: dt.date) -> int:
    """Return how many working days there are from ``first`` to ``last``, both included; nought when last is before."""
    return sum(is_working_day(first + n * DAY) for n in range((last - first).days + 1))


def add_working_days(day: dt.date, n: int) -> dt.date:
    """Return the n-th working day after ``day``, which itself does not count; ``day`` for nought.

    Raises ValueError for a negative number.
    """
    if n < 0:
        raise ValueError("working days are counted forwards")
    while n:
        day += DAY
        n -= is_working_day(day)
    return day


@cache
def _calendar(year: int) -> HolidayBase:
    return country_holidays("CN", years=year, expand=False)


def working_day_before(day: dt.date, n: int) -> dt.date:
    """Return the n-th working day before ``day``, which itself does not count; ``day`` for nought.

    Raises ValueError for a negative number.
    """
    if n < 0:
        raise ValueError("working days are counted backwards")
    while n:
        day -= DAY
        n -= is_working_day(day)
    return day
