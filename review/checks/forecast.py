"""When all will be in at the pace of the weeks so far, and the pace that is needed; pure, from figures alone."""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from review.enums import Outlook
from review.queries.course import Course
from riskreport.ground.workdays import add_working_days, working_days

DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
WEEKS_NEEDED = 3  # fewer say nothing of a pace
WEEKS_LOOKED_AT = 8
LIKELY, SLOW, FAST = Fraction(1, 2), Fraction(1, 4), Fraction(3, 4)  # quantiles of the weekly paces
FARTHEST = 2500  # working days, ten years: a date beyond is none


@dataclass(frozen=True)
class Forecast:
    """What is to be expected of a group.

    ``needed`` is how many a working day would end it on the day due, None when none is left until then. ``pace`` is the
    median of the weekly paces a working day. A date of the band is None when at that pace it does not end.
    """

    outlook: Outlook
    open: int = 0
    days_left: int = 0
    needed: int | None = None
    pace: Fraction | None = None
    earliest: dt.date | None = None
    likely: dt.date | None = None
    latest: dt.date | None = None


def forecast(course: Course, *, opens_on: dt.date, due_on: dt.date, day: dt.date) -> Forecast:
    """Return what to expect as of a day, from the weeks that ended on it, eight at the most, and since the opening.

    A week's pace is what was filed in it for each of its working days; a week of holidays alone says nothing. Fast,
    likely and slow are the upper quartile, the median and the lower quartile of these paces.
    """
    now = course.on(day)
    if not now.expected:
        return Forecast(Outlook.NOTHING)
    if not now.open:
        return Forecast(Outlook.DONE)
    left = working_days(day + DAY, due_on)
    needed = ceil(Fraction(now.open, left)) if left else None
    paces = weekly_paces(course, opens_on=opens_on, day=day)
    if len(paces) < WEEKS_NEEDED:
        return Forecast(Outlook.TOO_EARLY, now.open, left, needed)
    pace = quantile(paces, LIKELY)
    ends = [end_at(now.open, quantile(paces, share), day) for share in (FAST, LIKELY, SLOW)]
    outlook = Outlook.BAND if ends[1] else Outlook.NEVER
    return Forecast(outlook, now.open, left, needed, pace, *ends)


def weekly_paces(course: Course, *, opens_on: dt.date, day: dt.date) -> list[Fraction]:
    """Return the paces of the weeks up to a day, the newest first, of whole weeks since the opening only."""
    paces = []
    for number in range(WEEKS_LOOKED_AT):
        end = day - number * WEEK
        start = end - WEEK
        if start < opens_on - DAY:
            break
        worked = working_days(start + DAY, end)
        if worked:
            filed = max(course.on(end).actual - (course.on(start).actual if start >= opens_on else 0), 0)
            paces.append(Fraction(filed, worked))
    return paces


def quantile(values: list[Fraction], share: Fraction) -> Fraction:
    """Return the value below which this share of the values lies, straight between the two nearest."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def end_at(left: int, pace: Fraction, day: dt.date) -> dt.date | None:
    """Return the working day on which the last is filed at a pace, None when it never is or only after ten years."""
    days = ceil(left / pace) if pace else FARTHEST + 1
    return add_working_days(day, days) if days <= FARTHEST else None
