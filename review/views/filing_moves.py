"""Moving a report on: the steps with their buttons, and the undertaking before it is handed in or filed."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from review.checks.registry import Severity
from review.domain.workflow import MoveRefused, StaleFiling, move_filing, moves_for
from review.enums import Action
from review.interfaces.filing_steps import section_url
from review.interfaces.undertaking_form import PROMISES, UndertakingForm
from review.views.filing_check import last_move
from review.views.filing_common import FilingPage, filing_view, refusal
from review.views.filing_sections import number_in
from riskreport.ground.access import Refused
from riskreport.ground.domain.request_keys import KeyReused

TO_RECEIPT = {Action.SUBMIT, Action.FILE}
DONE = {
    Action.START: _("The report was begun. What we know already is filled in; please check it."),
    Action.WITHDRAW: _("The report was taken back. You can change it now; hand it in again afterwards."),
    Action.REOPEN: _("The report was opened for a supplement."),
    Action.EXEMPT: _("The unit was exempted from this report."),
    Action.VOID: _("The report was declared void."),
    Action.CLAIM: _("You have taken the report for review."),
    Action.PUT_BACK: _("The report was put back into the queue."),
}


@filing_view
@require_POST
def move(request: HttpRequest, page: FilingPage, action: str) -> HttpResponse:
    """Make one move of the workflow. Takes ``key``, ``seen_version``, ``reason`` and ``next`` (an address of ours)."""
    if action not in Action.values:
        raise Http404
    reason = request.POST.get("reason", "")
    try:
        moved = move_filing(
            filing_id=page.filing.pk,
            action=action,
            user=request.user,
            seen_version=number_in(request.POST.get("seen_version"), 0),
            reason=reason,
            key=request.POST.get("key", "")[:64],
            given={},
        )
    except (Refused, KeyReused) as error:
        return _refused(page, Action(action), error, reason)
    if not moved.repeated and action in DONE:
        messages.success(request, DONE[Action(action)])
    return redirect(_after(request, page, Action(action)))


def _refused(page: FilingPage, action: Action, error: Exception, reason: str) -> HttpResponse:
    """Say why not, on a page that keeps the reason typed and offers the step again where it still makes sense."""
    again = next((row for row in moves_for(page.user, page.filing) if row.action == action), None)
    own = page.user.enterprise_id is not None
    return refusal(
        page,
        str(error),
        typed=reason,
        again=again,
        again_label=(again.enterprise_label if own else again.staff_label) if again else "",
        again_url=reverse("filing_move", args=[page.filing.pk, action.value]),
        is_stale=isinstance(error, StaleFiling),
    )


def _after(request: HttpRequest, page: FilingPage, action: Action) -> str:
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    if action in TO_RECEIPT:
        return reverse("receipt", args=[page.filing.pk])
    if action == Action.START:
        return section_url(page.filing, "basic")
    if action == Action.CLAIM:
        return reverse("review", args=[page.filing.pk])
    return reverse("filing", args=[page.filing.pk])


@filing_view
@require_http_methods(["GET", "HEAD", "POST"])
def undertaking(request: HttpRequest, page: FilingPage) -> HttpResponse:
    """Show the undertaking with what is to be confirmed, or hand the report in with it."""
    action = last_move(page)
    if request.method == "POST":
        return _hand_in(request, page, action)
    if action is None:
        return refusal(page, str(page.editing.reason or page.context()["turn"]), status=200)
    return _draw(page, action, _form(page, action))


def _form(page: FilingPage, action: Action, data: object = None) -> UndertakingForm:
    basic = page.content["basic"]
    name = basic.get("principal_name", "") if page.filing.is_paper else page.user.name
    post = "" if page.filing.is_paper else page.user.post
    return UndertakingForm(data, problems=page.problems, certifies=action == Action.FILE, name=name, post=post)


def _draw(
    page: FilingPage, action: Action, form: UndertakingForm, *, status: int = 200, error: str = ""
) -> HttpResponse:
    blocking = [row for row in page.found if row.severity == Severity.BLOCKS]
    context = page.section_context(
        "undertaking",
        here=_("Check and hand in"),
        form=form,
        action=action.value,
        certifies=action == Action.FILE,
        promises=PROMISES,
        blocking=blocking,
        error=error,
        form_key=page.request.POST.get("key") or str(uuid.uuid4()),
        sends_changed_risks=page.risks_changed,
        confirms=[form[name] for name in form.fields if name.startswith("confirm-")],
    )
    return render(page.request, "review/filing/undertaking.html", context, status=status)


def _hand_in(request: HttpRequest, page: FilingPage, action: Action | None) -> HttpResponse:
    """Submit or file. The action is the one the person saw, so that a repeated request gets its earlier answer."""
    wanted = request.POST.get("action", "")
    if wanted not in {Action.SUBMIT.value, Action.FILE.value}:
        raise Http404
    form = _form(page, Action(wanted), request.POST)
    if action == wanted and not form.is_valid():
        return _draw(page, Action(wanted), form, status=422)
    try:
        move_filing(
            filing_id=page.filing.pk,
            action=wanted,
            user=request.user,
            seen_version=number_in(request.POST.get("seen_version"), 0),
            key=request.POST.get("key", "")[:64],
            given=form.given() if form.is_valid() else {},
        )
    except MoveRefused as error:
        if action is None:
            return refusal(page, str(error))
        return _draw(page, action, form, status=409, error=str(error))
    except (Refused, KeyReused) as error:
        return refusal(page, str(error), is_stale=isinstance(error, StaleFiling))
    return redirect("receipt", filing_id=page.filing.pk)
