"""One unit's account as the department that issued it sees it: a new code, or a new administrator."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from enterprises.checks.first_codes import written_account
from enterprises.domain.leaving import replace_administrator
from enterprises.domain.people import send_code
from enterprises.interfaces.people_filters import state_of
from enterprises.interfaces.people_sheets import TONES
from enterprises.models import User
from enterprises.queries.accounts import unit_accounts_for_user
from enterprises.rules import issues_accounts
from enterprises.views.colleagues import show_code
from riskreport.ground.access import Refused, access


def _find(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(unit_accounts_for_user(request.user).select_related("enterprise", "first_use"), pk=pk)


@access(issues_accounts)
@never_cache
@require_GET
def unit_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the account and what may be done about it."""
    found = _find(request, pk)
    state = state_of(found)
    context = {
        "person": found,
        "account": written_account(found.account),
        "state": state.label,
        "tone": TONES[state],
        "crumbs": [(_("Accounts of units"), reverse("unit_accounts")), (found.enterprise.name, "")],
    }
    return render(request, "enterprises/unit_account.html", context)


@access(issues_accounts)
@never_cache
@require_POST
def unit_account_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the administrator a new first-use code and show it, this once."""
    return _told(request, pk, lambda found: send_code(user=request.user, person_id=found.pk))


@access(issues_accounts)
@never_cache
@require_POST
def unit_account_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new administrator's account in place of one whose person is gone, and show its code, this once."""
    return _told(request, pk, lambda found: replace_administrator(user=request.user, person_id=found.pk))


def _told(request: HttpRequest, pk: int, act) -> HttpResponse:
    found = _find(request, pk)
    try:
        told = act(found)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("unit_account", pk=pk)
    return show_code(request, told, back=reverse("unit_accounts"))
