"""Keeping people: the list, one person, adding, changing, a new code, who leaves."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from enterprises.checks.first_codes import written, written_account
from enterprises.domain.first_use import VALID
from enterprises.domain.leaving import disable_person, open_work_of, reopen_account
from enterprises.domain.people import (
    Told,
    add_person,
    change_person,
    hand_over_administration,
    reset_second_factor,
    send_code,
    set_chief,
    set_sso_id,
    unlock_person,
)
from enterprises.interfaces.department_sheet import DEPARTMENTS, opens_departments
from enterprises.interfaces.people_filters import state_of
from enterprises.interfaces.people_forms import AddPersonForm, ChangePersonForm, LeaveForm, SsoForm
from enterprises.interfaces.people_sheets import PEOPLE, TONES
from enterprises.interfaces.sso import is_offered
from enterprises.models import User
from enterprises.queries.accounts import people_for_user
from enterprises.queries.second_factor import asks_second_factor, second_factor_of
from enterprises.rules import (
    appoints_chief,
    is_enterprise_admin,
    is_somebody_else,
    keeps_people,
    keeps_person,
    may_send_code,
)
from riskreport.ground import clock
from riskreport.ground.access import Refused, access
from riskreport.ground.domain.request_keys import KeyReused
from riskreport.ground.ui.list_page import list_page


@access(keeps_people)
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """List the people whose accounts the person keeps."""
    return list_page(
        request,
        PEOPLE,
        template="enterprises/people.html",
        lead=_("%(count)s people. Everybody signs in with an account of their own."),
        sends_letters=request.user.department_id is not None,
    )


@access(opens_departments)
@require_GET
def departments(request: HttpRequest) -> HttpResponse:
    """List the departments whose people the person looks after."""
    crumbs = [(_("People"), reverse("people")), (_("Departments"), "")]
    return list_page(request, DEPARTMENTS, lead=_("%(count)s departments."), crumbs=crumbs)


def _find(request: HttpRequest, pk: int) -> User:
    """Return the person, when it is one whose account the signed-in person looks after."""
    rows = people_for_user(request.user).select_related("department__region", "enterprise", "first_use")
    return get_object_or_404(rows, pk=pk)


@access(keeps_people)
@never_cache
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one person and what may be done about the account."""
    return _person_page(request, _find(request, pk))


def _person_page(
    request: HttpRequest, found: User, form: ChangePersonForm | None = None, sso_form: SsoForm | None = None
) -> HttpResponse:
    keeps, sends = keeps_person(request.user, found).allowed, may_send_code(request.user, found).allowed
    other = is_somebody_else(request.user, found).allowed
    state = state_of(found)
    factor = second_factor_of(found) if asks_second_factor(found) else None
    context = {
        "person": found,
        "account": written_account(found.account),
        "state": state.label,
        "tone": TONES[state],
        "form": (form or ChangePersonForm(person=found)) if keeps and found.is_active else None,
        "sso_form": (sso_form or SsoForm(initial={"sso_id": found.sso_id}))
        if is_offered() and keeps and found.is_active and found.department_id is not None
        else None,
        "may_keep": keeps,
        "may_send": sends and found.is_active,
        "may_appoint": found.department_id is not None
        and found.is_active
        and other
        and appoints_chief(request.user, found.department).allowed,
        "may_hand_over": keeps and found.is_active and is_enterprise_admin(request.user).allowed,
        "factor": factor,
        "is_self": not other,
        "crumbs": [(_("People"), reverse("people")), (found.name or found.account, "")],
    }
    return render(request, "enterprises/person.html", context, status=422 if form or sso_form else 200)


@access(keeps_people)
@never_cache
@require_http_methods(["GET", "POST"])
def person_add(request: HttpRequest) -> HttpResponse:
    """Add a colleague and show the first-use code, this once."""
    form = AddPersonForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            told = add_person(
                user=request.user,
                home=form.home,
                name=said["name"],
                role=said["role"],
                post=said["post"],
                is_chief=said.get("is_chief", False),
                key=request.POST.get("key", ""),
            )
        except (Refused, KeyReused) as refusal:
            form.add_error(None, str(refusal))
        else:
            return show_code(request, told, back=reverse("people"))
    crumbs = [(_("People"), reverse("people")), (_("Add a person"), "")]
    context = {"form": form, "key": uuid.uuid4().hex, "crumbs": crumbs}
    return render(request, "enterprises/person_add.html", context, status=422 if form.errors else 200)


def show_code(request: HttpRequest, told: Told, *, back: str) -> HttpResponse:
    """Show account and code of one person on a page to print or to copy; they can't be shown again."""
    context = {
        "person": told.person,
        "account": written_account(told.person.account),
        "code": written(told.code),
        "until": clock.now() + VALID,
        "address": request.build_absolute_uri(reverse("first_sign_in")),
        "back": back,
    }
    return render(request, "enterprises/first_code.html", context)


