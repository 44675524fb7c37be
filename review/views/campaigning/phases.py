"""Phases and checklists: a phase begun or moved, the checklist of each sector, one step of it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from enterprises.models import User
from review.domain.campaigning.checklist import StaleStep, save_checklist_step
from review.domain.campaigning.phases import set_phase_days, start_phase
from review.domain.campaigns import CampaignRefused
from review.interfaces.campaigning.forms import ChecklistStepForm, PhaseDaysForm
from review.models import ChecklistStep, Phase
from review.queries.campaigning.checklist import checklists_of
from review.queries.campaigning.tasks import campaigns_for_user
from review.rules import keeps_checklist, opens_campaigns, runs_campaigns
from review.views.campaigning.tasks import crumbs_of
from riskreport.ground.access import Refused, access


def _phase_or_404(user: User, pk: int) -> Phase:
    return get_object_or_404(
        Phase.objects.filter(campaign__in=campaigns_for_user(user)).select_related("campaign"), pk=pk
    )


@access(opens_campaigns)
@require_GET
def phase_checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the checklist of each sector in a phase."""
    phase = _phase_or_404(request.user, pk)
    sectors = checklists_of(phase)
    context = {
        "phase": phase,
        "campaign": phase.campaign,
        "sectors": [
            {"seen": seen, "may_keep": bool(seen.steps) and keeps_checklist(request.user, seen.steps[0].step).allowed}
            for seen in sectors
        ],
        "overdue": sum(sector.overdue for sector in sectors),
        "crumbs": crumbs_of(phase.campaign, _("Checklists")),
    }
    return render(request, "review/campaigning/checklist.html", context)


@access(keeps_checklist)
@require_http_methods(["GET", "HEAD", "POST"])
def checklist_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a step and, on POST, keep its day, who answers for it and whether it is done."""
    rows = ChecklistStep.objects.filter(phase__campaign__in=campaigns_for_user(request.user))
    step = get_object_or_404(rows.select_related("phase__campaign", "sector__lead"), pk=pk)
    if not keeps_checklist(request.user, step).allowed:
        raise Http404
    first = {
        "seen_version": step.version,
        "due_on": step.due_on,
        "responsible": str(step.responsible_id or ""),
        "done_on": step.done_on,
        "note": step.note,
    }
    form, problem, status = ChecklistStepForm(request.POST or None, step=step, initial=first), "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                save_checklist_step(step_id=step.pk, user=request.user, **form.given())
            except Refused as refused:
                problem, status = str(refused), 409
                if isinstance(refused, StaleStep):
                    renewed = form.data.copy()
                    renewed["seen_version"] = str(ChecklistStep.objects.get(pk=pk).version)
                    form = ChecklistStepForm(renewed, step=step)
            else:
                messages.success(request, _("Saved."))
                return redirect("phase_checklist", step.phase_id)
    context = {
        "step": step,
        "form": form,
        "problem": problem,
        "crumbs": crumbs_of(step.phase.campaign, f"{step.sector.label} · {step.get_key_display()}"),
    }
    return render(request, "review/campaigning/checklist_step.html", context, status=status)


@access(runs_campaigns)
@require_POST
def phase_launch(request: HttpRequest, pk: int) -> HttpResponse:
    """Launch a phase by hand."""
    phase = _phase_or_404(request.user, pk)
    try:
        job = start_phase(phase_id=phase.pk, user=request.user)
    except CampaignRefused as refused:
        messages.error(request, str(refused))
        return redirect("campaign", phase.campaign_id)
    return redirect("job", job.pk) if job.owner_id == request.user.pk else redirect("campaign", phase.campaign_id)


@access(runs_campaigns)
@require_http_methods(["GET", "HEAD", "POST"])
def phase_days(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the days of a phase and, on POST, move them."""
    phase = _phase_or_404(request.user, pk)
    first = {"opens_on": phase.opens_on, "due_on": phase.due_on}
    form, problem, status = PhaseDaysForm(request.POST or None, initial=first), "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                set_phase_days(phase_id=phase.pk, user=request.user, **form.cleaned_data)
            except CampaignRefused as refused:
                problem, status = str(refused), 409
            else:
                messages.success(request, _("Saved."))
                return redirect("campaign", phase.campaign_id)
    return render(
        request,
        "review/campaigning/form.html",
        {
            "title": _("Move the days of “%(name)s”") % {"name": phase.name},
            "campaign": phase.campaign,
            "form": form,
            "problem": problem,
            "button": _("Save"),
            "consequences": [
                _("Steps of its checklists that were counted back from its last day and are not done move along."),
            ],
            "crumbs": crumbs_of(phase.campaign, _("Days of a phase")),
        },
        status=status,
    )
