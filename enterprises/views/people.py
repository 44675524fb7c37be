"""Signing in and out, one's own account, one's language."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from enterprises.domain.accounts import change_own_details, change_own_password, choose_language
from enterprises.interfaces.forms import OwnDetailsForm, PasswordForm, SignInForm
from enterprises.interfaces.sso import is_offered
from enterprises.models import User
from enterprises.queries.accounts import open_sessions
from enterprises.queries.second_factor import BY_SSO, asks_second_factor, second_factor_of
from enterprises.rules import is_signed_in
from enterprises.views.sessions import open_session
from riskreport.ground import clock
from riskreport.ground.access import access, public


def next_url(request: HttpRequest) -> str:
    """Return where the request asks to go on, if that is a place of ours, else an empty text."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else ""


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign a person in and return them to where they were; the session gets a new id."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect(next_url(request) or settings.LOGIN_REDIRECT_URL)
    form = SignInForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        open_session(request, form.user)
        if form.user.must_change_password:
            messages.warning(request, _("Choose a password of your own first."))
            return redirect("account")
        return redirect(next_url(request) or settings.LOGIN_REDIRECT_URL)
    context = {"form": form, "next": next_url(request), "sso": is_offered(), "sso_name": settings.SSO_NAME}
    return render(request, "sign_in.html", context)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session. Signing out twice does no harm. The single sign-on keeps its own, and the person is told so."""
    by_sso = request.session.get(BY_SSO, False)
    logout(request)
    messages.success(request, _("You have signed out."))
    if by_sso:
        messages.warning(request, _("The single sign-on still knows you. On a shared computer sign out there too."))
    return redirect("sign_in")


@access(is_signed_in)
@require_POST
def stay_signed_in(request: HttpRequest) -> HttpResponse:
    """Note that the person is still here."""
    request.session["seen_at"] = clock.now().timestamp()
    return HttpResponse(status=204)


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language: on the person, and in a cookie for the sign-in page."""
    language = request.POST.get("language", "")
    answer = redirect(next_url(request) or "/")
    if language in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            choose_language(user=request.user, language=language)
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )
    return answer


@access(is_signed_in)
@never_cache
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show and change one's own details and password; ``what`` says which of the two forms was sent."""
    what = request.POST.get("what", "")
    details = OwnDetailsForm(request.POST if what == "details" else None, instance=_fresh(request.user))
    password = PasswordForm(request.POST if what == "password" else None, user=request.user)
    if what == "details" and details.is_valid():
        change_own_details(user=_fresh(request.user), **details.cleaned_data)
        messages.success(request, _("Your details are saved."))
        return redirect("account")
    if what == "password" and password.is_valid():
        change_own_password(user=request.user, password=password.cleaned_data["new"])
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password is changed. You stay signed in here; everywhere else you are out."))
        return redirect("account")
    status = 422 if what else 200
    context = {
        "details": details,
        "password": password,
        "sessions": open_sessions(request.user, this_key=request.session.session_key, now=clock.now()),
        "second_factor": second_factor_of(request.user) if asks_second_factor(request.user) else None,
    }
    return render(request, "enterprises/account.html", context, status=status)


def _fresh(user: User) -> User:
    """A copy for the form to write on, so that a wrong entry never shows in the bar."""
    return User.objects.get(pk=user.pk)
