"""The review queue and taking several reports at once."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from review.domain.workflow import move_filing
from review.enums import Action
from review.interfaces.queue_sheet import LIST_LABELS, kept_query
from review.interfaces.review_form import new_key
from review.models import Filing
from review.queries import queue
from review.queries.queue import department_filings, desk_counts
from review.rules import opens_review
from riskreport.ground.access import Refused, access
from riskreport.ground.domain.request_keys import KeyReused
from riskreport.ground.request import picked_versions
from riskreport.ground.ui.list_page import list_page

MOST_AT_ONCE = 100


@access(opens_review)
@require_GET
def review_queue(request: HttpRequest) -> HttpResponse:
    """List the department's reports: what waits, what is in review, what is out, what is overdue."""
    counts = desk_counts(request.user)
    chosen = request.GET.get("list") or queue.OPEN
    tabs = [
        {"key": key, "label": label, "count": counts[key], "current": key == chosen, "url": f"?list={key}"}
        for key, label in LIST_LABELS.items()
    ]
    lead = (
        _("%(waiting)s reports wait to be taken, %(mine)s are in review by you.") % counts
        if counts["all"]
        else _("The reports of your line are decided by other offices; you may read them and write comments.")
    )
    return list_page(
        request,
        "review_queue",
        template="review/desk/queue.html",
        lead=lead.replace("%", "%%"),
        tabs=tabs,
        key=new_key(),
        kept=kept_query(request.GET),
        may_take=chosen in (queue.OPEN, queue.WAITING),
    )


@access(opens_review)
@require_POST
def review_claim_several(request: HttpRequest) -> HttpResponse:
    """Take the chosen reports one by one and say of each whether it worked, and why not."""
    picked = picked_versions(request.POST.getlist("pick")[:MOST_AT_ONCE])
    back = _queue_address(request.POST.get("queue", ""))
    if not picked:
        messages.warning(request, _("Choose the reports to take first: tick the box beside the name."))
        return redirect(back)
    names = dict(department_filings(request.user).filter(pk__in=picked).values_list("pk", "enterprise__name"))
    key = _clean_key(request.POST.get("key", ""))
    results = [
        {"pk": pk, "name": names[pk], "refusal": _claim(request, pk, version, f"{key}-{pk}" if key else "")}
        for pk, version in picked.items()
        if pk in names
    ]
    taken = sum(1 for row in results if not row["refusal"])
    context = {"results": results, "taken": taken, "refused": len(results) - taken, "back": back}
    return render(request, "review/desk/claimed.html", context)


def _clean_key(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _claim(request: HttpRequest, pk: int, version: int, key: str) -> str:
    """Take one report; return why it was not possible, or nothing."""
    try:
        move_filing(filing_id=pk, action=Action.CLAIM, user=request.user, seen_version=version, key=key)
    except (Refused, KeyReused) as refusal:
        return str(refusal)
    except Filing.DoesNotExist:
        return _("This report no longer exists.")
    return ""


def _queue_address(kept: str) -> str:
    query = kept_query(QueryDict(kept))
    return reverse("review_queue") + (f"?{query}" if query else "")