def _told(request: HttpRequest, pk: int, act: Callable[..., Told]) -> HttpResponse:
    """Do what gives the person a new code and show it, or say why not."""
    found = _find(request, pk)
    try:
        told = act(user=request.user, person_id=found.pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("person", pk=pk)
    return show_code(request, told, back=reverse("person", args=[pk]))


@access(keeps_people)
@require_POST
def person_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change role and post."""
    found = _find(request, pk)
    form = ChangePersonForm(request.POST, person=found)
    if not form.is_valid():
        return _person_page(request, found, form)
    said = form.cleaned_data
    act = lambda: change_person(user=request.user, person_id=pk, role=said["role"], post=said["post"])  # noqa: E731
    return _done(request, pk, act, _("Saved. It holds from the person's next click on."))


def _done(request: HttpRequest, pk: int, act: Callable[[], object], words: str) -> HttpResponse:
    """Do it and say so, or say why not; then show the person again."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("person", pk=pk)


@access(keeps_people)
@never_cache
@require_POST
def person_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a new first-use code and show it, this once."""
    return _told(request, pk, send_code)


@access(keeps_people)
@require_POST
def person_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget the wrong tries."""
    found = _find(request, pk)
    words = _("Unlocked: the person can sign in at once.")
    return _done(request, pk, lambda: unlock_person(user=request.user, person_id=found.pk), words)


@access(keeps_people)
@require_POST
def person_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a lost second factor away."""
    found = _find(request, pk)
    words = _("The second factor is taken away. The person sets a new one up at the next sign-in.")
    return _done(request, pk, lambda: reset_second_factor(user=request.user, person_id=found.pk), words)


@access(keeps_people)
@require_POST
def person_chief(request: HttpRequest, pk: int) -> HttpResponse:
    """Name a chief of the department, or take that back."""
    found, wanted = _find(request, pk), request.POST.get("chief") == "1"
    words = _("Named chief: keeps the people of the department from now on.") if wanted else _("No longer chief.")
    return _done(request, pk, lambda: set_chief(user=request.user, person_id=found.pk, is_chief=wanted), words)


@access(keeps_people)
@require_POST
def person_sso(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep under what identifier the single sign-on knows the person, or none."""
    found = _find(request, pk)
    form = SsoForm(request.POST)
    if not form.is_valid():
        return _person_page(request, found, sso_form=form)
    said = form.cleaned_data["sso_id"]
    words = _("Saved. From now on the person can come in by the single sign-on.")
    words = words if said else _("Saved. The person cannot come in by the single sign-on any more.")
    return _done(request, pk, lambda: set_sso_id(user=request.user, person_id=found.pk, sso_id=said), words)


@access(keeps_people)
@require_POST
def person_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the administration of the enterprise over to this colleague."""
    found = _find(request, pk)
    try:
        hand_over_administration(user=request.user, to_id=found.pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("person", pk=pk)
    messages.success(request, _("%(name)s is the administrator now; you are an ordinary user.") % {"name": found.name})
    return redirect("home")


@access(keeps_people)
@require_http_methods(["GET", "POST"])
def person_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is open in a person's name and to whom it may go; then disable the account."""
    found = _find(request, pk)
    answer = keeps_person(request.user, found)
    if not answer.allowed or not found.is_active:
        messages.error(request, str(answer.reason) or _("This account is disabled already."))
        return redirect("person", pk=pk)
    form = LeaveForm(request.POST if request.method == "POST" else None, person=found)
    if request.method == "POST" and form.is_valid():
        heir = form.cleaned_data["heir"]
        try:
            handed = disable_person(
                user=request.user,
                person_id=pk,
                heir_id=heir.pk if heir else None,
                reason=form.cleaned_data["reason"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            words = _("The account is disabled; %(count)s pieces of open work were passed on.")
            messages.success(request, words % {"count": sum(handed.values())})
            return redirect("person", pk=pk)
    work = [{"label": kind.label, "count": count, "needs_heir": kind.needs_heir} for kind, count in open_work_of(found)]
    crumbs = [(_("People"), reverse("people")), (found.name or found.account, reverse("person", args=[pk]))]
    crumbs.append((_("Disable an account"), ""))
    context = {"person": found, "form": form, "work": work, "crumbs": crumbs}
    return render(request, "enterprises/person_leave.html", context, status=422 if form.errors else 200)


@access(keeps_people)
@never_cache
@require_POST
def person_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a disabled account again, with a first-use code shown this once."""
    return _told(request, pk, reopen_account)
