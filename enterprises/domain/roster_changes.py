"""What happened to units of the roster, told in the same transaction to whoever must hold at once.

The floor above keeps obligations by the roster: a unit that closes leaves the denominator that day, one that moves is
decided by another department. This floor does not know it, so it announces; who must follow registers a function.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import transaction

from enterprises.models import Enterprise, User

Follower = Callable[[Sequence["RosterChange"], User | None], None]
Holder = Callable[[list[int]], None]
_followers: list[Follower] = []
_holders: list[Holder] = []


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


def hold_with_roster(function: Holder) -> Holder:
    """Register a function of ids that locks what a follower will write, before the units' own rows are locked.

    A final report locks itself and then writes its unit: a roster act must lock in the same order. A decorator.
    """
    if function not in _holders:
        _holders.append(function)
    return function


def hold_followers(enterprise_ids: list[int]) -> None:
    """Lock what follows these units, for a bulk act that locks the units themselves set-wise afterwards."""
    for holder in _holders:
        holder(enterprise_ids)


def hold_units(*, enterprise_ids: Iterable[int]) -> dict[int, Enterprise]:
    """Lock what follows these units and then the units, each in the order of keys; return those found, by id.

    The lock leaves rows that merely refer to a unit free to be written. Call it first in the transaction of an act.
    """
    ids = sorted(set(enterprise_ids))
    hold_followers(ids)
    rows = Enterprise.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    return {row.pk: row for row in rows.select_related("category", "town")}


def announce_roster(*, changes: Sequence[RosterChange], user: User | None) -> None:
    """Tell every follower, in the caller's transaction, after the rows are written.

    What a follower raises undoes the whole act. Raises TransactionManagementError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("The roster is followed in the transaction of its act.")
    if changes:
        for follower in _followers:
            follower(changes, user)
