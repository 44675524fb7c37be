"""The background work of the top floor, every night: all that is written is proved to agree, drafts are prepared."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from review.domain.attachments import FOLDER
from review.domain.bulletins.nightly import prepare_drafts
from review.domain.campaigning.drafts import LAUNCH
from review.domain.campaigning.extensions import EXTEND, Narrowing, extend_chunk, extendable
from review.domain.campaigning.periodic import note_periodic_due
from review.domain.campaigning.phases import start_due_phases
from review.domain.campaigns import launch_campaign
from review.domain.letters import answering, raising, reminding
from review.domain.training import materials
from review.interfaces.letters.reminder_page import reports_selected
from review.management.commands.check_progress import SEEN, compare_everything
from review.models import Attachment, Campaign, LetterFile, MaterialVersion, Phase
from review.queries.letters.scope import overdue_letters
from riskreport.ground.access import Refused
from riskreport.ground.domain.jobs import JobRefused, Progress, job_handler
from riskreport.ground.domain.kept_files import files_named_by
from riskreport.ground.domain.nightly import nightly
from riskreport.ground.models import Job

LONGEST_SILENCE = 1800  # seconds between two signs of life
files_named_by(FOLDER, Attachment, "path")
files_named_by(answering.FOLDER, LetterFile, "path")


@job_handler(reminding.KIND)
def remind_units(job: Job, progress: Progress) -> dict:
    """Remind the units of a run, selected anew as the list of reports selects them."""
    return reminding.remind_units(job, progress, select=reports_selected)


@nightly(
    "night.letters",
    _("Overdue letters taken a level up"),
    {"raised": _("steps up"), "overdue": _("letters overdue")},
)
def raise_letters(job: Job, progress: Progress) -> dict:
    """Let letters that were not answered in time go up, as far as the night's day asks."""
    night = dt.date.fromisoformat(job.params["night"])
    return {"raised": raising.raise_overdue(on=night), "overdue": overdue_letters(night).count()}


files_named_by(materials.FOLDER, MaterialVersion, "path")


@nightly(
    "night.proof",
    _("Everything compared: reports, ledger, ratings, boards"),
    {
        "differs": _("differences"),
        "enterprises": _("units"),
        "filings": _("reports"),
        "snapshots": _("kept versions"),
        "risks": _("risks"),
        "tallies": _("cells of the boards"),
        "lists": _("lists"),
    },
)
def prove(job: Job, progress: Progress) -> dict:
    """Compare as ``check_progress`` does, which names what differs; here it is counted, for names are business data."""
    seen, different = compare_everything(alive=lambda: progress.hold(LONGEST_SILENCE))
    return {name: seen[name] for name in SEEN} | {"differs": len(different)}


@nightly("night.bulletins", _("Drafts of bulletins prepared"), {"made": _("new drafts"), "there": _("there already")})
def prepare_bulletins(job: Job, progress: Progress) -> dict:
    """Prepare the drafts of the day for every office that has switched it on; what is there already is left alone."""
    found = []
    for made in prepare_drafts(dt.date.fromisoformat(job.params["night"])):
        found.append(made)
        progress.hold(LONGEST_SILENCE)
    return {"made": sum(found), "there": len(found) - sum(found)}


@nightly(
    "night.campaigns",
    _("Phases begun and periodic reporting proposed"),
    {"phases": _("phases begun"), "proposed": _("reporting tasks to be followed")},
)
def follow_campaigns(job: Job, progress: Progress) -> dict:
    """Launch the phases whose day has come, and note where it is time for the next periodic task."""
    night = dt.date.fromisoformat(job.params["night"])
    return {"phases": start_due_phases(on=night), "proposed": note_periodic_due(on=night)}


@job_handler(LAUNCH)
def launch(job: Job, progress: Progress) -> dict:
    """Launch a campaign or a phase of it; a worker that takes over goes on where the last one died."""
    campaign = Campaign.objects.get(pk=job.params["campaign"])
    phase = Phase.objects.filter(pk=job.params["phase"]).first() if job.params["phase"] else None
    try:
        rows = launch_campaign(campaign=campaign, user=job.owner, phase=phase, tell=progress.at)
    except (Refused, LookupError) as error:
        text = _now("The task was not launched: %(why)s Put it right and launch again.")
        raise JobRefused(text % {"why": str(error)}) from error
    return {"rows": rows, "page": reverse("campaign", args=[campaign.pk])}


@job_handler(EXTEND)
def extend(job: Job, progress: Progress) -> dict:
    """Extend many reports, some hundred a transaction; what is extended so far is passed over."""
    given = job.params
    campaign = Campaign.objects.get(pk=given["campaign"])
    meant = {"narrowing": Narrowing(**given["narrowing"]), "new_due_on": dt.date.fromisoformat(given["new_due_on"])}
    left = extendable(job.owner, campaign, **meant).count()
    done, total = job.done, job.done + left
    try:
        while made := extend_chunk(campaign=campaign, user=job.owner, reason=given["reason"], **meant):
            done += made
            progress.at(done, total)
    except Refused as error:
        raise JobRefused(str(error)) from error
    return {"rows": done, "page": reverse("campaign", args=[campaign.pk])}
