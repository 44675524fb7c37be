"""Keeping training sessions: making, changing, opening, holding, cancelling; the one standard of the city."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from review.domain.training.sessions import (
    StaleSession,
    change_session,
    given_of,
    move_session,
    plan_session,
    tick_respects,
)
from review.domain.training.standard import save_standard, standing_standard
from review.enums import TrainingState
from review.interfaces.review_form import new_key
from review.interfaces.training_forms import CancelForm, RespectsForm, SessionForm, StandardForm
from review.models import TrainingSession
from review.rules import is_of_its_department, keeps_standard, may_change_session, organises_training
from review.views.training import crumbs_of, session_or_404, show_session
from riskreport.ground.access import Refused, access
from riskreport.ground.domain.conflicts import ContentConflict
from riskreport.ground.domain.request_keys import KeyReused


def own_session_or_404(request: HttpRequest, pk: int) -> TrainingSession:
    """Return a session of the person's own department: of another one it is not theirs to write."""
    session = session_or_404(request, pk)
    if not is_of_its_department(request.user, session).allowed:
        raise Http404
    return session


@access(organises_training)
@require_http_methods(["GET", "HEAD", "POST"])
def training_new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new session and, on POST, make it; a refusal keeps what was typed."""
    form = SessionForm(request.POST or None, user=request.user, initial={"key": new_key()})
    if request.method != "POST":
        return _form_page(request, form)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    try:
        session = plan_session(user=request.user, given=form.given(), key=form.cleaned_data["key"])
    except (Refused, KeyReused) as refused:
        renewed = form.data.copy()
        renewed["key"] = new_key()
        return _form_page(request, SessionForm(renewed, user=request.user), problem=str(refused), status=409)
    messages.success(request, _("The session is planned. Open it for sign-up when its place and time are fixed."))
    return redirect("training", session.pk)


@access(organises_training)
@require_http_methods(["GET", "HEAD", "POST"])
def training_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a session's form and, on POST, change it; what a colleague changed meanwhile is told, nothing typed lost."""
    session = own_session_or_404(request, pk)
    answer = may_change_session(request.user, session)
    if not answer.allowed:
        status = 409 if request.method == "POST" else 200
        return show_session(request, session, problem=str(answer.reason), status=status)
    form = SessionForm(
        request.POST or None, user=request.user, initial=SessionForm.standing(given_of(session), session.version)
    )
    if request.method != "POST":
        return _form_page(request, form, session)
    if not form.is_valid():
        return _form_page(request, form, session, status=422)
    seen = form.cleaned_data["seen_version"] or 0
    try:
        change_session(session_id=pk, user=request.user, given=form.given(), seen_version=seen)
    except Refused as refused:
        renewed = form.data.copy()
        if isinstance(refused, StaleSession):
            session.refresh_from_db()
            renewed["seen_version"] = session.version
        form = SessionForm(renewed, user=request.user)
        return _form_page(request, form, session, problem=str(refused), status=409)
    messages.success(request, _("Saved."))
    return redirect("training", pk)


def _form_page(
    request: HttpRequest,
    form: SessionForm,
    session: TrainingSession | None = None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    if session is not None:
        crumbs = crumbs_of(session, _("Change the session"))
    else:
        crumbs = [(_("Training sessions"), reverse("training_sessions")), (_("Plan a session"), "")]
    context = {"form": form, "session": session, "problem": problem, "crumbs": crumbs}
    return render(request, "review/training/form.html", context, status=status)


@access(organises_training)
@require_POST
def training_move(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    """Open a session for sign-up, note that it was held, or cancel it."""
    session = own_session_or_404(request, pk)
    if to not in TrainingState.values:
        raise Http404
    form = CancelForm(request.POST) if to == TrainingState.CANCELLED else None
    if form is not None and not form.is_valid():
        return show_session(request, session, form=form, status=422)
    try:
        moved = move_session(
            session_id=pk, user=request.user, to=to, reason=form.cleaned_data["reason"] if form is not None else ""
        )
    except Refused as refused:
        return show_session(request, session, problem=str(refused), status=409)
    messages.success(request, _("The session is now: %(state)s.") % {"state": moved.get_state_display()})
    return redirect("training", pk)


@access(organises_training)
@require_POST
def training_respects(request: HttpRequest, pk: int) -> HttpResponse:
    """Note which respects of the one standard the session met."""
    session = own_session_or_404(request, pk)
    form = RespectsForm(request.POST, standard=standing_standard())
    if not form.is_valid():
        return show_session(request, session, problem=_("Choose among the respects shown."), status=422)
    try:
        tick_respects(session_id=pk, user=request.user, respects=form.cleaned_data["respects"])
    except Refused as refused:
        return show_session(request, session, problem=str(refused), status=409)
    messages.success(request, _("Saved."))
    return redirect("training", pk)


@access(keeps_standard)
@require_http_methods(["GET", "HEAD", "POST"])
def training_standard(request: HttpRequest) -> HttpResponse:
    """Show and write the names of the four respects and the rule of the test."""
    row, problem = standing_standard(), ""
    form = StandardForm(request.POST or None, initial=StandardForm.standing(row))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            save_standard(
                user=request.user,
                respects=form.respects(),
                questions=said["questions"],
                pass_mark=said["pass_mark"],
                seen_version=said["seen_version"],
            )
        except ContentConflict as conflict:
            renewed = form.data.copy()
            renewed["seen_version"] = conflict.version
            form, problem, row = StandardForm(renewed), str(conflict), standing_standard()
        else:
            messages.success(request, _("Saved."))
            return redirect("training_standard")
    crumbs = [(_("Training sessions"), reverse("training_sessions")), (_("The one standard"), "")]
    context = {"form": form, "problem": problem, "standing": row if problem else None, "crumbs": crumbs}
    status = 409 if problem else 422 if form.is_bound else 200
    return render(request, "review/training/standard.html", context, status=status)
