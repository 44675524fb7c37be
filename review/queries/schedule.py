"""Which share of a campaign should be in by a day: its plan, a line through its milestones."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from review.models import Campaign, Milestone

NOTHING, WHOLE = Decimal(0), Decimal(1)


@dataclass(frozen=True)
class Plan:
    """Shares by day: nought on ``opens_on``, straight from target to target, one on the day of the last.

    ``targets`` are days after the opening with the share due by the end of each, both rising; the last share is one.
    """

    opens_on: dt.date
    targets: tuple[tuple[dt.date, Decimal], ...]

    @property
    def due_on(self) -> dt.date:
        """The day by which all of it should be in."""
        return self.targets[-1][0]

    def share(self, day: dt.date) -> Decimal:
        """Return the share that should be in by the end of the day."""
        before, reached = self.opens_on, NOTHING
        if day <= before and day < self.due_on:
            return NOTHING
        for due, share in self.targets:
            if day < due:
                return reached + (share - reached) * (day - before).days / (due - before).days
            before, reached = due, share
        return WHOLE

    def day_of(self, share: Decimal) -> dt.date:
        """Return the first day on which the plan asks for the share; the opening for nought, the last day for one."""
        if share <= NOTHING:
            return self.opens_on
        before, reached = self.opens_on, NOTHING
        for due, target in self.targets:
            if share <= target:
                days = (due - before).days * (share - reached) / (target - reached)
                return before + dt.timedelta(days=int(days.to_integral_value(ROUND_CEILING)))
            before, reached = due, target
        return self.due_on


def plan_of(campaign: Campaign, scale: str = "", expected: Mapping[str, int] | None = None) -> Plan:
    """Return the plan of a campaign, or of its units of one scale; one query, none when milestones are prefetched.

    A milestone with a scale concerns that scale alone, one without concerns all. The whole is the sum of its scales'
    plans, each weighed by how many of it are ``expected`` (scale → number); not told, only the milestones without a
    scale count for the whole.
    """
    milestones = list(campaign.milestones.all())
    if scale or not expected or not sum(expected.values()):
        return _line(campaign, milestones, scale)
    plans = {code: _line(campaign, milestones, code) for code, n in expected.items() if n}
    days = sorted({due for plan in plans.values() for due, _share in plan.targets})
    total = sum(expected.values())
    shares = [sum((plans[code].share(day) * expected[code] for code in plans), NOTHING) / total for day in days]
    return _rising(campaign.opens_on, zip(days, shares, strict=True), campaign.due_on)


def _line(campaign: Campaign, milestones: Iterable[Milestone], scale: str) -> Plan:
    concerned = (row for row in milestones if row.scale in {"", scale})
    points = [(row.due_on, Decimal(row.percent) / 100) for row in concerned]
    return _rising(campaign.opens_on, points, campaign.due_on)


def _rising(opens_on: dt.date, points: Iterable[tuple[dt.date, Decimal]], due_on: dt.date) -> Plan:
    """Return the plan through the points that ask for more than any before them, and for all on the last day."""
    targets: list[tuple[dt.date, Decimal]] = []
    for day, share in sorted({*points, (due_on, WHOLE)}):
        too_early = day <= opens_on and day != due_on
        if too_early or day > due_on or share <= (targets[-1][1] if targets else NOTHING):
            continue
        if targets and targets[-1][0] == day:
            targets.pop()
        targets.append((day, share))
    return Plan(opens_on, tuple(targets))
