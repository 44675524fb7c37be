"""Obligations follow the roster: who joins is asked, who moves is decided elsewhere, who leaves is counted no more.

What a unit is asked for is read from the roster as it stands after the act, not from what the act was called: told
twice, or late, it comes to the same rows. Campaigns that are closed stand still.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext as _

from enterprises.domain.roster_changes import RosterAct, RosterChange
from enterprises.enums import ON_ROSTER
from enterprises.models import Enterprise, User
from review.domain.obligations import (
    UNIT,
    Deciding,
    Obligation,
    due_from,
    late_obligation,
    only_enterprise,
    release_obligations,
    resume,
    write_obligations,
)
from review.domain.workflow import move_along
from review.enums import NOT_EXPECTED, Action, CampaignState, ExtensionState, FilingKind, FilingState
from review.models import Campaign, Extension, Filing
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import Line, record_event

CHUNK = 5000
FOLLOWED = {RosterAct.JOINED, RosterAct.MOVED, RosterAct.LEFT}
PLACE = ("town_id", "category_id", "scale", "department_id")


class NobodyDecides(Refused):
    """A town or category that a unit is moved to has no department that decides its reports."""


@dataclass
class _Task:
    """A campaign that is not closed: whom it asks, and who decides."""

    campaign: Campaign
    deciding: Deciding

    def concerns(self, unit: Any) -> bool:
        """Whether the campaign asks this unit for a report, as the roster stands."""
        scales = self.campaign.scales
        wanted = unit.category_id in self.deciding.lines and (not scales or unit.scale in scales)
        return wanted and unit.lifecycle in ON_ROSTER

    def asks_now(self, unit: Any) -> bool:
        """Whether a unit that it concerns is asked by now: its phase has begun."""
        return self.deciding.asks(unit.category_id, unit.town_id)

    def decider(self, unit: Any) -> int:
        """Return who decides for the unit. Raises NobodyDecides."""
        try:
            return self.deciding.of(unit.category_id, unit.town_id)
        except LookupError as error:
            text = _("No department decides the reports of “%(name)s” in its new town and category. Ask the office.")
            raise NobodyDecides(text % {"name": unit.name}) from error


@dataclass
class Work:
    """What a chunk of changes makes necessary."""

    asked: dict[Campaign, list[Obligation]] = field(default_factory=dict)
    leaving: list[tuple[Filing, dt.date, str]] = field(default_factory=list)
    resumed: list[tuple[Filing, dict]] = field(default_factory=list)
    moved: list[tuple[Filing, dict, dict]] = field(default_factory=list)
    dues: dict[dt.date, list[int]] = field(default_factory=dict)
    handed_over: dict[tuple[dt.date, str], list[Filing]] = field(default_factory=dict)


def hold_obligations(enterprise_ids: list[int]) -> None:
    """Lock the campaigns that are not closed, then the reports of these units, before the units themselves."""
    tasks = Campaign.objects.exclude(state=CampaignState.CLOSED).order_by("pk")
    list(tasks.select_for_update(no_key=True).values_list("pk", flat=True))
    for start in range(0, len(enterprise_ids), CHUNK):
        rows = Filing.objects.filter(enterprise__among=set(enterprise_ids[start : start + CHUNK])).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def keep_obligations(changes: Sequence[RosterChange], user: User | None) -> None:
    """Make the obligations of the units that joined, moved or left what the roster now says.

    Side effects, in the caller's transaction, per five thousand units, in order: missing obligations of open campaigns
    (``campaign.joined``); obligations that no longer concern the unit leave from the day (``campaign.left``); those of
    a unit that came back count again from the day (``campaign.resumed``); town, category, scale, deciding department
    and, where the scale gives another one, the due day of those not filed (``campaign.followed``); a report in the
    hands of a reviewer of another department goes back to the queue (``filing.hand_over``). What is filed stays filed;
    what is exempt or void stays so. A second call changes nothing. Raises NobodyDecides.
    """
    last = {change.enterprise_id: change for change in changes if change.act in FOLLOWED}
    tasks = _tasks() if last else []
    ids = sorted(last)
    for start in range(0, len(ids) if tasks else 0, CHUNK):
        chunk = ids[start : start + CHUNK]
        _write(_look(chunk, last, tasks), user)


def foresee(unit: Enterprise, on: dt.date) -> Work:
    """Return what would follow if a unit stood as the object at hand says, from ``on``; nothing is written.

    Raises NobodyDecides.
    """
    work = Work()
    tasks = _tasks()
    found = _obligations_of([unit.pk], tasks)
    for task in tasks:
        change = RosterChange(unit.pk, RosterAct.MOVED, on)
        _look_at(unit, task, found.get((unit.pk, task.campaign.pk), []), change, work)
    return work


def _tasks() -> list[_Task]:
    return [_Task(row, Deciding(row)) for row in Campaign.objects.exclude(state=CampaignState.CLOSED).order_by("pk")]


def _look(ids: list[int], changes: dict[int, RosterChange], tasks: list[_Task]) -> Work:
    found = _obligations_of(ids, tasks)
    work = Work()
    for unit in Enterprise.objects.filter(pk__among=set(ids)).order_by("pk").values_list(*UNIT, named=True):
        for task in tasks:
            _look_at(unit, task, found.get((unit.pk, task.campaign.pk), []), changes[unit.pk], work)
    return work


def _obligations_of(ids: list[int], tasks: list[_Task]) -> dict[tuple[int, int], list[Filing]]:
    """Return the obligations of these units by unit and campaign, with their campaign and who has claimed them.

    Joining what few of them need would make four objects of each row.
    """
    campaigns = {task.campaign.pk: task.campaign for task in tasks}
    rows = Filing.objects.filter(enterprise__among=set(ids), kind=FilingKind.OBLIGATION, campaign__in=campaigns)
    filings = list(rows.order_by("pk"))
    claimers = User.objects.in_bulk({filing.claimed_by_id for filing in filings if filing.claimed_by_id})
    found: dict[tuple[int, int], list[Filing]] = {}
    for filing in filings:
        filing.campaign = campaigns[filing.campaign_id]
        if filing.claimed_by_id:
            filing.claimed_by = claimers[filing.claimed_by_id]
        found.setdefault((filing.enterprise_id, filing.campaign_id), []).append(filing)
    return found


def _look_at(unit: Any, task: _Task, filings: list[Filing], change: RosterChange, work: Work) -> None:
    """Note what is to be done about a unit's reports in one campaign: one that counts, and any that are void."""
    if not task.concerns(unit):
        for filing in filings:
            if filing.left_on is None or filing.left_on > max(change.on, filing.joined_on):
                work.leaving.append((filing, change.on, filing.left_reason or _reason(change)))
    elif not filings:
        if task.campaign.state == CampaignState.OPEN and task.decider(unit) and task.asks_now(unit):
            fresh = late_obligation(task.campaign, unit, task.deciding, on=change.on)
            work.asked.setdefault(task.campaign, []).append(fresh)
    else:
        for filing in filings:
            if filing.state not in NOT_EXPECTED:
                if filing.left_on:
                    work.resumed.append((filing, resume(filing, change.on)))
                _look_at_place(unit, task, filing, change, work)


