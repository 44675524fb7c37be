"""How a share stands to its plan: the light of a board, and by how many days it is behind."""

import datetime as dt
from decimal import Decimal

from review.enums import Light
from review.queries.schedule import Plan

TOLERANCE = Decimal("0.10")  # a light changes when the share is more than ten points off its plan


def light(actual: Decimal | None, planned: Decimal) -> Light:
    """Return the light of a share against the plan's; on plan when there is none, as nothing is expected."""
    if actual is None or abs(actual - planned) <= TOLERANCE:
        return Light.ON
    return Light.BEHIND if actual < planned else Light.AHEAD


def days_behind(plan: Plan, actual: Decimal | None, day: dt.date) -> int:
    """Return how many days before ``day`` the plan asked for what is there; nought when it is not behind.

    Behind is any share below the plan's, without the tolerance of the light: a day is a day.
    """
    if actual is None or actual >= plan.share(day):
        return 0
    return max((day - plan.day_of(actual)).days, 0)
