"""The background work of the top floor, every night: all that is written is proved to agree, drafts are prepared."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from review.domain.attachments import FOLDER
from review.domain.bulletins.nightly import prepare_drafts
from review.domain.letters import answering, raising, reminding
from review.interfaces.letters.reminder_page import reports_selected
from review.management.commands.check_progress import SEEN, compare_everything
from review.models import Attachment, LetterFile
from review.queries.letters.scope import overdue_letters
from riskreport.ground.domain.jobs import Progress, job_handler
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
