"""Rosters (底数清单)."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from enterprises.rules import is_official
from riskreport.ground.access import access
from riskreport.ground.ui.list_page import list_page


@access(is_official)
@require_GET
def enterprises(request: HttpRequest) -> HttpResponse:
    """List the enterprises of the person's scope."""
    return list_page(request, "enterprises", lead=_("%(count)s units within your area and lines."))
