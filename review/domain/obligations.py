"""Obligations, the rows of the denominator: who decides them and by when, asked, given back, resumed. Set-wise.

All of it runs in the caller's transaction, on reports that the caller has locked.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from enterprises.models import User
from enterprises.queries.deciders import Deciders
from review.enums import FilingState
from review.models import Campaign, Filing, Phase
from riskreport.ground.domain.events import Line, record_event
from riskreport.ground.domain.many_rows import reserve_ids, write_rows

DAYS_WHEN_LATE = 15
UNIT = ("pk", "name", "town_id", "category_id", "scale", "lifecycle", "joined_on")  # what is asked of a unit hangs on


class Deciding:
    """Who decides for each (category, town) of a campaign, in which phase, and by when; four queries in all.

    ``opening`` is a phase about to be launched, which is asked as if it were.
    """

    def __init__(self, campaign: Campaign, opening: Phase | None = None) -> None:
        self._last_day = campaign.due_on
        self.phases = list(campaign.phases.order_by("order"))
        self._opening = opening.pk if opening else None
        whole = campaign.milestones.filter(percent=100).exclude(scale="").order_by("-due_on")
        self._days = dict(whole.values_list("scale", "due_on"))
        self._level = Deciders(campaign.deciding_level)
        self.lines = dict(campaign.categories.values_list("code", "lead_id"))
        self._known: dict[tuple[str, int], int] = {}

    def of(self, category: str, town: int) -> int:
        """Return the department's id. Raises LookupError when there is none."""
        place = (category, town)
        if place not in self._known:
            self._known[place] = self._level.find(line=self.lines[category], town_id=town).pk
        return self._known[place]

    def phase_of(self, category: str, town: int) -> Phase | None:
        """Return the first phase that takes the units of this place; None where none does or there are none."""
        decider = self.of(category, town) if self.phases else 0
        return next((phase for phase in self.phases if phase.takes(category, decider)), None)

    def asks(self, category: str, town: int) -> bool:
        """Whether the units of this place are asked by now: all of them, or those of phases that have begun."""
        if not self.phases:
            return True
        phase = self.phase_of(category, town)
        return phase is not None and (phase.launched_at is not None or phase.pk == self._opening)

    def due_on(self, unit: Any) -> dt.date:
        """Return the day a unit reports by: its scale's milestone of 100 %, its phase's last day, or the campaign's.

        Above-scale units by June, all by December (bulletin no. 24 of 2021, section 1). A milestone before the phase
        has begun binds nobody in it.
        """
        day = min(self._days.get(unit.scale, self._last_day), self._last_day)
        phase = self.phase_of(unit.category_id, unit.town_id)
        if phase is None:
            return day
        return min(day, phase.due_on) if day >= phase.opens_on else phase.due_on

    def opens_on(self, unit: Any, opening: dt.date) -> dt.date:
        """Return the day from which a unit is expected: its phase's first, or the campaign's ``opening``."""
        phase = self.phase_of(unit.category_id, unit.town_id)
        return phase.opens_on if phase else opening


class Obligation(NamedTuple):
    """An obligation to be written: the columns of its Filing that are no default."""

    enterprise_id: int
    department_id: int
    town_id: int
    category_id: str
    scale: str
    joined_on: dt.date
    due_on: dt.date


def new_obligation(campaign: Campaign, unit: Any, deciding: Deciding) -> Obligation:
    """Return the obligation of a unit, an Enterprise or a row of UNIT.

    At launch it is expected from the opening of the campaign or its phase, or when it joined the roster.
    """
    return Obligation(
        unit.pk,
        deciding.of(unit.category_id, unit.town_id),
        unit.town_id,
        unit.category_id,
        unit.scale,
        max(deciding.opens_on(unit, campaign.opens_on), unit.joined_on),
        deciding.due_on(unit),
    )


def late_obligation(
    campaign: Campaign, unit: Any, deciding: Deciding, *, on: dt.date, days_when_late: int = DAYS_WHEN_LATE
) -> Obligation:
    """Return the obligation of a unit that comes after the launch: expected from ``on``, never from earlier.

    One that comes when the day for reporting has passed gets ``days_when_late`` days of its own.
    """
    row = new_obligation(campaign, unit, deciding)
    joined_on = max(row.joined_on, on)
    return row._replace(joined_on=joined_on, due_on=due_from(row.due_on, joined_on, days_when_late))


def due_from(due_on: dt.date, on: dt.date, days_when_late: int = DAYS_WHEN_LATE) -> dt.date:
    """Return the day a unit reports by that is asked from ``on``."""
    return due_on if on <= due_on else on + dt.timedelta(days=days_when_late)


def write_obligations(*, campaign: Campaign, rows: Sequence[Obligation], user: User | None) -> None:
    """Ask for reports: the rows, and event ``campaign.joined`` with a line for each."""
    ids = reserve_ids(Filing, len(rows))
    columns = ("id", "campaign_id", *Obligation._fields)
    write_rows(Filing, columns, ((pk, campaign.pk, *row) for pk, row in zip(ids, rows, strict=True)))
    new = {"state": FilingState.NOT_STARTED.value}
    record_event(
        kind="campaign.joined",
        actor=user,
        about=campaign,
        enterprise_id=only_enterprise(rows),
        data={"obligations": len(rows)},
        lines=(Line("review.filing", pk, {}, new) for pk in ids),
    )


def release_obligations(*, leaving: Sequence[tuple[Filing, dt.date, str]], user: User | None) -> None:
    """Take reports out of the denominator, each from a day and with a reason, never before it joined.

    Side effects, in order: ``left_on`` and the reason, in one update for those of one day and reason; event
    ``campaign.left`` with a line for each.
    """
    if not leaving:
        return
    together: dict[tuple[dt.date, str], list[int]] = {}
    before = [filing.left_on.isoformat() if filing.left_on else None for filing, _on, _reason in leaving]
    for filing, on, reason in leaving:
        filing.left_on, filing.left_reason = max(on, filing.joined_on), reason[:500]
        together.setdefault((filing.left_on, filing.left_reason), []).append(filing.pk)
    for (left_on, reason), numbers in together.items():
        Filing.objects.filter(pk__in=numbers).update(left_on=left_on, left_reason=reason)
    filings = [filing for filing, _on, _reason in leaving]
    record_event(
        kind="campaign.left",
        actor=user,
        enterprise_id=only_enterprise(filings),
        data={"reason": leaving[0][2]},
        lines=[
            Line("review.filing", filing.pk, {"left_on": old}, {"left_on": str(filing.left_on)})
            for filing, old in zip(filings, before, strict=True)
        ],
    )


def resume(filing: Filing, on: dt.date) -> dict[str, dt.date | str | None]:
    """Let the filing at hand count again from ``on`` and return the columns to write.

    The days between stay uncounted. Has it been away before, the two times become one: it is never expected on a day
    when its unit was off the roster. One that is not filed and past its day gets days of its own.
    """
    changes: dict[str, dt.date | str | None] = {"left_on": None, "left_reason": ""}
    if filing.left_on and on > filing.left_on:
        changes |= {"away_from": filing.away_from or filing.left_on, "away_until": on}
    if filing.first_filed_on is None:
        changes["due_on"] = due_from(filing.due_on, on)
    for name, value in changes.items():
        setattr(filing, name, value)
    return changes


def only_enterprise(filings: Iterable[Filing | Obligation]) -> int | None:
    """Return the enterprise that all of these reports are of, None when there are several."""
    ids = {filing.enterprise_id for filing in filings}
    return ids.pop() if len(ids) == 1 else None
