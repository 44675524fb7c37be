"""Visits on the spot: the list, and the page on which one is recorded."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from review.domain.visits import record_visit, withdraw_visit
from review.domain.workflow import find_move
from review.enums import Action, VisitOutcome
from review.interfaces.review_form import ReasonForm, new_key
from review.interfaces.visit_form import VisitForm
from review.models import Filing, Visit
from review.queries.desk import readable_filings
from review.queries.status import tone_of, whose_turn
from review.queries.verified import recorders_of, withdrawals_of
from review.rules import (
    goes_on_visits,
    may_record_visit,
    may_withdraw_visit,
    opens_filings,
    opens_visit_withdrawal,
)
from riskreport.ground import clock
from riskreport.ground.access import Refused, access
from riskreport.ground.domain.request_keys import KeyReused
from riskreport.ground.ui.list_page import list_page


@access(opens_filings)
@require_GET
def visits(request: HttpRequest) -> HttpResponse:
    """List the visits to units of the person's scope, the latest first."""
    return list_page(request, "visits", lead=_("%(count)s visits within your area and lines."))


@access(goes_on_visits)
@require_http_methods(["GET", "HEAD", "POST"])
def visit_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of a visit to the unit of a report and, on POST, record it; a refusal keeps what was typed."""
    filing = get_object_or_404(readable_filings(request.user), pk=pk)
    answer = may_record_visit(request.user, filing)
    if not answer.allowed:
        status = 409 if request.method == "POST" else 200
        return _page(request, filing, None, refusal=str(answer.reason), status=status)
    first = {"visited_on": clock.today(), "key": new_key()}
    form = VisitForm(request.POST or None, initial=first, filed_on=filing.first_filed_on)
    if request.method != "POST":
        return _page(request, filing, form)
    if not form.is_valid():
        return _page(request, filing, form, status=422)
    try:
        visit = record_visit(
            filing_id=filing.pk,
            user=request.user,
            visited_on=form.cleaned_data["visited_on"],
            outcome=form.cleaned_data["outcome"],
            rectify_by=form.rectify_by(),
            key=form.cleaned_data["key"],
        )
    except (Refused, KeyReused) as refused:
        renewed = form.data.copy()
        renewed["key"] = new_key()
        form = VisitForm(renewed, filed_on=filing.first_filed_on)
        return _page(request, filing, form, problem=str(refused), status=409)
    return _recorded(request, filing, visit)


def _recorded(request: HttpRequest, filing: Filing, visit: Visit) -> HttpResponse:
    """Say that it is recorded; who may reopen a report that lacks something is led to do so."""
    text = _("The visit to “%(name)s” on %(day)s is recorded.")
    messages.success(request, text % {"name": filing.enterprise.name, "day": visit.visited_on})
    if visit.outcome == VisitOutcome.SUPPLEMENT and (move := find_move(filing, Action.REOPEN)):
        if move.who(request.user, filing).allowed:
            messages.info(request, _("Now reopen the report, so that the unit can supplement it."))
            return redirect("review_change", filing.pk, Action.REOPEN.value)
        messages.info(request, _("%(department)s was told to reopen the report.") % {"department": filing.department})
    return redirect("archive", filing.enterprise_id)


def _page(
    request: HttpRequest,
    filing: Filing,
    form: VisitForm | None,
    *,
    refusal: str = "",
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    unit = filing.enterprise
    context: dict[str, Any] = {
        "filing": filing,
        "form": form,
        "refusal": refusal,
        "problem": problem,
        "visits": list(filing.visits.select_related("department", "filing__campaign")),
        "crumbs": [(unit.name, reverse("archive", args=[unit.pk])), (_("Record a visit"), "")],
    }
    return render(request, "review/archive/visit.html", context, status=status)


@access(opens_visit_withdrawal)
@require_http_methods(["GET", "HEAD", "POST"])
def visit_withdraw(request: HttpRequest, pk: int, visit_pk: int) -> HttpResponse:
    """Show what taking a visit back does and, on POST with a reason, do it."""
    filing = get_object_or_404(readable_filings(request.user), pk=pk)
    visit = filing.visits.select_related("department").filter(pk=visit_pk).first()
    if visit is None:
        return _taken_back(request, filing, visit_pk)
    answer = may_withdraw_visit(request.user, recorders_of([visit]).get(visit.pk))
    form = ReasonForm(request.POST or None, initial={"seen_version": filing.version})
    status = 200
    if request.method == "POST":
        status = 422 if answer.allowed else 409
        if answer.allowed and form.is_valid():
            withdraw_visit(visit_id=visit.pk, user=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, _("The visit of %(day)s is taken back.") % {"day": visit.visited_on})
            return redirect("archive", filing.enterprise_id)
    said = {"day": visit.visited_on, "outcome": visit.get_outcome_display(), "department": visit.department.label}
    context = {
        "filing": filing,
        "form": form,
        "refusal": "" if answer.allowed else str(answer.reason),
        "title": _("Take a visit back"),
        "consequences": [
            _("The visit of %(department)s on %(day)s (%(outcome)s) no longer counts, and the unit is rated anew.")
            % said,
            _("The step is recorded with your reason; the enterprise gets a notice."),
        ],
        "dangerous": True,
        "status_text": whose_turn(filing),
        "tone": tone_of(filing.state),
    }
    return render(request, "review/desk/change.html", context, status=status)


def _taken_back(request: HttpRequest, filing: Filing, visit_pk: int) -> HttpResponse:
    """Answer who asks for a visit that was taken back, for example by the second of two clicks."""
    event = withdrawals_of(filing).get(visit_pk)
    if event is None:
        raise Http404
    said = {"day": event.data["on"]}
    messages.info(request, _("The visit of %(day)s was taken back already. Nothing was changed.") % said)
    return redirect("archive", filing.enterprise_id)
