"""The backward schedule of a checklist: each step's day, counted back in working days from the day all is due."""

import datetime as dt
from collections.abc import Mapping

from riskreport.ground.workdays import working_day_before


def backward_days(due_on: dt.date, days_before: Mapping[str, int]) -> dict[str, dt.date]:
    """Return key → the working day that lies so many working days before ``due_on``.

    A step nought days before is due on the very day, be it a holiday or not: that day is the campaign's own word.
    """
    return {key: working_day_before(due_on, days) for key, days in days_before.items()}
