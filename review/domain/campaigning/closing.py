"""Closing a campaign, so that its figures stand still, and opening it again."""

import datetime as dt
import json

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from enterprises.domain.roster_changes import RosterAct, RosterChange
from enterprises.enums import ON_ROSTER
from enterprises.models import User
from review.domain.campaigns import CampaignRefused, units_concerned
from review.domain.following import hold_obligations, keep_obligations
from review.domain.obligations import release_obligations
from review.enums import NOT_EXPECTED, CampaignState, FilingKind
from review.models import Campaign, CampaignClosing, Filing
from review.queries.campaigning.closing import figures_of
from review.queries.completion import STAGES
from review.rules import runs_campaigns
from riskreport.ground import clock
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.request_keys import digest_of

CHUNK = 5000


def close_campaign(*, campaign: Campaign, user: User | None, release_because: str = "") -> CampaignClosing | None:
    """End a campaign: nothing more is filed in it and its figures stand still.

    From now on town, category and scale of its reports no longer follow their units. What is not filed stays open, and
    late once its day is past; with ``release_because`` it is expected no longer from tomorrow on, for that reason. Side
    effects, in order: the figures of today as evidence (CampaignClosing); the state; what is released, with event
    ``campaign.left``; event ``campaign.closed``. A second call returns the closing there is. Raises Refused,
    CampaignRefused on one that was never launched.
    """
    if user is not None:
        runs_campaigns.check(user)
    with transaction.atomic():
        row = Campaign.objects.select_for_update().get(pk=campaign.pk)
        if row.state == CampaignState.DRAFT:
            raise CampaignRefused(_("The reporting task “%(name)s” is not open.") % {"name": row.label})
        if row.state == CampaignState.OPEN:
            today = clock.today()
            content = json.dumps(
                figures_of(row, today), ensure_ascii=False, sort_keys=True, separators=(",", ":")
            )  # fmt: skip
            closing = CampaignClosing.objects.create(
                campaign=row, closed_on=today, closed_by=user, content=content, sha256=digest_of(json.loads(content))
            )
            row.state = CampaignState.CLOSED
            row.save(update_fields=["state"])
            released = _release(row, today, release_because, user) if release_because else 0
            data = {"sha256": closing.sha256, "released": released, "reason": release_because}
            record_event(kind="campaign.closed", actor=user, about=row, data=data)
    campaign.state = row.state
    return CampaignClosing.objects.filter(campaign=row).first()


def reopen_campaign(*, campaign: Campaign, user: User, reason: str) -> None:
    """Open a closed campaign again; the figures of its closing stay as evidence.

    Side effects, in order: campaigns and the reports concerned are locked; its state; who reopened it and why, at the
    closing; the reports are brought to where the roster now has their units (following.py); event
    ``campaign.reopened``. A second call does nothing. Raises CampaignRefused without a reason and on one that was
    never launched.
    """
    runs_campaigns.check(user)
    reason = reason.strip()
    if not reason:
        raise CampaignRefused(_("Write the reason: it stays with the figures of the closing."))
    with transaction.atomic():
        # Locked in the order in which acts on the roster lock them.
        list(Campaign.objects.order_by("pk").select_for_update().values_list("pk", flat=True))
        row = Campaign.objects.get(pk=campaign.pk)
        if row.state == CampaignState.DRAFT:
            raise CampaignRefused(_("The reporting task “%(name)s” is not open.") % {"name": row.label})
        if row.state == CampaignState.CLOSED:
            row.state = CampaignState.OPEN
            row.save(update_fields=["state"])
            last = CampaignClosing.objects.filter(campaign=row, reopened_at=None).first()
            if last is not None:
                last.reopened_at, last.reopened_by, last.reopen_reason = clock.now(), user, reason[:500]
                last.save(update_fields=["reopened_at", "reopened_by", "reopen_reason"])
            followed = _catch_up(row, user, reason)
            record_event(kind="campaign.reopened", actor=user, about=row, data={"reason": reason, "units": followed})
    campaign.state = row.state


def _release(campaign: Campaign, today: dt.date, reason: str, user: User | None) -> int:
    """Take what is not filed out of what is expected from tomorrow on: the figures of today stay."""
    still_open = campaign.filings.select_for_update(of=("self",)).filter(STAGES["open"](today)).order_by("pk")
    tomorrow, count = today + dt.timedelta(days=1), 0
    rows = list(still_open.filter(left_on=None))
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        release_obligations(leaving=[(filing, tomorrow, reason) for filing in chunk], user=user)
        count += len(chunk)
    return count


def _catch_up(campaign: Campaign, user: User, reason: str) -> int:
    """Let the reports follow what happened on the roster while the campaign stood still; return how many units."""
    there = Filing.objects.filter(campaign=campaign, kind=FilingKind.OBLIGATION)
    live = there.filter(left_on=None).exclude(state__in=sorted(NOT_EXPECTED))
    elsewhere = Q(enterprise__lifecycle__in=sorted(ON_ROSTER)) & ~Q(
        town=F("enterprise__town"), category=F("enterprise__category"), scale=F("enterprise__scale")
    )
    gone = ~Q(enterprise__lifecycle__in=sorted(ON_ROSTER))
    ids = set(live.filter(elsewhere | gone).values_list("enterprise_id", flat=True))
    units = units_concerned(campaign).order_by()
    ids |= set(units.values_list("pk", flat=True).difference(there.values_list("enterprise_id", flat=True)))
    back = there.filter(left_on__isnull=False, enterprise__in=units).exclude(state__in=sorted(NOT_EXPECTED))
    ids |= set(back.values_list("enterprise_id", flat=True))
    hold_obligations(sorted(ids))
    today = clock.today()
    keep_obligations([RosterChange(pk, RosterAct.MOVED, today, reason=reason) for pk in sorted(ids)], user)
    return len(ids)
