"""Rosters (底数清单)."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from enterprises.rules import is_official, keeps_rosters
from riskreport.ground.access import access
from riskreport.ground.ui.list_page import list_page


@access(is_official)
@require_GET
def enterprises(request: HttpRequest) -> HttpResponse:
    """List the enterprises of the person's scope."""
    lead = _("%(count)s units within your area and lines.")
    may_add = keeps_rosters(request.user).allowed
    return list_page(request, "enterprises", template="enterprises/roster.html", lead=lead, may_add=may_add)
