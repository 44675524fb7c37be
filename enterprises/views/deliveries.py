"""The operator's page of digests: how many reached people, day by day, and the mails that were given up.

It shows no business data: numbers, and the kind of an error.
"""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from enterprises.rules import is_operator
from riskreport.ground.access import access
from riskreport.ground.domain.mailing import release_parked_mails
from riskreport.ground.queries.inbox import deliveries_by_day, parked_mails

DAYS, MOST = 14, 50


@access(is_operator)
@require_GET
def deliveries(request: HttpRequest) -> HttpResponse:
    """Show what was delivered in the last days, and the mails that were given up."""
    parked = parked_mails()
    context = {"days": deliveries_by_day(DAYS), "parked": parked[:MOST], "count": parked.count(), "most": MOST}
    return render(request, "enterprises/deliveries.html", context | {"mail_on": settings.MAIL_ON})


@access(is_operator)
@require_POST
def deliveries_release(request: HttpRequest) -> HttpResponse:
    """Let the mails that were given up be tried again."""
    count = release_parked_mails(actor=request.user)
    if count:
        messages.success(request, _("%(count)s mails are tried again within ten minutes.") % {"count": count})
    else:
        messages.warning(request, _("No mail is given up any more: they are being tried again already."))
    return redirect("deliveries")
