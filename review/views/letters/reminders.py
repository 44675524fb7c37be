"""催报: whom a reminder goes to, sending it, and who has seen it."""

from typing import Any
from urllib.parse import parse_qs

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from review.domain.letters.reminding import start_reminding
from review.interfaces.letters.reminder_page import ReminderForm, query_kept, selection_of
from review.interfaces.review_form import new_key
from review.models import Campaign
from review.notices import LETTER_TEXTS
from review.queries.letters.reminding import deliveries_of, not_reminded_today, runs_for_user, to_remind
from review.rules import may_remind
from riskreport.ground.access import Refused, access
from riskreport.ground.domain.request_keys import KeyReused
from riskreport.ground.sheets.selection import BadFilter, Selection

NAMED = 12
RUNS = 50


@access(may_remind)
@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: HttpRequest) -> HttpResponse:
    """Show how many units a reminder would go to, who they are and what it says; on POST send it."""
    query = query_kept(request.GET)
    selection = selection_of(request.user, query)
    form = ReminderForm(request.POST or None, initial={"key": new_key()})
    try:
        rows = selection.rows
    except BadFilter as problem:
        return _page(request, selection, form, query, problem=str(problem), status=422)
    if request.method != "POST":
        return _page(request, selection, form, query)
    if not form.is_valid():
        return _page(request, selection, form, query, status=422)
    campaign = Campaign.objects.filter(code=parse_qs(query).get("campaign", [""])[0]).first()
    try:
        run = start_reminding(
            user=request.user, rows=rows, campaign=campaign, query=query, message=form.cleaned_data["message"],
            key=form.cleaned_data["key"],
        )  # fmt: skip
    except (Refused, KeyReused) as refusal:
        return _page(request, selection, form, query, problem=str(refusal), status=409)
    messages.success(request, _("The reminder is on its way."))
    return redirect("reminder", run.pk)


def _page(
    request: HttpRequest, selection: Selection, form: ReminderForm, query: str, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "problem": problem,
        "list_url": f"{reverse('filings')}?{query}",
        "crumbs": [(_("Reports"), f"{reverse('filings')}?{query}"), (_("Remind"), "")],
    }
    if status != 422 or not problem:
        owing = to_remind(selection.rows)
        fresh = not_reminded_today(owing)
        first = list(fresh.select_related("enterprise", "town", "campaign")[:NAMED])
        count = fresh.order_by().values("enterprise").distinct().count()
        context |= {
            "pills": [{"label": label, "words": words} for _name, label, words in selection.asked_filters()],
            "count": count,
            "already": owing.order_by().values("enterprise").distinct().count() - count,
            "first": first,
            "more": max(count - len(first), 0),
            "text": _sample(request, first[0]) if first else "",
        }
    return render(request, "review/letters/remind.html", context, status=status)


def _sample(request: HttpRequest, filing: Any) -> str:
    office = request.user.department
    return str(LETTER_TEXTS["report.reminder"]) % {
        "department": office.short_name or office.name,
        "campaign": filing.campaign.label,
        "due": filing.due_on.isoformat(),
        "message": "",
    }


@access(may_remind)
@require_GET
def reminders(request: HttpRequest) -> HttpResponse:
    """List the reminders that the person's department has sent."""
    runs = list(runs_for_user(request.user)[:RUNS])
    delivered = deliveries_of(runs)
    rows = [{"run": run, "delivery": delivered[run.pk]} for run in runs]
    crumbs = [(_("Follow-up letters"), reverse("follow_ups")), (_("Reminders sent"), "")]
    return render(request, "review/letters/reminders.html", {"rows": rows, "crumbs": crumbs})


@access(may_remind)
@require_GET
def reminder(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a reminder has come and how many have seen it."""
    run = get_object_or_404(runs_for_user(request.user), pk=pk)
    context = {
        "run": run,
        "delivery": deliveries_of([run])[run.pk],
        "list_url": f"{reverse('filings')}?{run.query}",
        "crumbs": [(_("Reminders sent"), reverse("reminders")), (_("One reminder"), "")],
    }
    return render(request, "review/letters/reminder.html", context)
