"""The kinds of background work of this floor."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from enterprises.domain.reconciling import KIND, fail_reconciliation, store_comparison
from enterprises.interfaces.list_reading import read_list
from enterprises.models import Reconciliation
from enterprises.rules import keeps_rosters
from riskreport.ground.domain.jobs import JobRefused, Progress, job_handler
from riskreport.ground.imports.reading import FileRefused
from riskreport.ground.models import Job


@job_handler(KIND)
def compare_lists(job: Job, progress: Progress) -> dict:
    """Read the files of a reconciliation and keep what differs, as its owner may see the roster now.

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

    a = read_list(path=row.a_file, user=job.owner, alive=alive) if row.a_file else None
    b = read_list(path=row.b_file, user=job.owner, alive=alive)
    return store_comparison(reconciliation_id=row.pk, user=job.owner, a=a, b=b)
