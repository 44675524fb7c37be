"""The registry of reminders: what is due for whom on a day, asked every night and asked again when it is told.

How to add one. In ``<app>/reminders.py``, which is found by itself, register a function of the day::

    @reminder(
        "letter.reply",                                     # its name, for good: what was told is kept by it
        title=_("Replies to letters"),                      # how the office's page of days calls it
        counts=_("days before the reply is due"),           # what its numbers of days count
        days=(7, 3, 1),                                     # where the office has set none (示例口径); none: never
        one=_("Reply to %(letter)s by %(day)s."),           # one line, put together from ``data``
        many=_("%(count)s letters wait for your reply."),   # instead, where a person has more than LINES_EACH
        many_url="letters",                                 # the name of the address that many lead to
    )
    def replies_due(ask: Ask) -> Iterator[Due]:
        for person, letter, number, due_on in open_letters(among=ask.objects):   # one query, whatever the number
            step = before(due_on, ask)
            if step:
                data = {"letter": number, "day": str(due_on)}
                yield Due(person, letter, step, data, reverse("letter", args=[letter]))

What the function owes:

- It yields what is still to be done on ``ask.on``, by people whose account is active and whose turn it is, one line for
  each person and object, whether told before or not. What is done or passed on it does not yield: it is asked again
  (``ask.objects`` names the objects in question, None all of them) before the inbox and before each mail.
- ``step`` is how far it has come: ``before``, ``after`` and ``every`` give the step reached last, or nothing.
  A person is told of an object at a step once ever; after missed nights only the last step is told. A step begins with
  the day it counts from, so a day put off is reminded of anew.
- ``one`` and ``many`` go into mails, which leave the house: they name no unit and no person.
- It is one or two queries for a hundred thousand objects, and its queries are filtered by the days first.

The rest is riskreport/ground/domain/reminding.py (noting, telling), mailing.py (mails) and the office's page of days.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.functional import Promise


class Due(NamedTuple):
    """That a person is to be reminded of an object, at a step; ``data`` makes its words, ``url`` leads to it."""

    user_id: int
    object_id: int
    step: str
    data: dict[str, Any]
    url: str


class Ask(NamedTuple):
    """What a source is asked: the day, the days in force for it, and which objects (None: all)."""

    on: dt.date
    days: tuple[int, ...]
    objects: Collection[int] | None = None


@dataclass(frozen=True)
class Source:
    """A kind of reminder: its name and words, its days where the office has set none, the function that is asked."""

    name: str
    title: str | Promise
    counts: str | Promise
    days: tuple[int, ...]
    one: str | Promise
    many: str | Promise
    many_url: str
    run: Callable[[Ask], Iterable[Due]]


_sources: dict[str, Source] = {}


def reminder(
    name: str,
    *,
    title: str | Promise,
    counts: str | Promise,
    days: tuple[int, ...],
    one: str | Promise,
    many: str | Promise,
    many_url: str = "home",
) -> Callable[[Callable[[Ask], Iterable[Due]]], Callable[[Ask], Iterable[Due]]]:
    """Register a function as a source of reminders; the module's docstring says what it owes."""

    def register(function: Callable[[Ask], Iterable[Due]]) -> Callable[[Ask], Iterable[Due]]:
        _sources[name] = Source(name, title, counts, days, one, many, many_url, function)
        return function

    return register


def sources() -> dict[str, Source]:
    """Return the sources of reminders by name, in the order of their registration."""
    return dict(_sources)


def before(day: dt.date, ask: Ask, *, since: dt.date | None = None) -> str:
    """Return the step reached on the way to ``day``: the least number of days that are left or more; none afterwards.

    A step whose own day was before ``since``, when the object was not there yet, is none.
    """
    left = (day - ask.on).days
    near = [days for days in ask.days if days >= left >= 0]
    if not near or (since is not None and day - dt.timedelta(days=min(near)) < since):
        return ""
    return f"{day} -{min(near)}"


def after(day: dt.date, ask: Ask, *, passed: int | None = None) -> str:
    """Return the step reached since ``day``: the greatest number of days that have passed (working days, if given)."""
    gone = (ask.on - day).days if passed is None else passed
    reached = [days for days in ask.days if days <= gone]
    return f"{day} +{max(reached)}" if reached else ""


def every(day: dt.date, ask: Ask) -> str:
    """Return the step reached since ``day`` passed: the day after it, and then every so many days."""
    gone = (ask.on - day).days - 1
    if gone < 0 or not ask.days:
        return ""
    return f"{day} +{gone - gone % min(ask.days) + 1}"
