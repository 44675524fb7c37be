"""Reporting tasks: made, launched to everybody they concern or in phases, joined and left later."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from enterprises.enums import ON_ROSTER, Scale
from enterprises.models import Enterprise, User
from enterprises.queries.taxonomy import categories_in_force
from review.domain.obligations import (
    DAYS_WHEN_LATE,
    UNIT,
    Deciding,
    late_obligation,
    new_obligation,
    release_obligations,
    write_obligations,
)
from review.enums import CampaignState, FilingKind
from review.models import Campaign, Filing, Milestone, Phase
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event

Tell = Callable[[int, int], None]
CHUNK = 4000  # keys of units a transaction: on SQLite nobody else can write while one runs, so it stays short


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
    phases: Iterable[dict[str, Any]] = (),
    **columns: Any,
) -> Campaign:
    """Make a reporting task as a draft that asks nobody yet.

    ``categories`` are category codes; ``scales`` is empty when every scale reports; ``milestones`` are dicts of
    Milestone columns, ``phases`` of Phase columns in their order (none: everybody is asked at once); ``columns`` are
    further Campaign columns (kind, earlier, stages, deciding_level, locks_on, message, name_en). Side effects, in
    order: the campaign, its categories, milestones and phases; event ``campaign.created``. Raises ValueError
    without a category or for an unknown scale, CampaignRefused for a retired category, IntegrityError when the code is
    taken or dates are out of order.
    """
    codes, wanted = sorted(set(categories)), sorted(set(scales))
    if not codes or set(wanted) - set(Scale.values):
        raise ValueError("a campaign needs at least one category, and scales that exist")
    retired = sorted(set(codes) - set(categories_in_force(opens_on).values_list("code", flat=True)))
    if retired:
        raise CampaignRefused(
            _("These categories are retired or unknown: %(codes)s. Take them out.") % {"codes": "、".join(retired)}
        )
    with transaction.atomic():
        campaign = Campaign.objects.create(
            code=code, name=name, opens_on=opens_on, due_on=due_on, scales=wanted, **columns
        )
        campaign.categories.set(codes)  # type: ignore[arg-type]  # keys are codes
        Milestone.objects.bulk_create(Milestone(campaign=campaign, **row) for row in milestones)
        Phase.objects.bulk_create(Phase(campaign=campaign, order=order, **row) for order, row in enumerate(phases, 1))
        record_event(kind="campaign.created", actor=user, about=campaign, data={"code": code, "categories": codes})
    return campaign


def units_concerned(campaign: Campaign) -> QuerySet[Enterprise]:
    """Return the enterprises on the roster in the campaign's categories and scales, those already asked included."""
    units = Enterprise.objects.filter(lifecycle__in=sorted(ON_ROSTER), category__in=campaign.categories.all())
    return units.filter(scale__in=campaign.scales) if campaign.scales else units


def launch_campaign(
    *, campaign: Campaign, user: User | None, phase: Phase | None = None, tell: Tell = lambda done, total: None
) -> int:
    """Ask every unit concerned for its report; return how many obligations were written by this call.

    Of a campaign in phases it asks the units of ``phase`` (the first one when none has begun), and those of earlier
    phases that are still missing. ``tell`` hears after each chunk how far it is. Every deciding department is looked
    up before anything is written. Side effects, in order: the phase begins; in chunks of one short transaction each,
    the obligations and an event ``campaign.joined`` with a line per obligation; last, in one transaction, campaign and
    phase are open and the event ``campaign.launched`` or ``campaign.phase_launched``. A call that died half-way is
    simply repeated: a unit that has its obligation is passed over, so a second call adds nothing but what is missing.
    Who comes to be concerned while the chunks are written is asked with the opening, under the lock that acts on the
    roster wait for. Raises CampaignRefused on a closed campaign and on a phase whose last day is past, LookupError
    (nothing written) when a town has no department to decide.
    """
    _refuse_closed(campaign)
    phase = _begin(campaign, phase)
    deciding, units = Deciding(campaign, phase), units_concerned(campaign).order_by()
    for category, town in units.values_list("category_id", "town_id").distinct():
        deciding.of(category, town)
    made, last = 0, units.aggregate(last=Max("pk"))["last"] or 0
    for start in range(1, last + 1, CHUNK):
        made += _ask(campaign, deciding, user, gte=start, lt=start + CHUNK)
        tell(min(start + CHUNK, last), last)
    with transaction.atomic():
        row = Campaign.objects.select_for_update().get(pk=campaign.pk)
        missing = list(units.values_list("pk", flat=True).difference(_asked(campaign)))
        for start in range(0, len(missing), CHUNK):
            made += _ask(campaign, deciding, user, **{"in": missing[start : start + CHUNK]})
        _open(row, phase, user)
    campaign.state, campaign.launched_at = row.state, row.launched_at
    return made


