"""Who comes to a session: the list of people, noting who came, the trainer's screen, checking in by its QR code."""

from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from review.checks.check_in_token import BadToken, LateToken, make_token, read_token
from review.domain.training.attendance import add_who_came, check_in, note_attendance
from review.interfaces.review_form import new_key
from review.interfaces.training_forms import CheckInForm, WhoCameForm
from review.models import TrainingSession
from review.queries.training import attendances_for_user
from review.rules import may_check_in, may_note_attendance, opens_enterprise_pages, organises_training
from review.views.training import crumbs_of, session_or_404
from review.views.training_keep import own_session_or_404
from riskreport.ground import clock
from riskreport.ground.access import Refused, access
from riskreport.ground.domain.request_keys import KeyReused
from riskreport.ground.request import whole_numbers
from riskreport.ground.ui.list_page import list_page

A_PAGE = 100
REFRESH_SECONDS = 60


@access(organises_training)
@require_GET
def training_people(request: HttpRequest) -> HttpResponse:
    """List the people of one's units who signed up for sessions and came."""
    return list_page(
        request,
        "training_people",
        lead=_("%(count)s people of units within your area and lines."),
        crumbs=[(_("Training sessions"), reverse("training_sessions")), (_("People"), "")],
    )


@access(organises_training)
@require_http_methods(["GET", "HEAD", "POST"])
def training_roll(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who signed up and, on POST, note who came; only rows the person changed are written."""
    session = own_session_or_404(request, pk)
    if request.method != "POST":
        return _roll(request, session)
    shown, ticked, were = (_numbers(request, name) for name in ("shown", "came", "was"))
    try:
        came, gone = note_attendance(
            session_id=pk, user=request.user, came=shown & (ticked - were), did_not=shown & (were - ticked)
        )
    except Refused as refused:
        return _roll(request, session, problem=str(refused), status=409)
    messages.success(request, _("Noted: %(came)s came, %(gone)s taken back.") % {"came": came, "gone": gone})
    return redirect(f"{reverse('training_roll', args=[pk])}?page={request.POST.get('page', '1')[:6]}")


def _numbers(request: HttpRequest, name: str) -> set[int]:
    return set(whole_numbers(request.POST.getlist(name)))


def _roll(
    request: HttpRequest,
    session: TrainingSession,
    *,
    form: WhoCameForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    rows = attendances_for_user(request.user).filter(session=session).select_related("enterprise")
    answer = may_note_attendance(request.user, session)
    context = {
        "session": session,
        "page": Paginator(rows.order_by("enterprise__name", "pk"), A_PAGE).get_page(request.GET.get("page")),
        "may_note": answer.allowed,
        "why_not": answer.reason,
        "form": form or WhoCameForm(user=request.user, initial={"key": new_key()}),
        "wrong": form,
        "problem": problem,
        "crumbs": crumbs_of(session, _("Who came")),
    }
    return render(request, "review/training/roll.html", context, status=status)


@access(organises_training)
@require_POST
def training_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a person who came without being signed up."""
    session = own_session_or_404(request, pk)
    form = WhoCameForm(request.POST, user=request.user)
    if not form.is_valid():
        return _roll(request, session, form=form, status=422)
    said = form.cleaned_data
    try:
        row = add_who_came(
            session_id=pk, user=request.user, enterprise_id=said["code"], name=said["name"], phone=said["phone"]
        )
    except Refused as refused:
        return _roll(request, session, form=form, problem=str(refused), status=409)
    messages.success(request, _("“%(name)s” is noted as come.") % {"name": row.name})
    return redirect("training_roll", pk)


@access(organises_training)
@require_GET
def training_screen(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the QR code by which people check in: made anew whenever the page comes, which it does by itself."""
    session = own_session_or_404(request, pk)
    answer = may_note_attendance(request.user, session)
    people = attendances_for_user(request.user).filter(session=session)
    context: dict[str, Any] = {
        "session": session,
        "refusal": "" if answer.allowed else answer.reason,
        "came": people.filter(came=True).count(),
        "signed": people.count(),
        "refresh": REFRESH_SECONDS,
    }
    if answer.allowed:
        way = reverse("training_check_in", args=[make_token(pk, clock.now())])
        address = f"{settings.SITE_URL.rstrip('/')}{way}" if settings.SITE_URL else request.build_absolute_uri(way)
        context["code"] = segno.make(address, error="m", micro=False).svg_data_uri(scale=8, border=2)
    return render(request, "review/training/screen.html", context)


@access(opens_enterprise_pages)
@require_http_methods(["GET", "HEAD", "POST"])
def training_check_in(request: HttpRequest, token: str) -> HttpResponse:
    """Show who of the unit is signed up and, on POST, check in those who are here. A code that is over says so."""
    try:
        session = session_or_404(request, read_token(token, clock.now()))
    except BadToken as error:
        raise Http404 from error
    except LateToken:
        return render(request, "review/training/check_in.html", {"late": True}, status=410)
    own = attendances_for_user(request.user).filter(session=session).order_by("pk")
    # A second click finds its people checked in: what it names is taken, and changes nothing.
    people = [(row.pk, row.name) for row in own if not row.came or request.method == "POST"]
    form = CheckInForm(request.POST or None, people=people, initial={"people": [pk for pk, _name in people]})
    answer = may_check_in(request.user, session)
    problem, status = "" if answer.allowed else str(answer.reason), 200
    if request.method == "POST":
        status = 422
        if answer.allowed and form.is_valid():
            try:
                check_in(
                    token=token,
                    user=request.user,
                    people=form.cleaned_data.get("people", ()),
                    name=form.cleaned_data["name"],
                )
            except (Refused, KeyReused) as refused:
                problem, status = str(refused), 409
            else:
                messages.success(request, _("You are checked in. After the session you can take its short test here."))
                return redirect("training", session.pk)
    context = {
        "session": session,
        "form": form,
        "problem": problem,
        "may_check_in": answer.allowed,
        "here": [row for row in own if row.came],
    }
    return render(request, "review/training/check_in.html", context, status=status)
