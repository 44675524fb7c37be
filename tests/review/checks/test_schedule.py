"""Plans, lights and days behind, with values worked out by hand."""

import datetime as dt
from decimal import Decimal

import pytest

from review.checks.schedule import Light, Plan, days_behind, light

OPENS = dt.date(2022, 1, 1)
PLAN = Plan(OPENS, ((dt.date(2022, 1, 11), Decimal("0.2")), (dt.date(2022, 1, 31), Decimal(1))))


@pytest.mark.parametrize(
    ("day", "share"),
    [(-5, "0"), (0, "0"), (1, "0.02"), (5, "0.1"), (10, "0.2"), (11, "0.24"), (20, "0.6"), (30, "1"), (90, "1")],
)
def test_a_plan_runs_straight_from_target_to_target(day, share):
    assert PLAN.share(OPENS + dt.timedelta(days=day)) == Decimal(share)


@pytest.mark.parametrize(
    ("share", "day"),
    [("-1", 0), ("0", 0), ("0.02", 1), ("0.03", 2), ("0.2", 10), ("0.21", 11), ("0.6", 20), ("1", 30), ("1.2", 30)],
)
def test_the_day_of_a_share_is_the_first_that_asks_for_it(share, day):
    assert PLAN.day_of(Decimal(share)) == OPENS + dt.timedelta(days=day)


def test_a_plan_of_one_day():
    plan = Plan(OPENS, ((OPENS, Decimal(1)),))
    days = [OPENS - dt.timedelta(days=1), OPENS]
    assert [plan.share(day) for day in days] == [0, 1]
    assert plan.day_of(Decimal("0.5")) == plan.due_on == OPENS


@pytest.mark.parametrize(
    ("actual", "planned", "shown"),
    [
        ("0.50", "0.50", Light.ON),
        ("0.40", "0.50", Light.ON),
        ("0.399", "0.50", Light.BEHIND),
        ("0.60", "0.50", Light.ON),
        ("0.601", "0.50", Light.AHEAD),
        (None, "0.50", Light.ON),
    ],
)
def test_the_light_changes_beyond_ten_points(actual, planned, shown):
    assert light(actual and Decimal(actual), Decimal(planned)) == shown


@pytest.mark.parametrize(
    ("actual", "day", "days"),
    [("0.1", 10, 5), ("0", 3, 3), ("0.2", 10, 0), ("0.9", 10, 0), ("0.6", 45, 25), (None, 9, 0)],
)
def test_days_behind(actual, day, days):
    assert days_behind(PLAN, actual and Decimal(actual), OPENS + dt.timedelta(days=day)) == days
