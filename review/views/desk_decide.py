"""Deciding a report: first the preview exactly as the enterprise will read it, then the decision."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from review import rules
from review.domain.workflow import MoveRefused, StaleFiling, move_filing
from review.enums import Action, FilingState
from review.interfaces.queue_sheet import kept_query, queue_rows
from review.interfaces.review_form import DecisionForm, new_key
from review.interfaces.snapshot_page import Block
from review.models import Filing, Remark
from review.notices import preview_notice
from review.queries.desk import handed_in, readable_filings
from review.queries.queue import place_in, within_reach
from review.rules import opens_desk
from review.views.desk_review import page_blocks, remember_message, render_review, review_url
from riskreport.ground.access import access
from riskreport.ground.domain.request_keys import KeyReused

NOTICE_OF = {Action.RETURN.value: "report.returned", Action.APPROVE.value: "report.approved"}


@access(opens_desk)
@require_POST
def review_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the enterprise will read; nothing is written yet."""
    filing = get_object_or_404(readable_filings(request.user), pk=pk)
    kept = kept_query(QueryDict(request.POST.get("queue", "")))
    form = DecisionForm(request.POST)
    typed = request.POST.get("message", "")
    if not form.is_valid():
        text = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return render_review(request, filing, kept=kept, problem=text, message=typed, status=422)
    answer = rules.may_decide(request.user, filing)
    if filing.version != form.cleaned_data["seen_version"]:
        return _refused(request, filing, kept, str(StaleFiling(filing)), typed)
    if filing.state != FilingState.IN_REVIEW or not answer.allowed:
        text = str(answer.reason) or _("Take the report for review first.")
        return _refused(request, filing, kept, text, typed)
    blocks = page_blocks(request.user, filing, handed_in(filing))
    outcome = form.cleaned_data["outcome"]
    remarks = _going_out(filing, blocks)
    message = form.cleaned_data["message"].strip() or _opening(outcome, remarks)
    if outcome == Action.RETURN and not message:
        text = _("Write a remark or a message first: the enterprise must know what to correct.")
        return render_review(request, filing, kept=kept, problem=text, status=422)
    if outcome == Action.APPROVE and remarks:
        text = _("You have written remarks on this report. Return it with them, or remove them and approve.")
        return render_review(request, filing, kept=kept, problem=text, message=typed, status=422)
    cards = [card for block in blocks for card in block.risks]
    context = {
        "filing": filing,
        "kept": kept,
        "outcome": outcome,
        "message": message,
        "remarks": remarks,
        "notice": preview_notice(kind=NOTICE_OF[outcome], filing=filing, reason=message),
        "key": new_key(),
        "lowered": [card for card in cards if card.floor and card.kind != "removed"],
        "back": review_url(pk, kept),
    }
    return render(request, "review/desk/preview.html", context)


def _going_out(filing: Filing, blocks: list[Block]) -> list[Remark]:
    """Return the department's remarks that the decision would carry, in the order of the report."""
    holders = [holder for block in blocks for holder in (block, *block.risks)]
    return [
        remark
        for holder in holders
        for remark in holder.remarks
        if remark.decision_id is None and remark.department_id == filing.department_id
    ]


def _opening(outcome: str, remarks: list[Remark]) -> str:
    """Return the covering sentence composed from the remarks, when none was typed."""
    if outcome == Action.RETURN and remarks:
        return _("Please correct the following %(count)s points and hand the report in again.") % {
            "count": len(remarks)
        }
    return ""


@access(opens_desk)
@require_POST
def review_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Return or approve. A refusal brings the review page back with the message that was typed."""
    filing = get_object_or_404(readable_filings(request.user), pk=pk)
    kept = kept_query(QueryDict(request.POST.get("queue", "")))
    form = DecisionForm(request.POST)
    typed = request.POST.get("message", "")
    if not form.is_valid():
        text = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return render_review(request, filing, kept=kept, problem=text, message=typed, status=422)
    given = form.cleaned_data
    try:
        move_filing(
            filing_id=filing.pk,
            action=given["outcome"],
            user=request.user,
            seen_version=given["seen_version"],
            reason=given["message"],
            key=given["key"],
        )
    except (StaleFiling, MoveRefused, KeyReused) as refusal:
        return _refused(request, filing, kept, str(refusal), typed)
    remember_message(request, pk, "")
    messages.success(request, _done(given["outcome"]) % {"name": filing.enterprise.name})
    return redirect(_onwards(request, filing, kept))


def _refused(request: HttpRequest, filing: Filing, kept: str, text: str, typed: str) -> HttpResponse:
    current = get_object_or_404(readable_filings(request.user), pk=filing.pk)
    return render_review(request, current, kept=kept, problem=text, message=typed, status=409)


def _done(outcome: str) -> str:
    if outcome == Action.RETURN:
        return _("“%(name)s” was returned; its people have a notice with your message.")
    return _("“%(name)s” was approved; its people can file the final report now.")


def _onwards(request: HttpRequest, filing: Filing, kept: str) -> str:
    """Return the address of the next report of the queue that the person may decide, or of the queue after the last."""
    place = place_in(within_reach(queue_rows(request.user, QueryDict(kept)), request.user), filing)
    onwards = place.next or place.previous
    return review_url(onwards, kept) if onwards else reverse("review_queue") + (f"?{kept}" if kept else "")
