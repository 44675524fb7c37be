"""Training sessions: the list, one session for its organiser and for a unit, signing people of a unit up and off."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from review.domain.training.attendance import sign_off, sign_up
from review.domain.training.standard import standing_standard
from review.enums import TRAINING_MOVES, TrainingState
from review.interfaces.review_form import new_key
from review.interfaces.training_forms import CancelForm, PersonForm, RespectsForm
from review.interfaces.training_sheets import TONES
from review.models import TrainingSession
from review.queries.training import attendances_for_user, is_offered_to, sessions_for_user, tests_for_user
from review.rules import (
    keeps_standard,
    keeps_training,
    may_change_session,
    may_note_attendance,
    may_sign_up,
    may_take_test,
    opens_enterprise_pages,
    opens_filings,
    organises_training,
)
from riskreport.ground.access import Refused, access
from riskreport.ground.domain.request_keys import KeyReused
from riskreport.ground.ui.list_page import list_page

MOST_RESULTS = 100


@access(opens_filings)
@require_GET
def training_sessions(request: HttpRequest) -> HttpResponse:
    """List the sessions of the person's area and lines; for a unit those it is offered, and those it went to."""
    lead = _("%(count)s sessions within your area and lines.")
    if request.user.enterprise_id is not None:
        lead = _("%(count)s sessions that are offered to you, or that your people went to.")
    return list_page(
        request,
        "training_sessions",
        template="review/training/sessions.html",
        lead=lead,
        may_plan=organises_training(request.user).allowed,
        may_keep_standard=keeps_standard(request.user).allowed,
        is_unit=request.user.enterprise_id is not None,
    )


def session_or_404(request: HttpRequest, pk: int) -> TrainingSession:
    """Return a session the person may see."""
    rows = sessions_for_user(request.user).select_related("department", "region", "material")
    return get_object_or_404(rows, pk=pk)


def crumbs_of(session: TrainingSession, here: str = "") -> list[tuple[str, str]]:
    """Return the way to a page of a session."""
    crumbs = [(_("Training sessions"), reverse("training_sessions"))]
    crumbs.append((session.title, reverse("training", args=[session.pk]) if here else ""))
    return [*crumbs, (here, "")] if here else crumbs


@access(opens_filings)
@require_GET
def training(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one session: to a unit what it can do, to departments how it went."""
    session = session_or_404(request, pk)
    if request.user.enterprise_id is not None:
        return _for_unit(request, session)
    return show_session(request, session)


def show_session(
    request: HttpRequest, session: TrainingSession, *, form: Any = None, problem: str = "", status: int = 200
) -> HttpResponse:
    """Show a session to a department: facts, standard, people in figures, results of the test."""
    user, standard = request.user, standing_standard()
    people = attendances_for_user(user).filter(session=session)
    tests = tests_for_user(user).filter(session=session)
    counts = people.aggregate(
        signed=Count("pk"),
        present=Count("pk", filter=Q(came=True)),
        units=Count("enterprise", distinct=True, filter=Q(came=True)),
    )
    results = tests.aggregate(tested=Count("pk"), good=Count("pk", filter=Q(passed=True)))
    moves = TRAINING_MOVES[session.state] if keeps_training(user, session).allowed else ()
    context = {
        "session": session,
        "tone": TONES[session.state],
        "facts": facts_of(session),
        "counts": counts | results,
        "standard": [(name, number in session.respects) for number, name in enumerate(standard.respects, 1)],
        "respects_form": RespectsForm(initial={"respects": session.respects}, standard=standard),
        "cancel_form": form or CancelForm(),
        "wrong": form,
        "problem": problem,
        "tests": list(tests.select_related("user", "enterprise")[:MOST_RESULTS]),
        "moves": [move.value for move in moves],
        "may_keep": keeps_training(user, session).allowed and session.state != TrainingState.CANCELLED,
        "may_change": may_change_session(user, session).allowed,
        "may_note": may_note_attendance(user, session).allowed,
        "opens_people": organises_training(user).allowed,
        "crumbs": crumbs_of(session),
    }
    return render(request, "review/training/session.html", context, status=status)


def facts_of(session: TrainingSession) -> list[tuple[str, Any]]:
    """Return what a session is, label by label."""
    codes = list(session.categories.order_by("code"))
    seats = session.capacity if session.capacity is not None else _("As many as want to come")
    material = f"{session.material.title}（{session.material.get_language_display()}）" if session.material else ""
    return [
        (_("Organised by"), session.department.label),
        (pgettext("training", "Level"), session.get_level_display()),
        (_("For units of"), session.region.label),
        (_("For categories"), "、".join(row.label for row in codes) or _("All categories")),
        (_("Trainer"), session.trainer),
        (_("Seats in all"), seats),
        (_("Material"), material),
        (_("Session number"), session.pk),
        (_("Note"), session.note),
    ]


def _for_unit(
    request: HttpRequest, session: TrainingSession, *, form: PersonForm | None = None, problem: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    user = request.user
    answer = may_sign_up(user, session)
    taken = session.attendances.count() if session.capacity is not None else 0
    is_offered = is_offered_to(user.enterprise, session)
    context = {
        "session": session,
        "tone": TONES[session.state],
        "facts": facts_of(session),
        "people": list(attendances_for_user(user).filter(session=session).order_by("pk")),
        "form": form or PersonForm(initial={"key": new_key()}),
        "wrong": form,
        "problem": problem,
        "may_sign_up": answer.allowed and is_offered,
        "why_not": answer.reason if not answer.allowed else "",
        "left": None if session.capacity is None else max(0, session.capacity - taken),
        "may_test": may_take_test(user, session).allowed,
        "test": tests_for_user(user).filter(session=session, user=user).first(),
        "crumbs": crumbs_of(session),
    }
    return render(request, "review/training/for_unit.html", context, status=status)


@access(opens_enterprise_pages)
@require_POST
def training_sign_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign a person of the unit up; a refusal keeps what was typed."""
    session = session_or_404(request, pk)
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _for_unit(request, session, form=form, status=422)
    said = form.cleaned_data
    try:
        sign_up(session_id=pk, user=request.user, name=said["name"], phone=said["phone"], key=said["key"])
    except (Refused, KeyReused) as refused:
        renewed = form.data.copy()
        renewed["key"] = new_key()
        return _for_unit(request, session, form=PersonForm(renewed), problem=str(refused), status=409)
    messages.success(request, _("“%(name)s” is signed up.") % {"name": said["name"]})
    return redirect("training", pk)


@access(opens_enterprise_pages)
@require_POST
def training_sign_off(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Take a person of the unit off a session; one who is not there any more is no fault."""
    session = session_or_404(request, pk)
    try:
        sign_off(session_id=pk, attendance_id=person_pk, user=request.user)
    except Refused as refused:
        return _for_unit(request, session, problem=str(refused), status=409)
    messages.success(request, _("The person is taken off the session."))
    return redirect("training", pk)
