"""The next periodic campaign, proposed from the last one, and the office told when it is time."""

import datetime as dt

from django.db import transaction

from enterprises.models import User
from review.domain.campaigning.drafts import Answers, answers_from, start_draft
from review.enums import CampaignKind, CampaignState
from review.models import Campaign, CampaignDraft
from review.queries.campaigning.defaults import is_time_for_next, next_period
from riskreport.ground import clock
from riskreport.ground.domain.events import record_event
from riskreport.ground.models import Event

DUE = "campaign.periodic_due"


def propose_next(*, campaign: Campaign, user: User) -> CampaignDraft:
    """Begin a draft of the next periodic campaign from this one; one not launched yet is returned as it is.

    Side effects: as start_draft, with the campaign locked so that two clicks begin one.
    """
    with transaction.atomic():
        row = Campaign.objects.select_for_update().get(pk=campaign.pk)
        known = CampaignDraft.objects.filter(earlier=row, campaign=None, answers__what__kind=["periodic"]).first()
        return known or start_draft(user=user, answers=_periodic_answers(row), earlier=row)


def _periodic_answers(campaign: Campaign) -> Answers:
    opens_on, due_on = next_period(clock.today())
    answers = answers_from(campaign)
    stem = campaign.code.removesuffix(f"-{campaign.opens_on.year}").removesuffix(f"-{campaign.due_on.year}")
    answers["what"] = {
        "name": [f"{opens_on.year}年度安全风险定期报告"],
        "name_en": [f"Periodic safety-risk reports {opens_on.year}"],
        "code": [f"{stem[:28]}-p-{opens_on.year}"],
        "kind": [CampaignKind.PERIODIC.value],
    }
    answers["when"] = {"opens_on": [opens_on.isoformat()], "due_on": [due_on.isoformat()], "presets": []}
    return answers


def lacks_periodic(on: dt.date) -> list[Campaign]:
    """Return the launched campaigns of which no later one covers the coming period though it is time for one."""
    if not is_time_for_next(on):
        return []
    opens_on, _due = next_period(on)
    launched = Campaign.objects.exclude(state=CampaignState.DRAFT)
    rows = launched.filter(opens_on__lt=opens_on, due_on__lt=opens_on).exclude(later__isnull=False)
    return list(rows.order_by("pk"))


def note_periodic_due(*, on: dt.date) -> int:
    """Note which campaigns should be followed by a periodic one by now; the office is told by the reaction.

    Side effects: an event ``campaign.periodic_due`` about each, once for each period. A second call notes none.
    """
    opens_on, _due = next_period(on)
    noted = 0
    for campaign in lacks_periodic(on):
        about = {"object_type": campaign._meta.label_lower, "object_id": campaign.pk}
        with transaction.atomic():
            Campaign.objects.select_for_update().get(pk=campaign.pk)
            if not Event.objects.filter(kind=DUE, data__opens_on=opens_on.isoformat(), **about).exists():
                record_event(kind=DUE, actor=None, about=campaign, data={"opens_on": opens_on.isoformat()})
                noted += 1
    return noted
