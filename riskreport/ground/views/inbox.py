"""The inbox: a person's own notices."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from riskreport.ground.access import access
from riskreport.ground.domain.notices import notice_text, read_notices
from riskreport.ground.queries.inbox import notices_for_user
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
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    shown = [{"notice": notice, "text": notice_text(notice)} for notice in found[:PAGE]]
    older = f"?{'only=unread&' if only_unread else ''}before={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    return render(request, "ground/notices.html", {"notices": shown, "only_unread": only_unread, "older_url": older})


@access(has_account)
@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark notices as read: those named by ``id``, or all of the person's own."""
    ids = [int(one) for one in request.POST.getlist("id") if one.isascii() and one.isdigit()]
    count = read_notices(user=request.user, notice_ids=ids or None)
    if count:
        messages.success(request, _("Marked as read: %(count)s.") % {"count": count})
    return redirect("notices")


@access(has_account)
@require_POST
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice as read and go where it points."""
    notice = get_object_or_404(notices_for_user(request.user), pk=pk)
    read_notices(user=request.user, notice_ids=[notice.pk])
    is_ours = notice.url and url_has_allowed_host_and_scheme(notice.url, allowed_hosts={request.get_host()})
    return redirect(notice.url if is_ours else "notices")
