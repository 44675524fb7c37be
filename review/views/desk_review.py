"""One filing's review page: what was handed in, remarks beside it, and the steps of the review."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from enterprises.models import User
from review import rules
from review.checks.judging import problems
from review.checks.registry import Severity
from review.domain.remarks import is_comment, may_add_remark
from review.domain.workflow import MoveRefused, StaleFiling, find_move, move_filing
from review.enums import Action, AttachmentKind, FilingState, Stage
from review.interfaces.queue_sheet import kept_query, queue_rows
from review.interfaces.review_form import RemarkForm, new_key
from review.interfaces.snapshot_page import Block, build_page, context_of, place_label, places_of
from review.models import Filing
from review.queries.content import check_code
from review.queries.desk import HandedIn, handed_in, readable_filings, remarks_for
from review.queries.filing_pages import attachments_of
from review.queries.peers import peers_of
from review.queries.queue import place_in
from review.queries.status import tone_of, whose_turn
from review.queries.words import words_of
from review.rules import opens_desk
from riskreport.ground.access import access
from riskreport.ground.domain.request_keys import KeyReused
from riskreport.ground.request import whole_number

TYPED = "desk_message"
CHANGES = (Action.REOPEN, Action.EXEMPT, Action.VOID)


@access(opens_desk)
@require_GET
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was handed in last, with remarks, changes and problems, and the steps open to this person."""
    filing = get_object_or_404(readable_filings(request.user), pk=pk)
    known = request.session.get(TYPED, {})
    message = known.get("message", "") if known.get("filing") == pk else ""
    return render_review(request, filing, kept=kept_query(request.GET), message=message)


def remember_message(request: HttpRequest, pk: int, message: str) -> None:
    """Keep an unsent message of this report in the session while its remarks are written; an empty one forgets it."""
    if message:
        request.session[TYPED] = {"filing": pk, "message": message}
    else:
        request.session.pop(TYPED, None)


