"""The page of one report: where it stands, whose turn it is, what is done and what happened."""

import datetime as dt
import json

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from review.domain.attachments import may_attach
from review.domain.campaigning.unchanged import last_final_of
from review.domain.remarks import settle_remark
from review.domain.workflow import Move, moves_for
from review.enums import DEPARTMENT_TURN, Action, AttachmentKind, FilingState
from review.interfaces.filing_steps import RISKS, risk_url, section_url
from review.interfaces.snapshot_page import build_page, place_label
from review.models import Filing, Remark
from review.queries import filing_pages
from review.queries.status import by_when, is_late
from review.queries.words import words_of
from review.views.filing_check import last_move
from review.views.filing_common import FilingPage, filing_view, refusal
from riskreport.ground.access import Refused
from riskreport.ground.sheets.values import text_of_date

ASKS_FIRST = {Action.SUBMIT, Action.FILE}  # these go by way of the page on which the answers are checked
AT_THE_DESK = {Action.APPROVE, Action.RETURN}  # these are made on the review page, beside the remarks


@filing_view
@require_safe
def show_filing(request: HttpRequest, page: FilingPage) -> HttpResponse:
    """Show the status page."""
    filing = page.filing
    history = filing_pages.history_of(request.user, filing)
    numbers = [row.number for row in history if row.number]
    returned = filing_pages.last_return(filing) if _is_being_mended(filing, history) else None
    if returned:
        _name_the_places(returned)
    shows_steps = page.editing.allowed
    steps = page.steps() if shows_steps else []
    if shows_steps:
        _name_the_writer(page, steps)
    next_step = next((step for step in steps if step.state == "open"), None)
    ending = last_move(page)
    buttons = [
        _button(page, move)
        for move in moves_for(request.user, filing)
        if move.action not in ASKS_FIRST or move.action == ending
    ]
    context = page.context(
        history=history,
        returned=returned,
        mend_url=_first_to_mend(filing, returned) if page.editing.allowed else "",
        steps=steps,
        next_step=next_step,
        main=next((row for row in buttons if row["is_main"]), None),
        others=[row for row in buttons if not row["is_main"]],
        has_snapshot=bool(numbers),
        last_number=max(numbers, default=0),
        wants_scan=bool(numbers) and _wants_scan(page),
        facts=_facts(page),
        late=by_when(filing) if is_late(filing) else "",
        repeats=_repeats(page),
        shows_extension=filing.first_filed_on is None and filing.left_on is None,
    )
    return render(request, "review/filing/status.html", context)


def _repeats(page: FilingPage) -> dt.date | None:
    """Return the day of the last final report that a periodic one may repeat by one click, for its own writer."""
    if page.user.enterprise_id != page.filing.enterprise_id or page.filing.is_paper:
        return None
    last = last_final_of(page.filing)
    return timezone.localdate(last.created_at) if last else None


def _is_being_mended(filing: Filing, history: list) -> bool:
    """Whether the remarks of a return still matter: until the department has approved what was mended."""
    waits = filing.state == FilingState.RETURNED or filing.state in DEPARTMENT_TURN
    return waits and any(row.kind == "filing.return" for row in history)


def _name_the_places(returned: filing_pages.LastReturn) -> None:
    """Say of each remark which section or risk of the returned report it is pinned to."""
    content = json.loads(returned.decision.snapshot.content)
    blocks = build_page(content, words_of(content))
    for remark in returned.remarks:
        remark.place = place_label(remark, blocks)


def _first_to_mend(filing: Filing, returned: filing_pages.LastReturn | None) -> str:
    """Return the address of the first place that a return asks to mend and that is not ticked off."""
    for remark in returned.remarks if returned else ():
        if remark.settled_at is None:
            return risk_url(filing, str(remark.lineage)) if remark.lineage else section_url(filing, remark.section)
    return ""


def _wants_scan(page: FilingPage) -> bool:
    """Whether the stamped scan of what was handed in is still to come, and from this person."""
    filing = page.filing
    if filing.state not in DEPARTMENT_TURN or not may_attach(page.user, filing, AttachmentKind.STAMPED).allowed:
        return False
    return not page.has_scan


def _name_the_writer(page: FilingPage, steps: list) -> None:
    """Say who wrote the risks last; a department that enters from paper is the only writer, so it is not asked."""
    last = filing_pages.last_risk_change(page.filing) if page.user.enterprise_id else None
    for step in steps:
        if step.key == RISKS and last is not None and last.updated_by:
            step.by, step.at = last.updated_by.name, last.updated_at


def _button(page: FilingPage, move: Move) -> dict:
    """Return what the page shows for a move: a form, or a link to the page on which it is made."""
    own = page.user.enterprise_id is not None
    link = ""
    if move.action in ASKS_FIRST:
        link = reverse("filing_check", args=[page.filing.pk])
    elif move.action in AT_THE_DESK:
        link = reverse("review", args=[page.filing.pk])
    return {
        "action": move.action.value,
        "label": move.enterprise_label if own else move.staff_label,
        "link": link,
        "url": reverse("filing_move", args=[page.filing.pk, move.action.value]),
        "needs_reason": move.needs_reason,
        "is_main": move.action in (Action.START, Action.SUBMIT, Action.FILE, Action.CLAIM),
        "is_grave": move.action in (Action.VOID, Action.EXEMPT),
    }


def _facts(page: FilingPage) -> list[tuple[str, object]]:
    filing, enterprise = page.filing, page.filing.enterprise
    rows = [
        (_("Unit"), enterprise.name),
        (_("Credit code"), enterprise.code),
        (_("Category"), filing.category.label),
        (_("Town"), filing.town.label),
        (_("Decided by") if filing.campaign.stages == 2 else _("Department in charge"), filing.department.label),
        (_("Due on"), text_of_date(filing.due_on)),
    ]
    if filing.is_paper:
        rows.append((_("Written on paper"), _("Entered by the department")))
    if filing.state in (FilingState.FILED, FilingState.SUPPLEMENT_OPEN):
        counts = {"major": filing.risks_major, "larger": filing.risks_larger}
        rows.append((_("Risks reported"), _("%(major)s major, %(larger)s larger") % counts))
    if filing.left_on:
        rows.append((_("No longer expected since"), text_of_date(filing.left_on)))
    return rows


@filing_view
@require_POST
def settle(request: HttpRequest, page: FilingPage, remark_id: int) -> HttpResponse:
    """Tick a remark off as mended, or take the tick back (``settled`` 1 or 0)."""
    try:
        if not Remark.objects.filter(pk=remark_id, snapshot__filing=page.filing).exists():
            raise Http404
        settle_remark(remark_id=remark_id, user=request.user, settled=request.POST.get("settled") != "0")
    except Remark.DoesNotExist as error:
        raise Http404 from error
    except Refused as error:
        return refusal(page, str(error))
    messages.success(request, _("Noted."))
    return redirect(reverse("filing", args=[page.filing.pk]) + "#remarks")
