"""One difference of two lists: both rows side by side, and every way to settle it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from enterprises.domain import settling
from enterprises.domain.joining import LooksLike, check_new_unit
from enterprises.domain.settling import BY_REASON, Hand
from enterprises.enums import ON_ROSTER
from enterprises.interfaces.reconciliation_forms import ExplainForm, JoinForm, LeftForm, ReasonForm, join_initial
from enterprises.interfaces.reconciliation_words import facing_rows
from enterprises.models import Difference
from enterprises.models.reconciliation import Bucket, Outcome
from enterprises.queries.reconciliation import differences_for_user
from enterprises.rules import keeps_rosters
from enterprises.views.reconciliation import crumbs_of, reason_of
from enterprises.views.roster_add import confirm_page
from riskreport.ground import clock
from riskreport.ground.access import Refused, access
from riskreport.ground.request import whole_number


@access(keeps_rosters)
@require_http_methods(["GET", "POST"])
def difference(request: HttpRequest, pk: int, difference_pk: int) -> HttpResponse:
    """Show a difference, or settle it and go on to the next open one; ``act`` says by which of the forms."""
    rows = differences_for_user(request.user).filter(reconciliation=pk)
    known = rows.select_related("reconciliation", "near", "settled_by", "enterprise", "town")
    row = get_object_or_404(known, pk=difference_pk)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    forms = _forms(request, row, act)
    if request.method != "POST":
        return _page(request, row, forms)
    return _settle(request, row, act, forms)


def _settle(request: HttpRequest, row: Difference, act: str, forms: dict[str, Any]) -> HttpResponse:
    form = forms.get(act)
    if act not in ACTS or (act in WITH_FORM and (form is None or not form.is_valid())):
        return _page(request, row, forms, status=422)
    hand = Hand(request.user, row.pk, whole_number(request.POST.get("version", "")) or 0)
    step = request.POST.get("step", "")
    if act == "add" and step == "back":
        return _page(request, row, forms)
    try:
        if act == "add" and step != "confirmed":
            return _confirm(request, row, form)
        settled = ACTS[act](hand, form, request)
    except LooksLike as refused:
        form.add_error("not_the_same", str(refused))
        return _page(request, row, forms, status=422)
    except Refused as refused:
        return _page(request, row, forms, status=409, refused=str(refused))
    if not settled.outcome:
        return redirect("difference", row.reconciliation_id, row.pk)
    said = {"name": settled.name, "outcome": settled.get_outcome_display()}
    messages.success(request, _("“%(name)s”: %(outcome)s.") % said)
    following = _next(request, row)
    if following is None:
        return redirect("reconciliation", row.reconciliation_id)
    return redirect("difference", row.reconciliation_id, following)


def _confirm(request: HttpRequest, row: Difference, form: Any) -> HttpResponse:
    """Return the page that states what is entered and what follows. Raises Refused where it could not be entered."""
    unit = form.unit()
    alike = check_new_unit(user=request.user, unit=unit, not_the_same=form.cleaned_data["not_the_same"])
    return confirm_page(request, form, unit, has_alike=bool(alike), crumbs=_crumbs(row))


def _next(request: HttpRequest, row: Difference) -> int | None:
    """Return the next open difference of the same part, the first one after the last."""
    rows = differences_for_user(request.user).filter(
        reconciliation=row.reconciliation_id, outcome="", bucket=row.bucket
    )
    numbers = rows.order_by("pk").values_list("pk", flat=True)
    return numbers.filter(pk__gt=row.pk).first() or numbers.first()


def _forms(request: HttpRequest, row: Difference, act: str) -> dict[str, Any]:
    """Return the forms that may settle it, the one that was sent bound."""
    reason = {"on": clock.today(), "reason": reason_of(row.reconciliation)}
    data = request.POST
    made: dict[str, Callable[[Any], Any]] = {"explain": lambda sent: ExplainForm(sent, prefix="explain")}
    on_roster = row.enterprise is not None and row.enterprise.lifecycle in ON_ROSTER
    if row.bucket == Bucket.DIFFERS and row.enterprise is not None:
        made["take"] = lambda sent: ReasonForm(sent, prefix="take", initial=reason)
    if row.bucket == Bucket.ONLY_A and on_roster:
        made["left"] = lambda sent: LeftForm(sent, prefix="left", initial={"on": clock.today()})
    if row.bucket == Bucket.ONLY_B and row.enterprise is None:
        first = join_initial(row.b, reason_of(row.reconciliation))
        made["add"] = lambda sent: JoinForm(sent, prefix="add", user=request.user, initial=first)
    if row.outcome:
        return {}
    return {name: make(data if name == act else None) for name, make in made.items()}


def _take(hand: Hand, form: Any, request: HttpRequest) -> Difference:
    fields = request.POST.getlist("field")
    if not fields:
        raise Refused(_("Tick at least one field to take over, or keep ours."))
    given = form.cleaned_data
    return settling.take_over(hand=hand, on=given["on"], reason=given["reason"], fields=fields)


def _left(hand: Hand, form: Any, request: HttpRequest) -> Difference:
    given = form.cleaned_data
    written_off = given["how"] == "write_off"
    return settling.mark_left(hand=hand, on=given["on"], reason=given["reason"], written_off=written_off)


def _add(hand: Hand, form: Any, request: HttpRequest) -> Difference:
    given = form.cleaned_data
    return settling.add_to_roster(
        hand=hand, unit=form.unit(), reason=given["reason"], not_the_same=given["not_the_same"]
    )


def _explain(hand: Hand, form: Any, request: HttpRequest) -> Difference:
    return settling.settle_by_reason(hand=hand, outcome=Outcome.EXPLAINED, reason=form.cleaned_data["reason"])


def _keep(hand: Hand, form: Any, request: HttpRequest) -> Difference:
    return settling.settle_by_reason(hand=hand, outcome=Outcome.KEPT)


WITH_FORM = {"take", "left", "add", "explain"}
ACTS: dict[str, Callable[[Hand, Any, HttpRequest], Difference]] = {
    "take": _take,
    "left": _left,
    "add": _add,
    "explain": _explain,
    "keep": _keep,
    "pair": lambda hand, form, request: settling.pair(hand=hand),
    "two": lambda hand, form, request: settling.drop_proposal(hand=hand),
    "open": lambda hand, form, request: settling.open_again(hand=hand),
}


def _page(
    request: HttpRequest, row: Difference, forms: dict[str, Any], *, status: int = 200, refused: str = ""
) -> HttpResponse:
    whole = row.reconciliation
    context = {
        "row": row,
        "whole": whole,
        "facing": facing_rows(row),
        "forms": forms,
        "wrong": next((form for form in forms.values() if form.errors), None),
        "refused": [(refused, "")] if refused else [],
        "may_open": row.outcome in BY_REASON,
        "crumbs": _crumbs(row),
    }
    return render(request, "enterprises/difference.html", context, status=status)


def _crumbs(row: Difference) -> list[tuple[str, str]]:
    return [*crumbs_of(row.reconciliation, row.name)]
