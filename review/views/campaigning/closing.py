"""Closing a reporting task and opening it again: a page that states what it does, and the act."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from review.domain.campaigning.closing import close_campaign, reopen_campaign
from review.domain.campaigns import CampaignRefused
from review.enums import CampaignState
from review.interfaces.campaigning.forms import CloseForm, ReopenForm
from review.models import Campaign
from review.queries.campaigning.tasks import standing_of
from review.rules import runs_campaigns
from review.views.campaigning.tasks import campaign_or_404, crumbs_of
from riskreport.ground.access import access


@access(runs_campaigns)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what closing does and, on POST, close."""
    row = campaign_or_404(request.user, pk)
    form = CloseForm(request.POST or None)
    refusal = "" if row.state == CampaignState.OPEN else _("This task is not open.")
    stands = standing_of(request.user, row)
    consequences = [
        _("The five figures of today are kept as evidence with their SHA-256."),
        _("Nothing more can be handed in; town, category and scale of the reports follow their units no longer."),
        _("%(count)s reports are not filed.") % {"count": f"{stands.figures.open:,}"},
    ]
    if request.method == "POST" and not refusal and form.is_valid():
        close_campaign(campaign=row, user=request.user, release_because=form.release_because())
        messages.success(request, _("“%(name)s” is closed.") % {"name": row.label})
        return redirect("campaign", pk)
    return _page(request, row, form, _("Close the task"), consequences, refusal=refusal, is_grave=True)


@access(runs_campaigns)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what opening again does and, on POST with a reason, do it."""
    row = campaign_or_404(request.user, pk)
    form = ReopenForm(request.POST or None)
    refusal = "" if row.state == CampaignState.CLOSED else _("This task is not closed.")
    consequences = [
        _("Reports can be handed in again; those of units that moved, joined or left meanwhile follow the roster."),
        _("The figures of the closing stay as evidence, with your reason beside them."),
    ]
    if request.method == "POST" and not refusal and form.is_valid():
        try:
            reopen_campaign(campaign=row, user=request.user, reason=form.cleaned_data["reason"])
        except CampaignRefused as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("“%(name)s” is open again.") % {"name": row.label})
            return redirect("campaign", pk)
    return _page(request, row, form, _("Open the task again"), consequences, refusal=refusal)


def _page(
    request: HttpRequest,
    row: Campaign,
    form: CloseForm | ReopenForm,
    title: str,
    consequences: list[str],
    *,
    refusal: str,
    is_grave: bool = False,
) -> HttpResponse:
    status = 200 if request.method != "POST" else 409 if refusal else 422
    context = {
        "title": title,
        "button": title,
        "campaign": row,
        "form": form,
        "refusal": refusal,
        "consequences": consequences,
        "is_grave": is_grave,
        "crumbs": crumbs_of(row, title),
    }
    return render(request, "review/campaigning/form.html", context, status=status)
