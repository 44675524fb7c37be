"""What happened to units of the roster, told in the same transaction to whoever must hold at once.

The floor above keeps obligations by the roster: a unit that closes leaves the denominator that day, one that moves is
decided by another department. This floor does not know it, so it announces; who must follow registers a function.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import transaction

from enterprises.models import User

Follower = Callable[[Sequence["RosterChange"], User | None], None]
_followers: list[Follower] = []


class RosterAct(StrEnum):
    """What may happen to a unit of the roster."""

    JOINED = "joined"  # entered, or back on the roster after it had left
    CHANGED = "changed"  # name, address, people: nothing that decides who asks it for what
    MOVED = "moved"  # another town, category or scale: who decides, or what is asked, may change
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    LEFT = "left"  # closed, written off, moved out of the city, merged into another unit


@dataclass(frozen=True)
class RosterChange:
    """One unit, what happened to it, from which day, and the columns that changed with their old and new values."""

    enterprise_id: int
    act: RosterAct
    on: dt.date
    reason: str = ""
    old: dict[str, Any] = field(default_factory=dict)
    new: dict[str, Any] = field(default_factory=dict)


def follow_roster(function: Follower) -> Follower:
    """Register a function of (changes, who did it) that runs in the transaction of the act; a decorator."""
    if function not in _followers:
        _followers.append(function)
    return function


def announce_roster(*, changes: Sequence[RosterChange], user: User | None) -> None:
    """Tell every follower, in the caller's transaction, after the rows are written.

    What a follower raises undoes the whole act. Raises TransactionManagementError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("The roster is followed in the transaction of its act.")
    if changes:
        for follower in _followers:
            follower(changes, user)
