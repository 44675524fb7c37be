"""The first sign-in: account and first-use code, then one's own name, telephone and password."""

import datetime as dt

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from enterprises.domain.first_use import use_code
from enterprises.interfaces.forms import FirstSignInForm, FirstUseForm
from enterprises.models import User
from enterprises.queries.first_use import first_use_opens_again
from enterprises.views.sessions import open_session
from riskreport.ground import clock
from riskreport.ground.access import Refused, public
from riskreport.ground.request import client_address

KEY = "first_use"
SECONDS = 15 * 60


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def first_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for account and code. Who is signed in already is signed out by the right code only.

    After too many wrong tries from one network address it asks no more codes of it for a while: the same for every
    account, known or not.
    """
    until = first_use_opens_again(client_address(request)) if request.method == "POST" else None
    if until is not None:
        return render(request, "sign_in_locked.html", {"until": until + dt.timedelta(minutes=1)}, status=429)
    form = FirstSignInForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        logout(request)
        request.session[KEY] = {
            "user": form.user.pk,
            "digest": form.user.first_use.digest,
            "until": clock.now().timestamp() + SECONDS,
        }
        return redirect("first_use")
    return render(request, "enterprises/first_sign_in.html", {"form": form})


@public
@never_cache
@sensitive_post_parameters("new", "again")
@require_http_methods(["GET", "POST"])
def first_use(request: HttpRequest) -> HttpResponse:
    """Take the account into use. Who has not just given the right code is sent to where it is asked."""
    given = request.session.get(KEY) or {}
    person = User.objects.filter(pk=given.get("user"), is_active=True).first()
    if person is None or given["until"] < clock.now().timestamp():
        return redirect("first_sign_in")
    label = person.owner_label
    form = FirstUseForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("name", "post", "phone")}
        try:
            user = use_code(user_id=person.pk, digest=given["digest"], password=form.cleaned_data["new"], **said)
        except Refused as refusal:
            del request.session[KEY]
            messages.error(request, str(refusal))
            return redirect("first_sign_in")
        open_session(request, user)
        request.session.pop(KEY, None)
        messages.success(request, _("Your account is ready. From now on sign in with it and your own password."))
        return redirect("home")
    status = 422 if request.method == "POST" else 200
    return render(
        request, "enterprises/first_use.html", {"form": form, "person": person, "owner": label}, status=status
    )
