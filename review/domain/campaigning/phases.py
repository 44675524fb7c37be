"""The phases of a campaign: their days changed before they begin, and begun on their day."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import User
from review.checks.backward import backward_days
from review.domain.campaigning.drafts import start_launch
from review.domain.campaigns import CampaignRefused
from review.enums import CampaignState
from review.models import Campaign, Phase
from review.rules import runs_campaigns
from riskreport.ground.domain.events import record_event
from riskreport.ground.models import Job


def set_phase_days(*, phase_id: int, user: User, opens_on: dt.date, due_on: dt.date) -> Phase:
    """Move the days of a phase that has not begun.

    Side effects, in order: the phase; the steps of its checklists that were counted back and are not done; event
    ``campaign.phase_moved``. Raises Refused, CampaignRefused once it has begun or when the days do not fit.
    """
    with transaction.atomic():
        runs_campaigns.check(user)
        phase = Phase.objects.select_related("campaign").get(pk=phase_id)
        campaign = Campaign.objects.select_for_update().get(pk=phase.campaign_id)
        phase.refresh_from_db(fields=["begun_at", "opens_on", "due_on"])
        if phase.begun_at is not None:
            raise CampaignRefused(_("“%(name)s” has begun. Extend the reports instead.") % {"name": phase.name})
        if not campaign.opens_on <= opens_on <= due_on <= campaign.due_on:
            text = _("A phase lies within its reporting task, from %(first)s to %(last)s, and ends after it begins.")
            raise CampaignRefused(text % {"first": campaign.opens_on, "last": campaign.due_on})
        if (phase.opens_on, phase.due_on) == (opens_on, due_on):
            return phase
        phase.opens_on, phase.due_on = opens_on, due_on
        phase.save(update_fields=["opens_on", "due_on"])
        for step in phase.steps.filter(days_before__isnull=False, done_on=None):
            step.due_on = backward_days(due_on, {step.key: step.days_before or 0})[step.key]
            step.save(update_fields=["due_on"])
        data = {"phase": phase.name, "opens_on": opens_on.isoformat(), "due_on": due_on.isoformat()}
        record_event(kind="campaign.phase_moved", actor=user, about=campaign, data=data)
    return phase


def start_phase(*, phase_id: int, user: User) -> Job:
    """Launch a phase by hand, before its day or after; a second call returns the same job. Raises Refused."""
    runs_campaigns.check(user)
    phase = Phase.objects.select_related("campaign").get(pk=phase_id)
    return start_launch(campaign=phase.campaign, user=user, phase=phase)


def start_due_phases(*, on: dt.date) -> int:
    """Launch the phases of open campaigns whose day has come; return how many jobs there are for them.

    A phase whose last day is past is left to the office. A second call finds the same jobs.
    """
    due = Phase.objects.filter(
        launched_at=None, opens_on__lte=on, due_on__gte=on, campaign__state=CampaignState.OPEN
    ).select_related("campaign")
    jobs = [
        start_launch(campaign=phase.campaign, user=None, phase=phase) for phase in due.order_by("campaign", "order")
    ]
    return len(jobs)
