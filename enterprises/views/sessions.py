"""Opening a session, the same way for every kind of sign-in; ending one's own."""

import re

from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from enterprises.domain.sessions import end_all_sessions, end_session, note_sign_in
from enterprises.models import SignIn, User
from enterprises.queries.second_factor import BY_SSO
from enterprises.rules import is_signed_in
from riskreport.ground import clock
from riskreport.ground.access import access

BACKEND = "enterprises.queries.people.PersonBackend"
BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def open_session(request: HttpRequest, user: User, *, by_sso: bool = False) -> None:
    """Sign the person in with a new session id and note where, and whether the single sign-on has vouched for them."""
    login(request, user, backend=BACKEND)
    request.session[BY_SSO] = by_sso
    request.session["seen_at"] = clock.now().timestamp()
    request.session.save()
    note_sign_in(user=user, session_key=request.session.session_key, browser=_browser(request))


def _browser(request: HttpRequest) -> str:
    """Return browser and system by name, as far as they say so; nothing that tells two of a kind apart."""
    said = request.headers.get("User-Agent", "")
    found = [next((name for sign, name in names if re.search(sign, said)), "") for names in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found))


@access(is_signed_in)
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every other session of the person; this one stays."""
    end_all_sessions(person=request.user, actor=request.user, why="own wish")
    update_session_auth_hash(request, request.user)
    request.session.save()
    note_sign_in(user=request.user, session_key=request.session.session_key, browser=_browser(request))
    messages.success(request, _("You are signed out everywhere else. Here you stay signed in."))
    return redirect("account")


@access(is_signed_in)
@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one session of one's own."""
    get_object_or_404(SignIn, pk=pk, user=request.user)
    if end_session(user=request.user, sign_in_id=pk):
        messages.success(request, _("That session is ended."))
    return redirect("account")
