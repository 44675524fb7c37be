"""The kinds of background work of who is who: issuing accounts with their letters, comparing two lists."""

import secrets
import tempfile
from pathlib import Path

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.domain import issuing, preparation, reconciling
from enterprises.domain.issuing import FOLDER, Issued, keep_letters, make_accounts, never_used, renew_codes
from enterprises.domain.masking import mask_leavers
from enterprises.domain.reconciling import ask_headings, fail_reconciliation, store_comparison
from enterprises.interfaces import department_sheet, people_sheets  # noqa: F401  makes their sheets known
from enterprises.interfaces.letters import letters_pdf
from enterprises.interfaces.list_reading import open_list
from enterprises.models import DepartmentPlan, FirstUse, LetterBatch, Reconciliation
from enterprises.rules import keeps_rosters
from riskreport.ground import clock
from riskreport.ground.domain.jobs import JobRefused, Progress, job_handler
from riskreport.ground.domain.kept_files import files_named_by
from riskreport.ground.domain.nightly import nightly
from riskreport.ground.imports.reading import FileRefused
from riskreport.ground.models import Job
from riskreport.ground.sheets import get_sheet
from riskreport.ground.sheets.selection import BadFilter, Selection

CHUNK = 500
files_named_by(preparation.FOLDER, DepartmentPlan, "path")
files_named_by(reconciling.FOLDER, Reconciliation, "a_file", "b_file")


@nightly("night.leavers", _l("Personal data of people who left"), {"masked": _l("people masked")})
def mask(job: Job, progress: Progress) -> dict:
    """Mask whoever left long enough ago."""
    return {"masked": mask_leavers()}


@job_handler(issuing.KIND)
def issue_accounts(job: Job, progress: Progress) -> dict:
    """Make the accounts the job asks for and set their letters.

    Side effects, in order: accounts and codes in transactions of 500 (domain/issuing.py); the PDF below
    MEDIA_ROOT/letters; where it lies, on the batch. A second try gives the accounts of the first one new codes, because
    nobody has seen the old ones. Raises JobRefused when the owner may no longer issue.
    """
    if not job.owner.is_active or not get_sheet(job.params["sheet"]).rule(job.owner).allowed:
        raise JobRefused(_("You may no longer issue accounts. Ask a colleague who keeps the roster."))
    batch = LetterBatch.objects.get(job=job)
    with translation.override(settings.LANGUAGE_CODE):  # the letters are for the enterprises
        wanted = _wanted(job, batch)
        progress.at(0, len(wanted))
        issued: list[Issued] = []
        for start in range(0, len(wanted), CHUNK):
            act = _renew if batch.again else _make
            issued += act(batch, wanted[start : start + CHUNK], job)
            progress.at(0)
        if not issued:
            raise JobRefused(_("No unit is left that needs a letter: others have issued their accounts meanwhile."))
        pdf = letters_pdf(
            issued=issued, issuer=job.owner, address=job.params["address"], at=clock.now(), told=progress.at
        )
        relative = Path(FOLDER, f"{job.pk}-{secrets.token_hex(16)}.pdf")
        path = Path(settings.MEDIA_ROOT, relative)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pdf)
        keep_letters(batch=batch, made=len(issued), file=relative.as_posix())
    progress.at(len(issued), len(issued))
    return {"rows": len(issued), "page": reverse("letters", args=[batch.pk])}


def _make(batch: LetterBatch, numbers: list[int], job: Job) -> list[Issued]:
    return make_accounts(batch=batch, enterprise_ids=numbers, actor=job.owner)


def _renew(batch: LetterBatch, numbers: list[int], job: Job) -> list[Issued]:
    return renew_codes(batch=batch, user_ids=numbers, actor=job.owner)


def _wanted(job: Job, batch: LetterBatch) -> list[int]:
    """Return the keys of the units (or, to issue again, of the people) the filter gives now, and of an earlier try."""
    sheet = get_sheet(job.params["sheet"])
    selection = Selection(sheet, job.owner, QueryDict(job.params["query"]), {})
    try:
        rows = selection.rows
    except BadFilter as problem:
        raise JobRefused(str(problem)) from problem
    if batch.again:
        rows = never_used(rows)
    if job.params.get("picked") is not None:
        rows = rows.filter(pk__in=job.params["picked"])
    found = set(rows.values_list("pk", flat=True))
    begun = FirstUse.objects.filter(batch=batch, used_at=None)
    found.update(begun.values_list("user_id" if batch.again else "user__enterprise_id", flat=True))
    return sorted(found)


@job_handler(reconciling.KIND)
def compare_lists(job: Job, progress: Progress) -> dict:
    """Read the files of a reconciliation and keep what differs, as its owner may see the roster now.

    Where headings are not known nothing is compared yet: the department is asked.

    Raises JobRefused when the owner keeps no roster any more or a file cannot be read; the department reads why.
    """
    row = Reconciliation.objects.get(pk=job.params["reconciliation"])
    with translation.override(job.params["language"] or settings.LANGUAGE_CODE):
        try:
            return _compare(row, job, progress)
        except (FileRefused, JobRefused) as refused:
            fail_reconciliation(reconciliation_id=row.pk, problem=str(refused))
            raise JobRefused(str(refused)) from refused


def _compare(row: Reconciliation, job: Job, progress: Progress) -> dict:
    answer = keeps_rosters(job.owner)
    if not job.owner.is_active or not answer.allowed:
        raise JobRefused(str(answer.reason) or _("This account is closed."))

    def alive() -> None:
        progress.at(0)

    with tempfile.TemporaryDirectory(dir=settings.MEDIA_ROOT) as folder:
        opened = {
            side: open_list(
                path=path, out=Path(folder, side), home=row.department_id, said=row.lists.get(side, {}), alive=alive
            )
            for side, path in (("a", row.a_file), ("b", row.b_file))
            if path
        }
        asking = {side: one.question() for side, one in opened.items() if not one.is_whole}
        if asking:
            ask_headings(reconciliation_id=row.pk, lists=row.lists | asking)
            return {"page": reverse("reconciliation", args=[row.pk])}
        a, b = (opened[side].read(job.owner) if side in opened else None for side in "ab")
    return store_comparison(reconciliation_id=row.pk, user=job.owner, a=a, b=b)
