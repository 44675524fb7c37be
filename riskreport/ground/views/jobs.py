"""Background work of a person: what runs, how far it is, what came of it."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from riskreport.ground.access import access
from riskreport.ground.domain.jobs import MOST_TRIES
from riskreport.ground.models import Job
from riskreport.ground.models.job import JOB_ENDED
from riskreport.ground.queries.inbox import jobs_for_user
from riskreport.ground.rules import has_account
from riskreport.ground.sheets import get_sheet
from riskreport.ground.sheets.export import start_export
from riskreport.ground.sheets.selection import BadFilter

PAGE = 50


@access(has_account)
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """List the person's own jobs, newest first."""
    context = {"jobs": jobs_for_user(request.user)[:PAGE], "kept_days": settings.RESULT_FILES_KEPT_DAYS}
    return render(request, "ground/jobs.html", context)


@access(has_account)
@require_GET
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one job; asked by htmx, only the part that changes while it runs."""
    found = get_object_or_404(jobs_for_user(request.user), pk=pk)
    context = {
        "job": found,
        "ended": found.state in JOB_ENDED,
        "has_file": bool(found.file),
        "reason": _why_failed(found),
        "kept_days": settings.RESULT_FILES_KEPT_DAYS,
    }
    return render(request, "ground/_job.html" if request.htmx else "ground/job.html", context)


def _why_failed(job: Job) -> str:
    """A refusal is a sentence for the owner; what broke after many tries is for the operator's eyes."""
    if job.tries >= MOST_TRIES:
        return _("This task failed several times and was stopped. Try again; if it fails again, tell system operation.")
    return job.error


@access(has_account)
@require_GET
def job_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the file a job made, to its owner alone."""
    found = get_object_or_404(jobs_for_user(request.user), pk=pk)
    if not found.file:
        raise Http404
    root = Path(settings.MEDIA_ROOT).resolve()
    path = (root / found.file).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=found.file_name or path.name)


@access(has_account)
@require_POST
def export_sheet(request: HttpRequest, name: str) -> HttpResponse:
    """Start the export of a sheet as it was seen and show its progress. The sheet's own rule is asked."""
    try:
        sheet = get_sheet(name)
    except KeyError:
        raise Http404 from None
    answer = sheet.rule(request.user)
    if not answer.allowed:
        raise PermissionDenied(str(answer.reason))
    fixed = dict(pair.split("=", 1) for pair in request.POST.getlist("fixed") if "=" in pair)
    try:
        started = start_export(
            sheet=sheet,
            owner=request.user,
            query=request.POST.get("query", "")[:4000],
            fixed=fixed,
            language=request.LANGUAGE_CODE,
        )
    except BadFilter as problem:
        raise PermissionDenied(str(problem)) from None
    return redirect("job", pk=started.pk)
