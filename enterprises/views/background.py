"""The operator's page: background work that stopped. It shows no business data."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from enterprises.rules import is_operator
from riskreport.ground.access import access
from riskreport.ground.domain.events import release_parked
from riskreport.ground.queries.inbox import failed_jobs, parked_reactions

MOST = 100


@access(is_operator)
@require_GET
def background(request: HttpRequest) -> HttpResponse:
    """Show parked reactions and failed jobs, newest first."""
    context = {"parked": parked_reactions()[:MOST], "failed": failed_jobs()[:MOST], "most": MOST}
    return render(request, "enterprises/background.html", context)


@access(is_operator)
@require_POST
def release_reaction(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a parked reaction run again."""
    row = get_object_or_404(parked_reactions(), pk=pk)
    release_parked(pending_id=row.pk, actor=request.user)
    messages.success(request, _("It runs again within a few seconds."))
    return redirect("background")
