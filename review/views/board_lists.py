"""The list of filings: every board number opens it."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from review.interfaces.letters.reminder_page import query_kept
from review.rules import may_remind, opens_filings
from riskreport.ground.access import access
from riskreport.ground.ui.list_page import list_page


@access(opens_filings)
@require_GET
def filings(request: HttpRequest) -> HttpResponse:
    """List the filings of the person's scope."""
    return list_page(
        request,
        "filings",
        template="review/board/filings.html",
        lead=_("%(count)s reports within your area and lines."),
        remind_url=f"{reverse('remind')}?{query_kept(request.GET)}" if may_remind(request.user).allowed else "",
    )
