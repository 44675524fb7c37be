"""Reporting tasks: made, launched to everybody they concern, joined and left later, closed."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from enterprises.enums import ON_ROSTER, Scale
from enterprises.models import Enterprise, User
from enterprises.queries.deciders import Deciders
from review.enums import CampaignState, FilingKind, FilingState
from review.models import Campaign, Filing, Milestone
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event
from riskreport.ground.models import EventLine

CHUNK = 4000  # units a transaction: on SQLite nobody else can write while one runs, so it stays below a second or two


class CampaignRefused(Refused):
    """Something a reporting task does not allow in its present state; the text says why."""


def create_campaign(
    *,
    user: User | None,
    code: str,
    name: str,
    opens_on: dt.date,
    due_on: dt.date,
    categories: Iterable[str],
    scales: Iterable[str] = (),
    milestones: Iterable[dict[str, Any]] = (),
    **columns: Any,
) -> Campaign:
    """Make a reporting task as a draft that asks nobody yet.

    ``categories`` are category codes; ``scales`` is empty when every scale reports; ``milestones`` are dicts of
    Milestone columns; ``columns`` are further Campaign columns (stages, deciding_level, locks_on, message, name_en).
    Side effects, in order: the campaign, its categories and milestones; event ``campaign.created``. Raises ValueError
    without a category or for an unknown scale, IntegrityError when the code is taken or dates are out of order.
    """
    codes, wanted = sorted(set(categories)), sorted(set(scales))
    if not codes or set(wanted) - set(Scale.values):
        raise ValueError("a campaign needs at least one category, and scales that exist")
    with transaction.atomic():
        campaign = Campaign.objects.create(
            code=code, name=name, opens_on=opens_on, due_on=due_on, scales=wanted, **columns
        )
        campaign.categories.set(codes)  # type: ignore[arg-type]  # keys are codes
        Milestone.objects.bulk_create(Milestone(campaign=campaign, **row) for row in milestones)
        record_event(kind="campaign.created", actor=user, about=campaign, data={"code": code, "categories": codes})
    return campaign


def units_concerned(campaign: Campaign) -> QuerySet[Enterprise]:
    """Return the enterprises on the roster in the campaign's categories and scales, those already asked included."""
    units = Enterprise.objects.filter(lifecycle__in=sorted(ON_ROSTER), category__in=campaign.categories.all())
    return units.filter(scale__in=campaign.scales) if campaign.scales else units


def launch_campaign(*, campaign: Campaign, user: User | None) -> int:
    """Ask every unit concerned for its report; return how many obligations were written by this call.

    Every deciding department is looked up before anything is written. Side effects, in order: in chunks of one short
    transaction each, the obligations and an event ``campaign.joined`` with a line per obligation; last, in one
    transaction, the campaign opens and the event ``campaign.launched``. A call that died half-way is simply repeated: a
    unit that has its obligation is passed over, so a second call adds nothing but what is missing. Raises
    CampaignRefused on a closed campaign, LookupError (nothing written) when a town has no department to decide.
    """
    _refuse_closed(campaign)
    deciders = _Deciding(campaign)
    made = 0
    while batch := _write_chunk(campaign, deciders, user):
        made += batch
    with transaction.atomic():
        row = Campaign.objects.select_for_update().get(pk=campaign.pk)
        if row.state == CampaignState.DRAFT:
            row.state, row.launched_at = CampaignState.OPEN, clock.now()
            row.save(update_fields=["state", "launched_at"])
            total = row.filings.filter(kind=FilingKind.OBLIGATION).count()
            record_event(kind="campaign.launched", actor=user, about=row, data={"obligations": total})
    campaign.state, campaign.launched_at = row.state, row.launched_at
    return made


def join_campaign(
    *,
    campaign: Campaign,
    enterprise: Enterprise,
    user: User | None,
    on: dt.date | None = None,
    days_when_late: int = 15,
) -> Filing | None:
    """Ask a unit that came to the roster, or into the campaign's categories, after the launch.

    It is expected from the day it joins (``on``, today when None), never from earlier: the figures of days gone by stay
    as they were published. A unit that joins when the day for reporting has passed gets ``days_when_late`` days of its
    own. Side effects, in order: the obligation; event ``campaign.joined``. Returns None for a unit that the campaign
    does not concern; a second call returns the obligation there is. Raises CampaignRefused unless the campaign is open.
    """
    if campaign.state != CampaignState.OPEN:
        raise CampaignRefused(_("The reporting task “%(name)s” is not open.") % {"name": campaign.label})
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        known = Filing.objects.filter(campaign=campaign, enterprise=enterprise, kind=FilingKind.OBLIGATION).first()
        if known is not None or not units_concerned(campaign).filter(pk=enterprise.pk).exists():
            return known
        filing = _obligation(campaign, enterprise, _Deciding(campaign))
        filing.joined_on = max(filing.joined_on, on or clock.today())
        if filing.joined_on > filing.due_on:
            filing.due_on = filing.joined_on + dt.timedelta(days=days_when_late)
        filing.save()
        record_event(
            kind="campaign.joined",
            actor=user,
            about=campaign,
            enterprise_id=enterprise.pk,
            data={"obligations": 1},
            lines=_lines([filing]),
        )
    return filing


