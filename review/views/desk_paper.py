"""Entering a report that a unit without a computer has written on paper."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from review.domain.workflow import MoveRefused, StaleFiling, move_filing
from review.enums import EDITABLE, Action, CampaignState
from review.interfaces.review_form import new_key
from review.queries.queue import department_filings, units_without_report
from review.queries.status import tone_of, whose_turn
from review.rules import opens_paper_entry
from riskreport.ground.access import access
from riskreport.ground.domain.request_keys import KeyReused
from riskreport.ground.request import whole_number

MOST_SHOWN = 50


@access(opens_paper_entry)
@require_GET
def paper_entry(request: HttpRequest) -> HttpResponse:
    """Choose a unit of the department that has not started, by name or code."""
    return _page(request)


@access(opens_paper_entry)
@require_POST
def paper_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Start the report as a paper report and go on to write it; one already begun this way is opened again."""
    filing = get_object_or_404(department_filings(request.user), pk=pk)
    try:
        move_filing(
            filing_id=filing.pk,
            action=Action.START,
            user=request.user,
            seen_version=whole_number(request.POST.get("seen_version", "")) or 0,
            key=request.POST.get("key", "")[:64],
        )
    except (StaleFiling, MoveRefused, KeyReused) as refusal:
        return _page(request, problem=str(refusal), status=409)
    messages.success(
        request, _("The paper report is started. Enter what the paper says; another reviewer will decide it.")
    )
    return redirect("filing", pk)


def _page(request: HttpRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    text = (request.GET.get("q") or request.POST.get("q") or "")[:60]
    rows = units_without_report(request.user, text).filter(campaign__state=CampaignState.OPEN)
    found = list(rows[: MOST_SHOWN + 1])
    units = [{"filing": filing, "key": new_key()} for filing in found[:MOST_SHOWN]]
    begun = department_filings(request.user).filter(entered_by=request.user, is_paper=True)
    begun = begun.filter(state__in=EDITABLE).select_related("enterprise", "campaign", "department")
    context = {
        "q": text,
        "units": units,
        "more": len(found) > MOST_SHOWN,
        "most": MOST_SHOWN,
        "begun": [
            {"filing": row, "status": whose_turn(row), "tone": tone_of(row.state)}
            for row in begun.order_by("id")[:MOST_SHOWN]
        ],
        "problem": problem,
    }
    return render(request, "review/desk/paper.html", context, status=status)
