"""Who has signed in but is not through yet: a password of one's own, a second factor."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from enterprises.queries.second_factor import asks_second_factor, has_given_factor

ALWAYS_OPEN = frozenset({"sign_out", "set_language", "stay_signed_in", "healthz", "sign_in"})
PASSWORD_PAGES = frozenset({"account"})
FACTOR_PAGES = frozenset({"second_factor", "second_factor_begin", "second_factor_set_up"})


class UnfinishedSignInMiddleware:
    """Leads to what is still to be done before any other page opens. It asks the database nothing."""

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        """Send the person to the second factor first, then to the password."""
        if getattr(view, "is_public", False) or not request.user.is_authenticated:
            return None
        name = request.resolver_match.url_name
        if name in ALWAYS_OPEN:
            return None
        if asks_second_factor(request.user) and not has_given_factor(request.session):
            return None if name in FACTOR_PAGES else redirect("second_factor")
        if request.user.must_change_password and name not in PASSWORD_PAGES:
            messages.warning(request, _("Choose a password of your own first."))
            return redirect("account")
        return None