def _begin(campaign: Campaign, phase: Phase | None) -> Phase | None:
    """Note that a phase begins, once: one after the first is expected from today on, whatever day was planned."""
    with transaction.atomic():
        row = Campaign.objects.select_for_update().get(pk=campaign.pk)
        phases = list(row.phases.select_for_update().order_by("order"))
        if phase is None:
            if not phases or phases[0].launched_at:
                return None
            phase = phases[0]
        found = next(one for one in phases if one.pk == phase.pk)
        if found.begun_at is None:
            today = clock.today()
            if today > found.due_on:
                text = _("The last day of “%(name)s” is past. Give the phase later days first.")
                raise CampaignRefused(text % {"name": found.name})
            found.begun_at = clock.now()
            if row.state == CampaignState.OPEN:
                found.opens_on = today
            found.save(update_fields=["begun_at", "opens_on"])
    return found


def _open(campaign: Campaign, phase: Phase | None, user: User | None) -> None:
    """Mark campaign and phase as launched, with one event for the first of both and one for each later phase."""
    total = campaign.filings.filter(kind=FilingKind.OBLIGATION).count
    was_draft = campaign.state == CampaignState.DRAFT
    if was_draft:
        campaign.state, campaign.launched_at = CampaignState.OPEN, clock.now()
        campaign.save(update_fields=["state", "launched_at"])
        record_event(kind="campaign.launched", actor=user, about=campaign, data={"obligations": total()})
    if phase is not None and phase.launched_at is None:
        phase.launched_at = clock.now()
        phase.save(update_fields=["launched_at"])
        if not was_draft:
            data = {"phase": phase.name, "obligations": total()}
            record_event(kind="campaign.phase_launched", actor=user, about=campaign, data=data)


def join_campaign(
    *,
    campaign: Campaign,
    enterprise: Enterprise,
    user: User | None,
    on: dt.date | None = None,
    days_when_late: int = DAYS_WHEN_LATE,
) -> Filing | None:
    """Ask a unit that came to the roster, or into the campaign's categories, after the launch.

    It is expected from the day it joins (``on``, today when None), never from earlier: the figures of days gone by stay
    as they were published. A unit that joins when the day for reporting has passed gets ``days_when_late`` days of its
    own. Side effects, in order: the obligation; event ``campaign.joined``. Returns None for a unit that the campaign
    does not concern, or not yet, because its phase has not begun; a second call returns the obligation there is.
    Raises CampaignRefused unless the campaign is open.
    """
    if campaign.state != CampaignState.OPEN:
        raise CampaignRefused(_("The reporting task “%(name)s” is not open.") % {"name": campaign.label})
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        known = Filing.objects.filter(campaign=campaign, enterprise=enterprise, kind=FilingKind.OBLIGATION).first()
        if known is not None or not units_concerned(campaign).filter(pk=enterprise.pk).exists():
            return known
        deciding = Deciding(campaign)
        if not deciding.asks(enterprise.category_id, enterprise.town_id):
            return None
        row = late_obligation(campaign, enterprise, deciding, on=on or clock.today(), days_when_late=days_when_late)
        write_obligations(campaign=campaign, rows=[row], user=user)
        return Filing.objects.get(campaign=campaign, enterprise=enterprise, kind=FilingKind.OBLIGATION)


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
        release_obligations(leaving=[(filing, on, reason) for filing in rows], user=user)
    return len(rows)


def _refuse_closed(campaign: Campaign) -> None:
    if Campaign.objects.filter(pk=campaign.pk, state=CampaignState.CLOSED).exists():
        raise CampaignRefused(_("The reporting task “%(name)s” is closed.") % {"name": campaign.label})


def _ask(campaign: Campaign, deciding: Deciding, user: User | None, **keys: Any) -> int:
    """Write the missing obligations of the units that the lookups ``keys`` give by their keys; return how many.

    The campaign's lock keeps two launches apart. Two plain reads by key are as fast without figures of the tables as
    with them; one that leaves out who has an obligation is not.
    """
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        asked = set(_asked(campaign).filter(**{f"enterprise__{name}": value for name, value in keys.items()}))
        units = units_concerned(campaign).filter(**{f"pk__{name}": value for name, value in keys.items()})
        rows = [
            new_obligation(campaign, unit, deciding)
            for unit in units.order_by("pk").values_list(*UNIT, named=True)
            if unit.pk not in asked and deciding.asks(unit.category_id, unit.town_id)
        ]
        if rows:
            write_obligations(campaign=campaign, rows=rows, user=user)
    return len(rows)


def _asked(campaign: Campaign) -> QuerySet[Filing, int]:
    return Filing.objects.filter(campaign=campaign, kind=FilingKind.OBLIGATION).values_list("enterprise_id", flat=True)
