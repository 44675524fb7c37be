"""The background work of the top floor, every night: all that is written is proved to agree, drafts are prepared."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from review.domain.attachments import FOLDER
from review.domain.bulletins.nightly import prepare_drafts
from review.management.commands.check_progress import SEEN, compare_everything
from review.models import Attachment
from riskreport.ground.domain.jobs import Progress
from riskreport.ground.domain.kept_files import files_named_by
from riskreport.ground.domain.nightly import nightly
from riskreport.ground.models import Job

LONGEST_SILENCE = 1800  # seconds between two signs of life
files_named_by(FOLDER, Attachment, "path")


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
