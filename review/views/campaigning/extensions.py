"""Extensions: the list, those of one report, many at once; and the periodic report that repeats the last one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from review.domain.campaigning.extensions import (
    ask_extension,
    extendable,
    grant_extension,
    refuse_extension,
    start_extending,
)
from review.domain.campaigning.unchanged import report_unchanged
from review.enums import CampaignState, ExtensionState
from review.interfaces.campaigning.forms import ExtendManyForm, ExtensionForm
from review.interfaces.campaigning.sheets import EXTENSION_TONES
from review.interfaces.review_form import new_key
from review.models import Filing
from review.queries.desk import readable_filings
from review.queries.filing_pages import filings_to_open
from review.queries.status import whose_turn
from review.rules import (
    may_ask_extension,
    may_extend,
    opens_bulk_extension,
    opens_campaigns,
    opens_enterprise_pages,
    opens_filings,
)
from review.views.campaigning.tasks import campaign_or_404, crumbs_of
from riskreport.ground.access import Refused, access
from riskreport.ground.domain.request_keys import KeyReused
from riskreport.ground.ui.list_page import list_page


@access(opens_campaigns)
@require_GET
def extensions(request: HttpRequest) -> HttpResponse:
    """List the extensions within the person's scope."""
    return list_page(request, "extensions", lead=_("%(count)s extensions within your area and lines."))


@access(opens_filings)
@require_http_methods(["GET", "HEAD", "POST"])
def filing_extension(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Show the extensions of a report; the unit asks for one, who decides grants or refuses."""
    filing = get_object_or_404(readable_filings(request.user), pk=filing_id)
    first = {"key": new_key()}
    if request.method != "POST":
        return _page(request, filing, ExtensionForm(initial=first))
    refuses = request.POST.get("step") == "refuse"
    form = ExtensionForm(request.POST, needs_day=not refuses)
    if not form.is_valid():
        return _page(request, filing, form, status=422)
    given = form.cleaned_data
    try:
        if refuses:
            refuse_extension(filing_id=filing.pk, user=request.user, reason=given["reason"])
        else:
            act = ask_extension if request.user.enterprise_id else grant_extension
            act(filing_id=filing.pk, user=request.user, **given)
    except (Refused, KeyReused) as refused:
        renewed = form.data.copy()
        renewed["key"] = new_key()
        return _page(request, filing, ExtensionForm(renewed), problem=str(refused), status=409)
    messages.success(request, _("Done. The other side is told."))
    return redirect("filing_extension", filing.pk)


def _page(
    request: HttpRequest, filing: Filing, form: ExtensionForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    own = request.user.enterprise_id is not None
    answer = (may_ask_extension if own else may_extend)(request.user, filing)
    rows = list(filing.extensions.select_related("asked_by", "decided_by__department"))
    asked = next((row for row in rows if row.state == ExtensionState.ASKED), None)
    if asked is not None and not own and not form.is_bound:
        form.initial["new_due_on"] = asked.new_due_on
    is_open = filing.campaign.state == CampaignState.OPEN
    context: dict[str, Any] = {
        "filing": filing,
        "form": form,
        "rows": [{"row": row, "tone": EXTENSION_TONES[row.state]} for row in rows],
        "asked": asked,
        "own": own,
        "may": answer.allowed and is_open and not (own and asked),
        "refusal": "" if answer.allowed else str(answer.reason),
        "problem": problem,
        "turn": whose_turn(filing),
    }
    return render(request, "review/campaigning/extension.html", context, status=status)


@access(opens_bulk_extension)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose reports of a task by a filter, see how many they are, and extend them as a job."""
    row = campaign_or_404(request.user, pk)
    form, count, problem, status = ExtendManyForm(request.POST or None, initial={"key": new_key()}), None, "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = {"narrowing": form.narrowing(), "new_due_on": form.cleaned_data["new_due_on"]}
            count, status = extendable(request.user, row, **given).count(), 200
            if request.POST.get("step") == "confirmed" and count:
                try:
                    job = start_extending(
                        campaign=row,
                        user=request.user,
                        reason=form.cleaned_data["reason"],
                        key=form.cleaned_data["key"],
                        **given,
                    )
                except Refused as refused:
                    problem, status = str(refused), 409
                else:
                    return redirect("job", job.pk)
    context = {
        "campaign": row,
        "form": form,
        "count": count,
        "problem": problem,
        "crumbs": crumbs_of(row, _("Extend many reports")),
    }
    return render(request, "review/campaigning/extend.html", context, status=status)


@access(opens_enterprise_pages)
@require_POST
def filing_unchanged(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Fill a periodic report in with what the last one said, and lead to checking and signing it."""
    filing = get_object_or_404(filings_to_open(request.user), pk=filing_id)
    try:
        report_unchanged(filing_id=filing.pk, user=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("filing", filing.pk)
    messages.success(request, _("Filled in as last time. Check it, and sign it if it is still true."))
    return redirect("filing_check", filing.pk)
