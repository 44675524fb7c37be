"""How figures stand to the plan of their campaign on a day: the light, what is behind, what is still needed."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from review.checks.schedule import days_behind, light
from review.enums import Light
from review.queries.completion import Figures
from review.queries.schedule import Plan
from riskreport.ground.workdays import working_days

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Standing:
    """What a leader asks of figures as of the end of a day.

    ``days_left`` and ``working_days_left`` begin with the next day and end with the last one; nought when the campaign
    is over. ``needed`` is how many a working day it takes from the next day on, None when no day is left or nothing is
    open.
    """

    planned: Decimal
    light: Light
    days_behind: int
    days_left: int
    working_days_left: int
    needed: int | None


def standing_of(figures: Figures, plan: Plan, day: dt.date) -> Standing:
    """Return how the figures of a day stand to their plan."""
    left = max((plan.due_on - day).days, 0)
    working = working_days(day + DAY, plan.due_on) if left else 0
    needed = -(-figures.open // working) if working and figures.open else None
    return Standing(
        planned=plan.share(day),
        light=light(figures.rate, plan.share(day)),
        days_behind=days_behind(plan, figures.rate, day),
        days_left=left,
        working_days_left=working,
        needed=needed,
    )
