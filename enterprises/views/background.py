"""The operator's page: what the night did, and background work that stopped. It shows no business data."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from enterprises.rules import is_operator
from riskreport.ground.access import access
from riskreport.ground.domain.events import release_parked
from riskreport.ground.domain.nightly import last_nightly_jobs, nightly_kinds
from riskreport.ground.models import Job
from riskreport.ground.queries.inbox import failed_jobs, parked_reactions

MOST = 100


@access(is_operator)
@require_GET
def background(request: HttpRequest) -> HttpResponse:
    """Show what the last night did, and parked reactions and failed jobs, newest first."""
    context = {"parked": parked_reactions()[:MOST], "failed": failed_jobs()[:MOST], "most": MOST}
    nights = [_night(job) for job in last_nightly_jobs()]
    context |= {"nights": nights, "differs": any(row["differs"] for row in nights)}
    return render(request, "enterprises/background.html", context)


def _night(job: Job) -> dict[str, Any]:
    """A nightly job with its figures in words, without those that are nothing."""
    kind = nightly_kinds()[job.kind]
    figures = [(words, job.result[name]) for name, words in kind.figures.items() if job.result.get(name)]
    return {"job": job, "title": kind.title, "figures": figures, "differs": bool(job.result.get("differs"))}


@access(is_operator)
@require_POST
def release_reaction(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a parked reaction run again."""
    row = get_object_or_404(parked_reactions(), pk=pk)
    release_parked(pending_id=row.pk, actor=request.user)
    messages.success(request, _("It runs again within a few seconds."))
    return redirect("background")
