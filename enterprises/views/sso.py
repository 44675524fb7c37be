"""Signing in by the city's single sign-on: there and back."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from enterprises.domain.sessions import note_sso_sign_in
from enterprises.interfaces.sso import SsoAway, SsoRefused, ask_who, is_offered, told_who
from enterprises.queries.people import person_by_sso
from enterprises.views.people import next_url
from enterprises.views.sessions import open_session
from riskreport.ground.access import public

NEXT = "sso_next"


@public
@never_cache
@require_GET
def sso_begin(request: HttpRequest) -> HttpResponse:
    """Send the person to the single sign-on; writes nothing but the session."""
    if not is_offered():
        return _back_to_sign_in(request, _("There is no single sign-on here. Sign in with account and password."))
    try:
        answer = ask_who(request, request.build_absolute_uri(reverse("sso_back")))
    except SsoAway:
        return _away(request)
    request.session[NEXT] = next_url(request)
    return answer


@public
@never_cache
@require_GET
def sso_back(request: HttpRequest) -> HttpResponse:
    """Sign in whoever the single sign-on vouches for.

    The protocol comes back by GET; what this writes is behind a state that only this browser was given, and works once.
    """
    if not is_offered():
        return redirect("sign_in")
    wanted = request.session.pop(NEXT, "")
    try:
        person = person_by_sso(told_who(request))
    except SsoAway:
        return _away(request)
    except SsoRefused:
        words = _("Signing in by single sign-on did not work. Try once more, or sign in with account and password.")
        return _back_to_sign_in(request, words)
    if person is None:
        words = _(
            "The single sign-on has said who you are, but no account in use here is kept under that identifier. "
            "Ask the chief of your department to enter it."
        )
        return _back_to_sign_in(request, words)
    open_session(request, person, by_sso=True)
    note_sso_sign_in(user=person)
    return redirect(wanted or settings.LOGIN_REDIRECT_URL)


def _away(request: HttpRequest) -> HttpResponse:
    words = _("The single sign-on does not answer. Try again in a few minutes, or sign in with account and password.")
    return _back_to_sign_in(request, words)


def _back_to_sign_in(request: HttpRequest, words: str) -> HttpResponse:
    messages.error(request, words)
    return redirect("sign_in")
