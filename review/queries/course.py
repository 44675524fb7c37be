"""How the five figures of a campaign ran from day to day: those that completion gives for each day, in one query."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, DateField, F, Q, Sum, Value, When

from enterprises.queries.scope import Scope
from review.enums import FilingKind
from review.models import Campaign, Filing
from review.models.tally import LAST
from review.queries.completion import DIMENSIONS, WHOLE, Figures, parts_by, tallied_after
from review.queries.tallies import Marks

DAY = dt.timedelta(days=1)
NOUGHT = Figures()
DATES = ("joined_on", "left_on", "away_from", "away_until", "first_filed_on", "due_on")
Step = tuple[int | str, str, dt.date, Figures]  # group, scale, day and what it changes


@dataclass(frozen=True)
class Course:
    """The figures of a group on each day from ``first``, and how many of each scale are expected on the last."""

    first: dt.date
    days: tuple[Figures, ...]
    by_scale: dict[str, int]

    def on(self, day: dt.date) -> Figures:
        """Return the figures of a day; of the nearest there is before the first and after the last."""
        return self.days[min(max((day - self.first).days, 0), len(self.days) - 1)]

    @property
    def now(self) -> Figures:
        """The figures of the last day."""
        return self.days[-1]


def course(
    *,
    campaign: Campaign,
    first: dt.date,
    last: dt.date,
    by: str = "total",
    scope: Scope = WHOLE,
    within: Q | None = None,
    marks: Marks | None = None,
) -> dict[int | str, Course]:
    """Return group → its figures day by day, both days included, in ascending order of the codes.

    ``by`` is ``total``, which always gives one group with an empty name, or a dimension of completion. One query; one
    more where some is counted one by one, and one when it is not told what is marked. Raises KeyError for an unknown
    dimension.
    """
    split = parts_by(campaign, scope, within, marks, by_town=by == "town")
    group = Value("") if by == "total" else DIMENSIONS[by]
    found: dict[int | str, dict[str, dict[dt.date, Figures]]] = {"": {}} if by == "total" else {}
    for steps in (
        _tallied(campaign, first, last, split.tallied, group) if split.tallied is not None else (),
        _single(campaign, first, last, split.single, group) if split.single is not None else (),
    ):
        for key, scale, day, figures in steps:
            days = found.setdefault(key, {}).setdefault(scale, {})
            days[day] = days.get(day, NOUGHT) + figures
    return {key: _run(found[key], first, last) for key in sorted(found)}


def _run(scales: dict[str, dict[dt.date, Figures]], first: dt.date, last: dt.date) -> Course:
    days, now = [], NOUGHT
    for number in range((last - first).days + 1):
        for steps in scales.values():
            now += steps.get(first + number * DAY, NOUGHT)
        days.append(now)
    return Course(
        first, tuple(days), {scale: sum(one.expected for one in scales[scale].values()) for scale in sorted(scales)}
    )


def _tallied(campaign: Campaign, first: dt.date, last: dt.date, condition: Q, group: Any) -> Iterator[Step]:
    """Yield what the tallies say: all that comes after the first day; with the other sign what each day takes off."""
    rows = tallied_after(campaign, first, condition)
    to_last = Case(When(day__gt=last, then=Value(LAST)), default=F("day"), output_field=DateField())
    sums = rows.values("campaign_id", "scale", by_group=group, until=to_last)
    sums = sums.annotate(a=Sum("expected"), b=Sum("actual"), c=Sum("on_time"))
    for key, scale, day, *numbers in sums.values_list("by_group", "scale", "until", "a", "b", "c"):
        yield key, scale, first, Figures(*numbers)
        if day <= last:
            yield key, scale, day, Figures(*(-number for number in numbers))


def _single(campaign: Campaign, first: dt.date, last: dt.date, condition: Q, group: Any) -> Iterator[Step]:
    """Yield what filings change, those with the same days together."""
    rows = Filing.objects.filter(condition, campaign=campaign, kind=FilingKind.OBLIGATION).order_by()
    alike = rows.values("scale", *DATES, by_group=group).annotate(n=Count("*"))
    for key, scale, n, *dates in alike.values_list("by_group", "scale", "n", *DATES):
        for day, figures in _changes(n, *dates):
            if day <= last:
                yield key, scale, max(day, first), figures


def _changes(
    n: int,
    joined_on: dt.date,
    left_on: dt.date | None,
    away_from: dt.date | None,
    away_until: dt.date | None,
    filed_on: dt.date | None,
    due_on: dt.date,
) -> Iterator[tuple[dt.date, Figures]]:
    """Yield the days on which ``n`` filings with these dates come to be expected or filed, or cease to be."""
    end = left_on or LAST
    times = [(joined_on, min(away_from or end, end)), (away_until or end, end)]
    for since, until in times:
        if since >= until:
            continue
        yield since, Figures(n, 0, 0)
        filed = Figures(0, n, n if filed_on and filed_on <= due_on else 0)
        done = filed_on is not None and filed_on < until
        if done:
            yield max(filed_on or since, since), filed
        if until < LAST:
            yield until, Figures(-n, -n, -filed.on_time) if done else Figures(-n, 0, 0)
