"""The wizard of a reporting task: begun from nothing or from an earlier one, step by step, launched as one job."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from review.domain.campaigning.drafts import (
    StaleDraft,
    answers_from,
    drop_draft,
    launch_draft,
    save_step,
    start_draft,
    start_launch,
)
from review.domain.campaigning.periodic import propose_next
from review.domain.campaigns import CampaignRefused
from review.interfaces.campaigning.wizard import STEPS, Wizard, neighbour
from review.models import Campaign, CampaignDraft
from review.rules import runs_campaigns
from review.views.campaigning.tasks import campaign_or_404
from riskreport.ground.access import access
from riskreport.ground.request import whole_number


@access(runs_campaigns)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_new(request: HttpRequest) -> HttpResponse:
    """Ask from what to begin; on POST begin a draft."""
    earlier = Campaign.objects.order_by("-opens_on", "pk")
    if request.method != "POST":
        return render(request, "review/campaigning/new.html", {"earlier": earlier, "crumbs": _crumbs(_("New task"))})
    code = request.POST.get("earlier", "")
    origin = get_object_or_404(Campaign, code=code) if code else None
    draft = start_draft(user=request.user, answers=answers_from(origin) if origin else {}, earlier=origin)
    return redirect("campaign_step", draft.pk, "what")


@access(runs_campaigns)
@require_POST
def campaign_next(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose the next periodic campaign from this one: the wizard opens prefilled."""
    draft = propose_next(campaign=campaign_or_404(request.user, pk), user=request.user)
    return redirect("campaign_step", draft.pk, "what")


def _crumbs(here: str) -> list[tuple[str, str]]:
    return [(_("Reporting tasks"), reverse("campaigns")), (here, "")]


def _draft_or_404(pk: int) -> CampaignDraft:
    return get_object_or_404(CampaignDraft.objects.select_related("campaign", "earlier", "changed_by"), pk=pk)


@access(runs_campaigns)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Show a step; on POST keep what was typed, whatever it is, and go where the button says."""
    if step not in STEPS:
        raise Http404
    draft = _draft_or_404(pk)
    if draft.campaign_id is not None:
        return redirect("campaign", draft.campaign_id)
    if request.method != "POST":
        return _page(request, draft, step)
    way = request.POST.get("way", "next")
    form = Wizard(draft).bound(step, request.POST)
    fields = {name: request.POST.getlist(name) for name in form.fields}
    seen = request.POST.get("version", "")
    try:
        draft = save_step(
            draft_id=pk, user=request.user, step=step, fields=fields, seen_version=whole_number(seen) or 0
        )
    except StaleDraft as stale:
        return _page(request, stale.draft, step, form=form, problem=str(stale), status=409)
    except CampaignRefused as refused:
        messages.error(request, str(refused))
        return redirect("campaigns")
    if way == "back":
        return redirect("campaign_step", pk, neighbour(step, -1))
    if way in STEPS:
        return redirect("campaign_step", pk, way)
    if not form.is_valid():
        return _page(request, draft, step, form=form, status=422)
    return redirect("campaign_step", pk, neighbour(step, 1))


def _page(
    request: HttpRequest, draft: CampaignDraft, step: str, *, form=None, problem: str = "", status: int = 200
) -> HttpResponse:
    wizard = Wizard(draft)
    form = form or wizard.fresh(step)
    last = step == "check"
    context = {
        "draft": draft,
        "step": step,
        "title": STEPS[step][0],
        "form": form,
        "ways": wizard.ways,
        "problem": problem,
        "problems": wizard.problems if last else [],
        "preview": wizard.preview if last else None,
        "has_before": step != "what",
        "number": list(STEPS).index(step) + 1,
        "count": len(STEPS),
        "crumbs": _crumbs(draft.name or _("New task")),
    }
    template = "review/campaigning/check.html" if last else "review/campaigning/step.html"
    return render(request, template, context, status=status)


@access(runs_campaigns)
@require_POST
def campaign_launch(request: HttpRequest, pk: int) -> HttpResponse:
    """Launch what the draft describes as one job; a second click leads to the same job."""
    draft = _draft_or_404(pk)
    wizard = Wizard(draft)
    if draft.campaign_id is None:
        accepted = request.POST.get("accepted") or not wizard.preview.conflicts
        if wizard.problems or not accepted:
            problem = "" if accepted else _("Tick that you have seen the open tasks, or ask other categories.")
            return _page(request, draft, "check", problem=problem, status=422)
        seen = request.POST.get("version", "")
        try:
            job = launch_draft(draft_id=pk, user=request.user, seen_version=whole_number(seen) or 0, plan=wizard.plan())
        except (StaleDraft, CampaignRefused) as refused:
            return _page(request, _draft_or_404(pk), "check", problem=str(refused), status=409)
    else:
        job = start_launch(campaign=draft.campaign, user=request.user)
    return redirect("job", job.pk)


@access(runs_campaigns)
@require_POST
def campaign_launch_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Launch a campaign whose launch failed, or lead to the job that runs."""
    try:
        job = start_launch(campaign=campaign_or_404(request.user, pk), user=request.user)
    except CampaignRefused as refused:
        messages.error(request, str(refused))
        return redirect("campaign", pk)
    return redirect("job", job.pk)


@access(runs_campaigns)
@require_POST
def campaign_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    draft = _draft_or_404(pk)
    drop_draft(draft_id=draft.pk, user=request.user)
    messages.success(request, _("The draft is gone."))
    return redirect("campaigns")
