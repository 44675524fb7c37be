"""The inbox: a person's own notices."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from riskreport.ground.access import access
from riskreport.ground.domain.notices import notice_text, read_notices
from riskreport.ground.domain.reminding import KIND, line_text
from riskreport.ground.models import Notice
from riskreport.ground.queries.inbox import last_deliveries, notices_for_user
from riskreport.ground.request import whole_number, whole_numbers
from riskreport.ground.rules import has_account

PAGE = 50


@access(has_account)
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """Show the inbox, newest first, in pages by key; ``only=unread`` leaves out what was read."""
    rows = notices_for_user(request.user)
    only_unread = request.GET.get("only") == "unread"
    if only_unread:
        rows = rows.filter(read_at=None)
    before = whole_number(request.GET.get("before", ""))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    shown = [_shown(notice) for notice in found[:PAGE]]
    older = f"?{'only=unread&' if only_unread else ''}before={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    context = {"notices": shown, "only_unread": only_unread, "older_url": older}
    context |= {"deliveries": last_deliveries(request.user), "mail_on": settings.MAIL_ON}
    return render(request, "ground/notices.html", context)


def _shown(notice: Notice) -> dict[str, Any]:
    lines = notice.data.get("lines", []) if notice.kind == KIND else []
    return {"notice": notice, "text": notice_text(notice), "lines": [line_text(line) for line in lines]}


@access(has_account)
@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark notices as read: those named by ``id``, or all of the person's own."""
    ids = whole_numbers(request.POST.getlist("id"))
    count = read_notices(user=request.user, notice_ids=ids or None)
    if count:
        messages.success(request, _("Marked as read: %(count)s.") % {"count": count})
    return redirect("notices")


@access(has_account)
@require_POST
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice as read and go where it points; a digest, where the line of that number points."""
    notice = get_object_or_404(notices_for_user(request.user), pk=pk)
    read_notices(user=request.user, notice_ids=[notice.pk])
    lines = notice.data.get("lines", []) if notice.kind == KIND else []
    number = whole_number(request.POST.get("line", ""))
    url = lines[number]["url"] if number is not None and number < len(lines) else notice.url
    is_ours = url and url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()})
    return redirect(url if is_ours else "notices")
