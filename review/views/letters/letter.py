"""One letter: drafting it, its page, changing the draft, each step, the answer, and its papers."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from review.domain.letters.answering import answer_letter
from review.domain.letters.behind import groups_behind, worst_first
from review.domain.letters.drafting import change_draft, draft_letter
from review.domain.letters.workflow import MOVES, LetterMove, find_letter_move, letter_moves_for, move_letter
from review.enums import CampaignState, LetterAction, LetterState
from review.interfaces.letters.forms import AnswerForm, DraftForm, LetterStepForm, NewLetterForm, first_values
from review.interfaces.letters.letter_page import letter_context, whose_turn_on
from review.interfaces.letters.paper import file_name, letter_pdf, letter_word
from review.interfaces.review_form import new_key
from review.models import Campaign, Letter, LetterFile
from review.queries.archive import archived_enterprises
from review.queries.board import campaigns_to_show
from review.queries.letters.scope import letters_for_user, with_all
from review.rules import opens_answer, opens_letters, writes_letters
from riskreport.ground import clock
from riskreport.ground.access import Refused, access
from riskreport.ground.domain.request_keys import KeyReused
from riskreport.ground.request import whole_number

A = LetterAction
STEPS = {A.ISSUE, A.WITHDRAW, A.READ, A.HOLD, A.RESCHEDULE, A.RETURN, A.EXTEND, A.CLOSE}
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _letter_or_404(request: HttpRequest, pk: int) -> Letter:
    rows = with_all(letters_for_user(request.user)).select_related("evidence", "read_by")
    return get_object_or_404(rows, pk=pk)


def _crumbs(letter: Letter, here: str = "") -> list[tuple[str, str]]:
    crumbs = [(_("Follow-up letters"), reverse("follow_ups"))]
    shown = letter.number_text or letter.get_kind_display()
    return [*crumbs, (shown, reverse("follow_up", args=[letter.pk])), (here, "")] if here else [*crumbs, (shown, "")]


@access(writes_letters)
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up_new(request: HttpRequest) -> HttpResponse:
    """Choose task, kind and addressee and, on POST, draft the letter with the figures of today."""
    campaigns = [row for row in campaigns_to_show() if row.state == CampaignState.OPEN]
    asked = request.POST or request.GET
    campaign = next(
        (row for row in campaigns if row.code == asked.get("campaign")), campaigns[0] if campaigns else None
    )
    subjects = _subjects(request, campaign, asked.get("subject", ""))
    first = {"key": new_key(), **{name: asked.get(name, "") for name in ("campaign", "kind", "subject")}}
    form = NewLetterForm(request.POST or None, initial=first, campaigns=campaigns, subjects=subjects)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                letter = draft_letter(
                    user=request.user, kind=given["kind"], campaign=campaign, subject=given["subject"], key=given["key"]
                )
            except (Refused, KeyReused) as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                return redirect("follow_up_edit", letter.pk)
    context = {"form": form, "crumbs": [(_("Follow-up letters"), reverse("follow_ups")), (_("Write a letter"), "")]}
    return render(request, "review/letters/new.html", context, status=status)


def _subjects(request: HttpRequest, campaign: Campaign | None, asked: str) -> list[tuple[str, str]]:
    """Return who may be written to: those behind, the furthest first, and the unit that is asked for."""
    if campaign is None:
        return []
    rows = worst_first(groups_behind(request.user, campaign, clock.today(), runs=1))
    text = _("%(name)s: %(open)s not filed, %(days)s days behind")
    found = [
        (row.subject, text % {"name": row.name, "open": row.figures.open, "days": row.days})
        for row in rows
        if row.figures.open and row.answerer is not None
    ]
    kind, _dash, key = asked.partition("-")
    if kind == "enterprise" and (number := whole_number(key)) is not None:
        unit = archived_enterprises(request.user).filter(pk=number).first()
        found = ([(asked, unit.name)] if unit else []) + found
    return found


@access(opens_letters)
@require_GET
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a letter: where it stands, what it says and stands on, its answers, what happened."""
    return _page(request, _letter_or_404(request, pk))


