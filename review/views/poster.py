"""The wall chart on paper (挂图): the office fetches it as PDF on A1."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from review.interfaces.poster import poster_pdf
from review.queries.board import campaigns_to_show
from review.queries.poster import read_poster
from review.rules import keeps_displays
from riskreport.ground import clock
from riskreport.ground.access import access


@access(keeps_displays)
@require_safe
def poster(request: HttpRequest) -> HttpResponse:
    """Send the wall chart of the office's region as of today; the reporting task stands in the address."""
    asked = request.GET.get("campaign", "")
    campaign = next((row for row in campaigns_to_show() if asked in {"", row.code}), None)
    if campaign is None:
        raise Http404(_("There is no such reporting task."))
    now, today = clock.now(), clock.today()
    found = read_poster(campaign=campaign, region=request.user.department.region, today=today)
    response = HttpResponse(poster_pdf(found, at=now), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="wall-chart-{campaign.code}-{today}.pdf"'
    return response
