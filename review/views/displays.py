"""Wall displays as the office keeps them: the list, a new one, revoking one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from review.domain.displays import make_display, revoke_display
from review.interfaces.display_form import DisplayForm
from review.interfaces.review_form import new_key
from review.queries.displays import displays_for_user
from review.rules import keeps_displays
from riskreport.ground import clock
from riskreport.ground.access import Refused, access
from riskreport.ground.domain.request_keys import KeyReused


@access(keeps_displays)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def displays(request: HttpRequest) -> HttpResponse:
    """List the displays of the office's area; a POST makes one and shows its address, this once."""
    form = DisplayForm(request.POST or None, user=request.user, initial={"key": new_key()})
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        made = make_display(user=request.user, **form.cleaned_data)
    except (Refused, KeyReused) as refused:
        form.add_error(None, str(refused))
        return _page(request, form, status=409)
    address = request.build_absolute_uri(reverse("wall", args=[made.secret])) if made.secret else ""
    fresh = DisplayForm(user=request.user, initial={"key": new_key()})
    return _page(request, fresh, made=made.display, address=address)


def _page(request: HttpRequest, form: DisplayForm, *, status: int = 200, **shown: Any) -> HttpResponse:
    rows = list(displays_for_user(request.user))
    today = clock.today()
    for row in rows:
        row.has_ended = row.revoked_at is not None or (row.expires_on is not None and row.expires_on <= today)
    context = {"form": form, "displays": rows, "live": sum(not row.has_ended for row in rows), **shown}
    return render(request, "review/wall/displays.html", context, status=status)


@access(keeps_displays)
@require_POST
def display_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a display's address away at once."""
    row = get_object_or_404(displays_for_user(request.user), pk=pk)
    revoke_display(display_id=row.pk, user=request.user)
    messages.success(request, _("“%(name)s” shows nothing any more.") % {"name": row.name})
    return redirect("displays")
