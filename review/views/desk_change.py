"""Exempting, declaring void, reopening: a page that shows the consequence, a reason, and the step."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from enterprises.models import User
from review.domain.workflow import Move, MoveRefused, StaleFiling, find_move, move_filing
from review.enums import Action
from review.interfaces.review_form import ReasonForm, new_key
from review.models import Filing
from review.queries.desk import readable_filings
from review.queries.status import tone_of, whose_turn
from review.rules import opens_desk
from riskreport.ground.access import access
from riskreport.ground.domain.request_keys import KeyReused

ACTIONS = (Action.EXEMPT, Action.VOID, Action.REOPEN)


@access(opens_desk)
@require_http_methods(["GET", "POST"])
def review_change(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Show what a step would do and, on POST with a reason, do it. Steps not open to this person are explained."""
    if action not in ACTIONS:
        raise Http404
    filing = get_object_or_404(readable_filings(request.user), pk=pk)
    form = ReasonForm(request.POST or None, initial={"seen_version": filing.version, "key": new_key()})
    if request.method == "GET" or not form.is_valid():
        return _page(request, filing, action, form, status=200 if request.method == "GET" else 422)
    given = form.cleaned_data
    try:
        move_filing(
            filing_id=filing.pk,
            action=action,
            user=request.user,
            seen_version=given["seen_version"],
            reason=given["reason"],
            key=given["key"],
        )
    except (StaleFiling, MoveRefused, KeyReused) as refusal:
        current = get_object_or_404(readable_filings(request.user), pk=pk)
        renewed = {"seen_version": current.version, "key": new_key(), "reason": given["reason"]}
        return _page(request, current, action, ReasonForm(initial=renewed), problem=str(refusal), status=409)
    messages.success(request, _done(action) % {"name": filing.enterprise.name})
    return redirect("archive", filing.enterprise_id)


def _page(
    request: HttpRequest, filing: Filing, action: str, form: ReasonForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    move, refusal = _possible(request.user, filing, action)
    context = {
        "filing": filing,
        "form": form,
        "problem": problem,
        "refusal": refusal,
        "title": move.staff_label if move else Action(action).label,
        "consequences": _consequences(action, filing),
        "dangerous": action in (Action.VOID, Action.EXEMPT),
        "status_text": whose_turn(filing),
        "tone": tone_of(filing.state),
    }
    return render(request, "review/desk/change.html", context, status=status)


def _possible(user: User, filing: Filing, action: str) -> tuple[Move | None, str]:
    """Return the row of the table, and why this person may not make it now."""
    move = find_move(filing, Action(action))
    if move is None:
        text = _("“%(action)s” is not possible now. %(status)s.")
        return None, text % {"action": Action(action).label, "status": whose_turn(filing)}
    answer = move.who(user, filing)
    return move, "" if answer.allowed else str(answer.reason)


def _consequences(action: str, filing: Filing) -> list[str]:
    if action == Action.EXEMPT:
        return [
            _("The unit no longer owes this report and leaves the expected number from today."),
            _("What it has written is kept, but cannot be handed in any more."),
            _("The step is recorded with your reason; the enterprise gets a notice."),
        ]
    if action == Action.VOID:
        risks = filing.risks_major + filing.risks_larger
        return [
            _("The report no longer counts: the unit leaves the expected number and the completed number from today."),
            _("Its risks (%(count)s) leave the ledger, and its rating is found anew.") % {"count": risks},
            _("It cannot be undone. The enterprise and the deciding department get a notice with your reason."),
        ]
    return [
        _("The enterprise can change its report again and must file it anew."),
        _("Until then the last final report stays in force: the ledger and the completed number do not change."),
        _("The enterprise gets a notice with your reason: write what is to be added."),
    ]


def _done(action: str) -> str:
    return {
        Action.EXEMPT: _("“%(name)s” is exempt from this report."),
        Action.VOID: _("The report of “%(name)s” is void."),
        Action.REOPEN: _("The report of “%(name)s” is open for a supplement."),
    }[Action(action)]
