"""The second factor: setting it up, giving it after the password, new recovery codes."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as keep_factor

from enterprises.domain.second_factor import (
    begin_second_factor,
    check_second_factor,
    confirm_second_factor,
    renew_recovery_codes,
)
from enterprises.interfaces.second_factor import qr_address, written_secret
from enterprises.queries.second_factor import device_begun, second_factor_of
from enterprises.rules import may_have_second_factor
from riskreport.ground.access import Refused, access


@access(may_have_second_factor)
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the telephone after the password; who has none is led to set one up."""
    if not second_factor_of(request.user).is_set:
        return redirect("second_factor_set_up")
    problem = ""
    if request.method == "POST":
        try:
            device = check_second_factor(user=request.user, text=request.POST.get("code", "")[:40])
        except Refused as refusal:
            problem = str(refusal)
        else:
            keep_factor(request, device)
            return redirect(settings.LOGIN_REDIRECT_URL)
    status = 422 if problem else 200
    return render(request, "enterprises/second_factor.html", {"problem": problem}, status=status)


@access(may_have_second_factor)
@require_POST
def second_factor_begin(request: HttpRequest) -> HttpResponse:
    """Make the secret that the next page shows."""
    try:
        begin_second_factor(user=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("account")
    return redirect("second_factor_set_up")


@access(may_have_second_factor)
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_factor_set_up(request: HttpRequest) -> HttpResponse:
    """Show the secret as a QR code and take the first code; then show the recovery codes, this once."""
    if second_factor_of(request.user).is_set:
        return redirect("second_factor")
    problem = ""
    if request.method == "POST":
        try:
            device, codes = confirm_second_factor(user=request.user, token=request.POST.get("code", "").strip()[:10])
        except Refused as refusal:
            problem = str(refusal)
        else:
            keep_factor(request, device)
            return render(request, "enterprises/recovery_codes.html", {"codes": codes})
    device = device_begun(request.user)
    context = {"problem": problem, "begun": device is not None}
    if device is not None:
        context |= {"qr": qr_address(device, request.user), "secret": written_secret(device)}
    return render(request, "enterprises/second_factor_set_up.html", context, status=422 if problem else 200)


@access(may_have_second_factor)
@never_cache
@require_POST
def recovery_codes_renew(request: HttpRequest) -> HttpResponse:
    """Make ten new recovery codes and show them, this once."""
    if not second_factor_of(request.user).is_set:
        messages.warning(request, _("Set up the second factor first."))
        return redirect("account")
    codes = renew_recovery_codes(user=request.user)
    return render(request, "enterprises/recovery_codes.html", {"codes": codes})