def _page(request: HttpRequest, letter: Letter, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = letter_context(request.user, letter)
    context |= {"problem": problem, "key": new_key(), "crumbs": _crumbs(letter)}
    return render(request, "review/letters/letter.html", context, status=status)


@access(writes_letters)
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change text and terms of a draft."""
    letter = _letter_or_404(request, pk)
    if letter.state != LetterState.DRAFT or letter.issuer_id != request.user.department_id:
        return _page(request, letter, problem=_("Only a draft of your own office can be changed."), status=409)
    form = DraftForm(request.POST, letter=letter) if request.method == "POST" else DraftForm.of(letter)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                change_draft(
                    letter_id=letter.pk, user=request.user, seen_version=form.cleaned_data["seen_version"],
                    values=form.values(), interview=form.interview(),
                )  # fmt: skip
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                messages.success(request, _("Saved. Read the letter through before it is issued."))
                return redirect("follow_up", letter.pk)
    context = {"letter": letter, "form": form, "crumbs": _crumbs(letter, _("Edit the draft"))}
    return render(request, "review/letters/edit.html", context, status=status)


@access(opens_answer)
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up_move(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Show what a step does and, on POST, do it; a second click finds the first one's result."""
    letter = _letter_or_404(request, pk)
    if action not in STEPS:
        raise Http404
    move = find_letter_move(letter, LetterAction(action))
    if request.method != "POST" and (move is None or move not in letter_moves_for(request.user, letter)):
        return _page(request, letter, problem=_refusal(request, letter, action, move))
    row = move or _any_row(action)
    first = first_values(letter, row.action, clock.today()) | {"key": new_key()}
    form = LetterStepForm(request.POST or None, initial=first, move=row)
    if request.method != "POST":
        return _step(request, letter, row, form)
    if not form.is_valid():
        return _step(request, letter, row, form, status=422)
    given = form.cleaned_data
    try:
        move_letter(
            letter_id=letter.pk, action=action, user=request.user, seen_version=given["seen_version"],
            reason=given.get("reason", ""), key=given["key"], given=form.given(),
        )  # fmt: skip
    except (Refused, KeyReused) as refusal:
        return _page(request, _letter_or_404(request, pk), problem=str(refusal), status=409)
    messages.success(request, _("Done: %(step)s.") % {"step": row.action.label})
    return redirect("follow_up", letter.pk)


def _any_row(action: str) -> LetterMove:
    """Return a row of the action, for a form that comes when the letter has moved on: the executor answers it."""
    return next(move for move in MOVES if move.action == action)


def _refusal(request: HttpRequest, letter: Letter, action: str, move: LetterMove | None) -> str:
    if move is not None and not (answer := move.who(request.user, letter)).allowed:
        return str(answer.reason)
    text = _("“%(action)s” is not possible now: the letter is “%(state)s”.")
    return text % {"action": LetterAction(action).label, "state": letter.get_state_display()}


def _step(
    request: HttpRequest, letter: Letter, move: LetterMove, form: LetterStepForm, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "letter": letter,
        "form": form,
        "title": move.action.label,
        "status": whose_turn_on(letter),
        "consequences": _consequences(letter, move.action),
        "crumbs": _crumbs(letter, str(move.action.label)),
    }
    return render(request, "review/letters/step.html", context, status=status)


def _consequences(letter: Letter, action: LetterAction) -> list[str]:
    told = _("%(name)s gets a notice.") % {"name": letter.addressee}
    return {
        A.ISSUE: [
            _("The letter gets the next number of its kind and year; its text can no longer be changed."),
            _("It goes to %(name)s at once, and by mail where mail is set up.") % {"name": letter.addressee},
        ],
        A.WITHDRAW: [_("Nothing is sent, and no number is used up.")],
        A.READ: [_("You confirm in your name that the letter has arrived. The answer is still to follow.")],
        A.HOLD: [_("The written result is due within the working days set for interviews, counted from the day held."),
                 told],
        A.RESCHEDULE: [_("The invitation holds for the new time, within a week from now."), told],
        A.RETURN: [_("The answer is not enough yet; a further one is due by the day you set."), told],
        A.EXTEND: [_("The answer is due by the day you set; levels up are counted from it."), told],
        A.CLOSE: [_("The letter is closed with what you found; it stays in the register."), told],
    }[action]  # fmt: skip


@access(opens_answer)
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a letter with files; what is refused keeps what was typed."""
    letter = _letter_or_404(request, pk)
    move = find_letter_move(letter, A.REPLY)
    if request.method != "POST" and (move is None or move not in letter_moves_for(request.user, letter)):
        return _page(request, letter, problem=_refusal(request, letter, A.REPLY, move))
    first = {"seen_version": letter.version, "key": new_key()}
    form = AnswerForm(request.POST or None, request.FILES or None, initial=first)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                answer_letter(
                    letter_id=letter.pk, user=request.user, seen_version=given["seen_version"], text=given["text"],
                    files=given["files"], key=given["key"],
                )  # fmt: skip
            except (Refused, KeyReused) as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                messages.success(request, _("The answer is sent to %(issuer)s.") % {"issuer": letter.issuer.label})
                return redirect("follow_up", letter.pk)
    context = {"letter": letter, "form": form, "crumbs": _crumbs(letter, str(A.REPLY.label))}
    return render(request, "review/letters/reply.html", context, status=status)


@access(opens_letters)
@require_safe
def follow_up_file(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """Send a file of an answer, always as a file to keep and never shown in the page's own origin."""
    letter = _letter_or_404(request, pk)
    row = get_object_or_404(LetterFile, pk=file_pk, reply__letter=letter)
    path = Path(settings.MEDIA_ROOT, row.path)
    if not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), as_attachment=True, filename=row.name, content_type=row.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    return response


@access(opens_letters)
@require_safe
def follow_up_paper(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Send the letter as PDF or as a Word document."""
    letter = _letter_or_404(request, pk)
    if form not in {"pdf", "docx"}:
        raise Http404
    content = letter_pdf(letter) if form == "pdf" else letter_word(letter)
    response = HttpResponse(content, content_type="application/pdf" if form == "pdf" else WORD)
    kept = "inline" if form == "pdf" else "attachment"
    response["Content-Disposition"] = f"{kept}; filename*=UTF-8''{quote(file_name(letter))}.{form}"
    return response
