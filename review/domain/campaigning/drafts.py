"""A reporting task in the wizard: begun, written step by step, and launched as one job."""

from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from enterprises.models import Category, User
from review.domain.campaigning.checklist import write_checklist
from review.domain.campaigns import CampaignRefused, create_campaign
from review.enums import CampaignState
from review.models import Campaign, CampaignDraft, Phase
from review.rules import runs_campaigns
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.jobs import start_job
from riskreport.ground.models import Job
from riskreport.ground.models.job import JobState

LAUNCH = "campaign.launch"
MOST_TEXTS, MOST_CHARACTERS = 400, 4000
Answers = dict[str, dict[str, list[str]]]


class StaleDraft(Refused):
    """Somebody else has written the draft since the person saw it."""

    def __init__(self, draft: CampaignDraft) -> None:
        self.draft = draft
        text = _("%(name)s has changed this draft meanwhile. What you typed is still here: save again to keep it.")
        super().__init__(text % {"name": draft.changed_by.name})


@dataclass(frozen=True)
class CampaignPlan:
    """What a complete draft says: the arguments of create_campaign, and the days of the backward schedule."""

    columns: dict[str, Any]
    days_before: dict[str, int] = field(default_factory=dict)


def start_draft(*, user: User, answers: Answers, earlier: Campaign | None = None) -> CampaignDraft:
    """Begin a draft, prefilled with ``answers``. Side effects: the row; event ``campaign.draft_begun``."""
    with transaction.atomic():
        runs_campaigns.check(user)
        draft = CampaignDraft.objects.create(
            answers=answers, made_by=user, changed_by=user, changed_at=clock.now(), earlier=earlier
        )
        data = {"earlier": earlier.code if earlier else ""}
        record_event(kind="campaign.draft_begun", actor=user, about=draft, data=data)
    return draft


def save_step(
    *, draft_id: int, user: User, step: str, fields: dict[str, list[str]], seen_version: int
) -> CampaignDraft:
    """Keep what was typed in a step, complete or not.

    Side effects: the answers and the version; drafts are no reports, so no event is recorded. Saving what stands
    changes nothing. Raises StaleDraft, CampaignRefused once it has become a campaign, CampaignDraft.DoesNotExist.
    """
    kept = {name: [text[:MOST_CHARACTERS] for text in texts[:MOST_TEXTS]] for name, texts in fields.items()}
    with transaction.atomic():
        runs_campaigns.check(user)
        draft = _locked(draft_id)
        if draft.answers.get(step) == kept:
            return draft
        if draft.version != seen_version:
            raise StaleDraft(draft)
        draft.answers[step] = kept
        draft.version, draft.changed_by, draft.changed_at = draft.version + 1, user, clock.now()
        draft.save(update_fields=["answers", "version", "changed_by", "changed_at"])
    return draft


def drop_draft(*, draft_id: int, user: User) -> None:
    """Throw a draft away. Side effects: the row goes; event ``campaign.draft_dropped``. A second call does nothing."""
    with transaction.atomic():
        runs_campaigns.check(user)
        draft = CampaignDraft.objects.select_for_update(of=("self",)).filter(pk=draft_id, campaign=None).first()
        if draft is not None:
            record_event(kind="campaign.draft_dropped", actor=user, about=draft, data={"name": draft.name})
            draft.delete()


def launch_draft(*, draft_id: int, user: User, seen_version: int, plan: CampaignPlan) -> Job:
    """Make the campaign that the draft describes and start the job that asks everybody concerned.

    Side effects, in order, in one transaction: the draft is locked; the campaign with milestones and phases
    (``campaign.created``); the checklists of its phases; the draft names its campaign; the job. A second call, a double
    click too, returns the job of the first. Raises StaleDraft, CampaignRefused, CampaignDraft.DoesNotExist.
    """
    with transaction.atomic():
        runs_campaigns.check(user)
        draft = (
            CampaignDraft.objects.select_for_update(of=("self",))
            .select_related("campaign", "changed_by")
            .get(pk=draft_id)
        )
        if draft.campaign is None:
            if draft.version != seen_version:
                raise StaleDraft(draft)
            try:
                with transaction.atomic():
                    campaign = create_campaign(user=user, **plan.columns)
            except IntegrityError as error:
                raise CampaignRefused(_("Another reporting task has this code. Choose another one.")) from error
            write_checklist(campaign=campaign, days_before=plan.days_before)
            draft.campaign = campaign
            draft.save(update_fields=["campaign"])
        return start_launch(campaign=draft.campaign, user=user)


def start_launch(*, campaign: Campaign, user: User | None, phase: Phase | None = None) -> Job:
    """Start the job that launches a campaign, or a phase of it; one that runs or has ended well is returned as it is.

    Raises CampaignRefused on a closed campaign.
    """
    with transaction.atomic():
        row = Campaign.objects.select_for_update().get(pk=campaign.pk)
        if row.state == CampaignState.CLOSED:
            raise CampaignRefused(_("The reporting task “%(name)s” is closed.") % {"name": row.label})
        stem = f"{LAUNCH} {row.pk} {phase.pk if phase else 'first'}"
        failed = Job.objects.filter(key__startswith=f"{stem} ", state=JobState.FAILED).count()
        return start_job(
            kind=LAUNCH,
            owner=user,
            params={"campaign": row.pk, "phase": phase.pk if phase else None},
            title=_("Launch of “%(name)s”") % {"name": phase.name if phase else row.name},
            key=f"{stem} {failed + 1}",
        )


def _locked(draft_id: int) -> CampaignDraft:
    draft = CampaignDraft.objects.select_for_update(of=("self",)).select_related("changed_by").get(pk=draft_id)
    if draft.campaign_id is not None:
        raise CampaignRefused(_("This draft was launched already."))
    return draft


def answers_from(campaign: Campaign) -> Answers:
    """Return the answers of the wizard that would describe a campaign like this one, without its dates and code."""
    codes = list(campaign.categories.order_by("code").values_list("code", flat=True))
    sectors = Category.objects.filter(code__in=codes).values_list("sector_id", flat=True)
    return {
        "what": {"name": [campaign.name], "name_en": [campaign.name_en], "kind": [campaign.kind]},
        "whom": {"sectors": sorted(set(sectors)), "categories": codes, "scales": list(campaign.scales)},
        "how": {"stages": [str(campaign.stages)], "deciding_level": [campaign.deciding_level]},
        "message": {"message": [campaign.message]},
    }