def _look_at_place(unit: Any, task: _Task, filing: Filing, change: RosterChange, work: Work) -> None:
    """Note what of an obligation still counted differs from where its unit stands now, and bring it up to date."""
    new = {name: getattr(unit, name) for name in PLACE[:-1]} | {"department_id": task.decider(unit)}
    old = {name: getattr(filing, name) for name in PLACE}
    changed = [name for name in PLACE if old[name] != new[name]]
    if not changed:
        return
    if "scale" in changed and filing.first_filed_on is None:
        filing.due_on = due_from(task.deciding.due_on(unit), change.on)
        work.dues.setdefault(filing.due_on, []).append(filing.pk)
    for name in changed:
        setattr(filing, name, new[name])
    work.moved.append((filing, {name: old[name] for name in changed}, {name: new[name] for name in changed}))
    claimer = filing.claimed_by
    if filing.state == FilingState.IN_REVIEW and claimer and claimer.department_id != filing.department_id:
        work.handed_over.setdefault((change.on, _reason(change)), []).append(filing)


def _reason(change: RosterChange) -> str:
    return change.reason or _("The roster changed.")


def _write(work: Work, user: User | None) -> None:
    for campaign, rows in work.asked.items():
        write_obligations(campaign=campaign, rows=rows, user=user)
    release_obligations(leaving=work.leaving, user=user)
    _write_resumed(work.resumed, user)
    _write_places(work, user)
    for (on, reason), filings in work.handed_over.items():
        move_along(filings=filings, action=Action.HAND_OVER, user=user, reason=reason, on=on)


def _write_resumed(resumed: list[tuple[Filing, dict]], user: User | None) -> None:
    if not resumed:
        return
    together: dict[tuple, list[int]] = {}
    for filing, changes in resumed:
        together.setdefault(tuple(sorted(changes.items())), []).append(filing.pk)
    for columns, numbers in together.items():
        Filing.objects.filter(pk__in=numbers).update(**dict(columns))
    lines = [
        _line(filing, {}, {name: changes.get(name) for name in ("away_from", "away_until")})
        for filing, changes in resumed
    ]
    _record("campaign.resumed", [filing for filing, _changes in resumed], lines, user)


def _write_places(work: Work, user: User | None) -> None:
    if not work.moved:
        return
    numbers = [filing.pk for filing, _old, _new in work.moved]
    unit = Enterprise.objects.filter(pk=OuterRef("enterprise_id"))
    places = {name: Subquery(unit.values(name)) for name in PLACE[:-1]}
    Filing.objects.filter(pk__in=numbers).update(**places)
    deciders: dict[int, list[int]] = {}
    for filing, _old, new in work.moved:
        if "department_id" in new:
            deciders.setdefault(new["department_id"], []).append(filing.pk)
    for department_id, filings in deciders.items():
        Filing.objects.filter(pk__in=filings).update(department_id=department_id)
    for due_on, filings in work.dues.items():
        extended = Extension.objects.filter(filing=OuterRef("pk"), state=ExtensionState.GRANTED)
        Filing.objects.filter(~Exists(extended), pk__in=filings).update(due_on=due_on)
    lines = [_line(filing, old, new) for filing, old, new in work.moved]
    _record("campaign.followed", [filing for filing, _old, _new in work.moved], lines, user)


def _record(kind: str, filings: list[Filing], lines: Iterable[Line], user: User | None) -> None:
    data = {"obligations": len(filings)}
    record_event(kind=kind, actor=user, enterprise_id=only_enterprise(filings), data=data, lines=lines)


def _line(filing: Filing, old: dict, new: dict) -> Line:
    told = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in new.items() if value}
    return Line("review.filing", filing.pk, old, told)
