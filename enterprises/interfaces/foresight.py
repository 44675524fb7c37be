"""What would follow from how a unit stands on the roster, in sentences for a page that asks to confirm an act.

What follows is done by the floors above (reporting tasks ask a unit's report), so they also say it: each registers a
function that reads from the very code that will do it.
"""

import datetime as dt
from collections.abc import Callable, Iterable

from enterprises.models import Enterprise

Teller = Callable[[Enterprise, dt.date], Iterable[str]]
_tellers: list[Teller] = []


def tells_what_follows(function: Teller) -> Teller:
    """Register a function of (unit as it would stand, saved or not; from which day); a decorator."""
    if function not in _tellers:
        _tellers.append(function)
    return function


def what_follows(unit: Enterprise, on: dt.date) -> list[str]:
    """Return what would follow if the unit stood as the object at hand says. Raises Refused."""
    return [text for function in _tellers for text in function(unit, on)]
