"""The list of visits on the spot."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from review.rules import opens_filings
from riskreport.ground.access import access
from riskreport.ground.ui.list_page import list_page


@access(opens_filings)
@require_GET
def visits(request: HttpRequest) -> HttpResponse:
    """List the visits to units of the person's scope, the latest first."""
    return list_page(request, "visits", lead=_("%(count)s visits within your area and lines."))