def leave_campaigns(*, enterprise_id: int, on: dt.date, reason: str, user: User | None) -> int:
    """Take a unit that closed, moved away or was written off out of the denominator of every campaign not closed.

    It stays expected for the days before ``on``; what it filed stays. Side effects, in order: ``left_on`` and its
    reason on each obligation still counted; event ``campaign.left`` with a line per obligation. Returns how many; a
    second call changes nothing.
    """
    with transaction.atomic():
        rows = list(
            Filing.objects.select_for_update(of=("self",))
            .filter(enterprise_id=enterprise_id, kind=FilingKind.OBLIGATION, left_on=None)
            .exclude(campaign__state=CampaignState.CLOSED)
            .order_by("pk")
        )
        for filing in rows:
            filing.left_on, filing.left_reason = max(on, filing.joined_on), reason
        if not rows:
            return 0
        Filing.objects.bulk_update(rows, ["left_on", "left_reason"])
        lines = [
            EventLine(
                object_type="review.filing",
                object_id=filing.pk,
                old={"left_on": None},
                new={"left_on": filing.left_on.isoformat()},
            )
            for filing in rows
        ]
        record_event(
            kind="campaign.left", actor=user, enterprise_id=enterprise_id, data={"reason": reason}, lines=lines
        )
    return len(rows)


def close_campaign(*, campaign: Campaign, user: User | None) -> None:
    """End a campaign: nothing more is filed in it and its figures stand still.

    Side effects, in order: its state; event ``campaign.closed``. A second call does nothing. Raises CampaignRefused on
    one that was never launched.
    """
    with transaction.atomic():
        row = Campaign.objects.select_for_update().get(pk=campaign.pk)
        if row.state == CampaignState.DRAFT:
            raise CampaignRefused(_("The reporting task “%(name)s” is not open.") % {"name": row.label})
        if row.state == CampaignState.OPEN:
            row.state = CampaignState.CLOSED
            row.save(update_fields=["state"])
            record_event(kind="campaign.closed", actor=user, about=row)
    campaign.state = row.state


class _Deciding:
    """Who decides for each (category, town) and by when each scale reports, looked up before anything is written."""

    def __init__(self, campaign: Campaign) -> None:
        self._last_day = campaign.due_on
        whole = campaign.milestones.filter(percent=100).exclude(scale="").order_by("-due_on")
        self._days = dict(whole.values_list("scale", "due_on"))
        self._level = Deciders(campaign.deciding_level)
        self._lines = dict(campaign.categories.values_list("code", "lead_id"))
        self._known: dict[tuple[str, int], int] = {}
        for category, town in units_concerned(campaign).order_by().values_list("category_id", "town_id").distinct():
            self.of(category, town)

    def of(self, category: str, town: int) -> int:
        """Return the department's id. Raises LookupError when there is none."""
        place = (category, town)
        if place not in self._known:
            self._known[place] = self._level.find(line=self._lines[category], town_id=town).pk
        return self._known[place]

    def due_on(self, scale: str) -> dt.date:
        """Return the day a unit of ``scale`` reports by: its own milestone of 100 %, else the campaign's last day.

        Above-scale units by June, all by December (bulletin no. 24 of 2021, section 1).
        """
        return min(self._days.get(scale, self._last_day), self._last_day)


def _refuse_closed(campaign: Campaign) -> None:
    if Campaign.objects.filter(pk=campaign.pk, state=CampaignState.CLOSED).exists():
        raise CampaignRefused(_("The reporting task “%(name)s” is closed.") % {"name": campaign.label})


def _write_chunk(campaign: Campaign, deciders: _Deciding, user: User | None) -> int:
    """Write the next obligations that are missing; the campaign's lock keeps two launches apart."""
    asked = Filing.objects.filter(campaign=campaign, kind=FilingKind.OBLIGATION, enterprise=OuterRef("pk"))
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        missing = units_concerned(campaign).filter(~Q(Exists(asked))).order_by("pk")
        rows = [
            _obligation(campaign, unit, deciders)
            for unit in missing.only("pk", "town_id", "category_id", "scale", "joined_on")[:CHUNK]
        ]
        if rows:
            Filing.objects.bulk_create(rows, batch_size=1000)
            record_event(
                kind="campaign.joined",
                actor=user,
                about=campaign,
                data={"obligations": len(rows)},
                lines=_lines(rows),
            )
    return len(rows)


def _obligation(campaign: Campaign, unit: Enterprise, deciders: _Deciding) -> Filing:
    """Return an unsaved obligation. At launch a unit is expected from the opening, or when it joined the roster."""
    return Filing(
        campaign=campaign,
        enterprise=unit,
        kind=FilingKind.OBLIGATION,
        department_id=deciders.of(unit.category_id, unit.town_id),
        town_id=unit.town_id,
        category_id=unit.category_id,
        scale=unit.scale,
        joined_on=max(campaign.opens_on, unit.joined_on),
        due_on=deciders.due_on(unit.scale),
    )


def _lines(filings: Iterable[Filing]) -> list[EventLine]:
    new = {"state": FilingState.NOT_STARTED.value}
    return [EventLine(object_type="review.filing", object_id=filing.pk, old={}, new=new) for filing in filings]
