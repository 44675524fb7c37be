"""How figures stand to their plan on a day."""

import datetime as dt
from decimal import Decimal

from review.checks.standing import standing_of
from review.enums import Light
from review.queries.completion import Figures
from review.queries.schedule import Plan

OPENS, DUE = dt.date(2021, 9, 1), dt.date(2021, 10, 31)
PLAN = Plan(OPENS, ((DUE, Decimal(1)),))


def test_behind_with_days_and_pace():
    found = standing_of(Figures(100, 20, 20), PLAN, dt.date(2021, 9, 30))
    assert round(found.planned, 4) == Decimal("0.4833")
    assert (found.light, found.days_behind) == (Light.BEHIND, 17)
    # October 2021: 31 days, of which 1 to 7 are off and the 9th is worked in exchange.
    assert (found.days_left, found.working_days_left) == (31, 17)
    assert found.needed == 5


def test_nothing_is_needed_when_all_is_in_or_no_day_is_left():
    assert standing_of(Figures(100, 100, 90), PLAN, dt.date(2021, 9, 30)).needed is None
    over = standing_of(Figures(100, 90, 90), PLAN, DUE)
    assert (over.days_left, over.working_days_left, over.needed) == (0, 0, None)
    late = standing_of(Figures(100, 90, 90), PLAN, DUE + dt.timedelta(days=30))
    assert (late.days_left, late.light, late.days_behind) == (0, Light.ON, 36)


def test_the_last_working_day_is_still_a_day():
    assert standing_of(Figures(10, 3, 3), PLAN, dt.date(2021, 10, 28)).needed == 7
    assert standing_of(Figures(10, 3, 3), PLAN, dt.date(2021, 10, 29)).needed is None  # a weekend is left