@access(opens_desk)
@require_GET
def review_peers(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what units of the same kind usually declare; fetched beside the review page."""
    filing = get_object_or_404(readable_filings(request.user), pk=pk)
    given = handed_in(filing)
    peers = peers_of(request.user, filing, given.content) if given.content is not None else None
    return render(request, "review/desk/peers.html", {"filing": filing, "peers": peers})


@access(opens_desk)
@require_POST
def review_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the report for review."""
    return _step(request, pk, Action.CLAIM, _("You have taken this report. The enterprise sees that it is in review."))


@access(opens_desk)
@require_POST
def review_put_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the report back into the queue."""
    return _step(request, pk, Action.PUT_BACK, _("The report is back in the queue; your remarks are kept."))


def _step(request: HttpRequest, pk: int, action: Action, done: str) -> HttpResponse:
    filing = get_object_or_404(readable_filings(request.user), pk=pk)
    kept = kept_query(QueryDict(request.POST.get("queue", "")))
    try:
        move_filing(
            filing_id=filing.pk,
            action=action,
            user=request.user,
            seen_version=whole_number(request.POST.get("seen_version", "")) or 0,
            key=request.POST.get("key", "")[:64],
        )
    except (StaleFiling, MoveRefused, KeyReused) as refusal:
        filing = get_object_or_404(readable_filings(request.user), pk=pk)
        return render_review(request, filing, kept=kept, problem=str(refusal), status=409)
    messages.success(request, done)
    return redirect(review_url(pk, kept))


def review_url(pk: int, kept: str) -> str:
    """Return the address of a review page that keeps the queue's filter."""
    return reverse("review", args=[pk]) + (f"?{kept}" if kept else "")


def render_review(
    request: HttpRequest,
    filing: Filing,
    *,
    kept: str = "",
    problem: str = "",
    message: str = "",
    remark_form: RemarkForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the review page; ``message`` and ``remark_form`` bring back what was typed when a step was refused."""
    given = handed_in(filing)
    blocks = page_blocks(request.user, filing, given)
    context = {
        "filing": filing,
        "given": given,
        "blocks": blocks,
        "status_text": whose_turn(filing),
        "tone": tone_of(filing.state),
        "kept": kept,
        "problem": problem,
        "message": message,
        "key": new_key(),
        "remark_form": remark_form or RemarkForm(places=places_of(blocks)),
        **_files(filing, given),
        **_neighbours(request.user, filing, kept),
        **_summary(blocks),
        **_rights(request.user, filing, given),
    }
    return render(request, "review/desk/review.html", context, status=status)


def page_blocks(user: User, filing: Filing, given: HandedIn) -> list[Block]:
    """Return the blocks of the last snapshot with changes, problems to confirm and the remarks this person may read."""
    if given.content is None or given.last is None:
        return []
    words = words_of(given.content)
    stamped_wanted = given.last.stage == Stage.DRAFT and not filing.is_paper
    found = problems(given.content, context_of(filing, words, stamped_wanted=stamped_wanted))
    remarks = list(remarks_for(user, filing))
    for remark in remarks:
        remark.is_comment = remark.department_id != filing.department_id
        remark.may_remove = remark.author_id == user.pk and remark.decision_id is None
    blocks = build_page(
        given.content,
        words,
        before=given.content_before,
        problems=[row for row in found if row.severity != Severity.INFORMATION],
        remarks=remarks,
    )
    for remark in remarks:
        remark.place = place_label(remark, blocks)
    return blocks


def _summary(blocks: list[Block]) -> dict[str, Any]:
    """Return what stands out: how much changed, which risks are rated lower, what is to confirm, all remarks."""
    cards = [card for block in blocks for card in block.risks]
    holders = [*blocks, *cards]
    return {
        "changes": sum(block.changes for block in blocks),
        "lowered": [card for card in cards if card.floor and card.kind != "removed"],
        "found": [row for holder in holders for row in holder.problems],
        "remarks": sorted((row for holder in holders for row in holder.remarks), key=lambda row: row.pk),
        "cards": [card for card in cards if card.kind != "removed"],
    }


def _files(filing: Filing, given: HandedIn) -> dict[str, Any]:
    """Return what is attached now (the stamped scan may follow the hand-in), and the code its paper must bear.

    The paper of a report that the department entered was not printed from here and bears none.
    """
    files = attachments_of(filing)
    return {
        "files": files,
        "has_scan": any(row.kind == AttachmentKind.STAMPED for row in files),
        "check_code": "" if given.content is None or filing.is_paper else check_code(given.content),
    }


def _neighbours(user: User, filing: Filing, kept: str) -> dict[str, Any]:
    if not rules.opens_review(user).allowed:
        return {"place": None}
    place = place_in(queue_rows(user, QueryDict(kept)), filing)
    return {
        "place": place,
        "previous_url": review_url(place.previous, kept) if place.previous else "",
        "next_url": review_url(place.next, kept) if place.next else "",
        "queue_url": reverse("review_queue") + (f"?{kept}" if kept else ""),
    }


def _rights(user: User, filing: Filing, given: HandedIn) -> dict[str, Any]:
    """Return which steps are open, each asked once, with the reason where the four-eyes rule stands in the way."""
    deciding = rules.is_deciding(user, filing).allowed
    open_to_review = filing.state in (FilingState.SUBMITTED, FilingState.IN_REVIEW)
    four_eyes = rules.may_claim(user, filing) if deciding and open_to_review else None
    clear = four_eyes is not None and four_eyes.allowed
    mine = filing.state == FilingState.IN_REVIEW and filing.claimed_by_id == user.pk
    may_write = may_add_remark(user, filing) if not (deciding and open_to_review) else None
    return {
        "may_claim": clear and find_move(filing, Action.CLAIM) is not None,
        "may_put_back": deciding and find_move(filing, Action.PUT_BACK) is not None,
        "may_decide": clear and mine,
        "four_eyes": "" if four_eyes is None or clear else str(four_eyes.reason),
        "writes_comment": is_comment(user, filing),
        "may_remark": given.last is not None and (clear and mine if may_write is None else may_write.allowed),
        "changes_open": _changes_open(user, filing),
    }


def _changes_open(user: User, filing: Filing) -> list[dict]:
    moves = ((action, find_move(filing, action)) for action in CHANGES)
    return [
        {"action": action.value, "label": move.staff_label}
        for action, move in moves
        if move is not None and move.who(user, filing).allowed
    ]
