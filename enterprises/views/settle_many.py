"""Settling several differences of two lists at once: which, by what, and what could not be."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from enterprises.domain import settling
from enterprises.domain.settling import Hand
from enterprises.interfaces import reconciliation_forms as forms
from enterprises.interfaces.reconciliation_forms import ManyForm, remedies_for, unit_as_listed
from enterprises.interfaces.reconciliation_words import what_differs
from enterprises.models import Difference, Reconciliation
from enterprises.models.reconciliation import Outcome
from enterprises.rules import keeps_rosters
from enterprises.views.reconciliation import crumbs_of, differences_of, find, page_after, reason_of
from riskreport.ground import clock
from riskreport.ground.access import access
from riskreport.ground.request import picked_versions

MOST = 50  # a transaction of more would hold the reporting tasks for too long


@access(keeps_rosters)
@require_POST
def reconciliation_settle_many(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what would be done about the ticked rows; on POST confirmed, do it and list what could not be settled."""
    whole = find(request, pk)
    back = page_after(request, whole)
    seen = picked_versions(request.POST.getlist("pick")[:MOST])
    rows = list(differences_of(request, whole).filter(pk__in=seen, outcome="").order_by("name", "pk"))
    if not rows:
        messages.warning(request, _("Tick the rows first that are to be settled together."))
        return redirect(back)
    kinds = {row.bucket for row in rows}
    remedies = remedies_for(kinds.pop() if len(kinds) == 1 else "")
    is_sent = request.POST.get("step") == "confirmed"
    first = {"remedy": request.POST.get("remedy", ""), "on": clock.today(), "reason": reason_of(whole)}
    form = ManyForm(request.POST if is_sent else None, remedies=remedies, user=request.user, rows=rows, initial=first)
    if not is_sent or not form.is_valid():
        if len(request.POST.getlist("pick")) > MOST:
            messages.warning(request, _("At most %(most)s are settled at once: these are the first; tick the others "
                                        "afterwards.") % {"most": MOST})  # fmt: skip
        return _page(request, whole, rows, form=form, seen=seen, back=back, status=422 if is_sent else 200)
    left = _settle(request, whole, rows, seen, form.cleaned_data)
    done = len(rows) - len(left)
    if not left:
        messages.success(request, _("%(count)s differences were settled.") % {"count": done})
        return redirect(back)
    return _page(request, whole, [row for row in rows if row.pk in left], left=left, done=done, back=back, status=409)


def _settle(
    request: HttpRequest, whole: Reconciliation, rows: list[Difference], seen: dict[int, int], given: dict[str, Any]
) -> dict[int, str]:
    """Settle the rows as one act; return why the others were left, by difference."""
    lacking = {"category": given.get("category", "")}
    act, listed = ACTS[given["remedy"]], {row.pk: row.b if row.b.get("category") else row.b | lacking for row in rows}
    left = settling.settle_together(
        user=request.user,
        reconciliation_id=whole.pk,
        hands=[Hand(request.user, row.pk, seen[row.pk]) for row in rows],
        settle=lambda hand: act(hand, given["on"], given["reason"], listed[hand.difference_id]),
        how=given["remedy"],
        reason=given["reason"],
    )
    return dict(left)


def _add(hand: Hand, on: dt.date, reason: str, b: dict[str, Any]) -> Difference:
    return settling.add_to_roster(hand=hand, unit=unit_as_listed(b, hand.user, reason, on), reason=reason)


def _leave(*, written_off: bool) -> Callable[[Hand, dt.date, str, dict[str, Any]], Difference]:
    return lambda hand, on, reason, b: settling.mark_left(hand=hand, on=on, reason=reason, written_off=written_off)


def _by_reason(outcome: Outcome) -> Callable[[Hand, dt.date, str, dict[str, Any]], Difference]:
    return lambda hand, on, reason, b: settling.settle_by_reason(hand=hand, outcome=outcome, reason=reason)


ACTS: dict[str, Callable[[Hand, dt.date, str, dict[str, Any]], Difference]] = {
    forms.TAKE: lambda hand, on, reason, b: settling.take_over(hand=hand, on=on, reason=reason),
    forms.CLOSE: _leave(written_off=False),
    forms.WRITE_OFF: _leave(written_off=True),
    forms.ADD: _add,
    forms.KEEP: _by_reason(Outcome.KEPT),
    forms.EXPLAIN: _by_reason(Outcome.EXPLAINED),
}


def _page(
    request: HttpRequest, whole: Reconciliation, rows: list[Difference], *, back: str, status: int, **more: Any
) -> HttpResponse:
    left, seen = more.get("left", {}), more.get("seen", {})
    shown = [
        {"row": row, "pick": f"{row.pk}:{seen.get(row.pk, 0)}",
         "says": left.get(row.pk) or what_differs(row.fields, row.a, row.b),
         "address": reverse("difference", args=[whole.pk, row.pk])}
        for row in rows
    ]  # fmt: skip
    title = _("Could not be settled") if left else _("Settle several at once")
    context = {"whole": whole, "rows": shown, "back": back, "crumbs": crumbs_of(whole, title), "title": title, **more}
    return render(request, "enterprises/settle_many.html", context, status=status)
