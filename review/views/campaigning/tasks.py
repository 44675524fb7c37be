"""Reporting tasks: the list and one task's page."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from enterprises.enums import Scale
from enterprises.models import Department, User
from review.enums import CampaignState
from review.interfaces.board_page import counted, rate_text
from review.interfaces.campaigning.log_words import log_lines
from review.interfaces.campaigning.sheets import TONES
from review.interfaces.filters import STAGE_LABELS, filings_address
from review.models import Campaign, CampaignDraft
from review.queries.campaigning.checklist import checklists_of
from review.queries.campaigning.closing import kept_figures, verifies
from review.queries.campaigning.tasks import Standing, came_and_went, campaigns_for_user, log_of, standing_of
from review.rules import opens_bulk_extension, opens_campaigns, runs_campaigns
from riskreport.ground import clock
from riskreport.ground.access import access
from riskreport.ground.models import Job
from riskreport.ground.ui.list_page import list_page


@access(opens_campaigns)
@require_GET
def campaigns(request: HttpRequest) -> HttpResponse:
    """List the reporting tasks with the figures of the person's scope, and to the city's office its drafts."""
    runs = runs_campaigns(request.user).allowed
    drafts = CampaignDraft.objects.filter(campaign=None).select_related("changed_by") if runs else []
    return list_page(
        request,
        "campaigns",
        template="review/campaigning/campaigns.html",
        lead=_("%(count)s reporting tasks; the figures are those of your area and lines."),
        runs=runs,
        drafts=list(drafts),
    )


def campaign_or_404(user: User, pk: int) -> Campaign:
    """Return a reporting task the person may open."""
    return get_object_or_404(campaigns_for_user(user).select_related("earlier"), pk=pk)


@access(opens_campaigns)
@require_GET
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a task asks, where it stands, its phases and what happened."""
    row = campaign_or_404(request.user, pk)
    stands = standing_of(request.user, row)
    came, went = came_and_went(request.user, row)
    runs = runs_campaigns(request.user).allowed
    is_open = row.state == CampaignState.OPEN
    context = {
        "campaign": row,
        "tone": TONES[row.state],
        "facts": _facts(row),
        "tiles": _tiles(row, stands),
        "stands": stands,
        "milestones": _milestones(row),
        "phases": _phases(row),
        "came": came,
        "went": went,
        "log": log_lines(log_of(row)) if runs else [],
        "closings": _closings(row, stands),
        "runs": runs,
        "may_extend": is_open and opens_bulk_extension(request.user).allowed,
        "job": _job_of(row, request.user) if row.state == CampaignState.DRAFT else None,
        "today": clock.today(),
    }
    return render(request, "review/campaigning/campaign.html", context)


def _job_of(row: Campaign, user: User) -> Job | None:
    """The job that launches it: the person's own page of it, or nothing."""
    return Job.objects.filter(kind="campaign.launch", params__campaign=row.pk, owner=user).order_by("-pk").first()


def _facts(row: Campaign) -> list[tuple[str, Any]]:
    sectors: dict[str, list[str]] = {}
    for category in row.categories.select_related("sector").order_by("code"):
        sectors.setdefault(category.sector.label, []).append(category.label)
    asked = "；".join(f"{name}（{'、'.join(names)}）" for name, names in sectors.items())
    scales = "、".join(str(Scale(code).label) for code in row.scales)
    stages = _("Two stages: written first report, review, online final report")
    if row.stages == 1:
        stages = _("One stage: the online report is filed directly and verified afterwards")
    facts: list[tuple[str, Any]] = [
        (_("Kind of reports"), row.get_kind_display()),
        (_("Who is asked"), asked),
        (_("Scales"), scales or _("Every scale")),
        (_("Stages"), stages),
        (_("Decided at level"), row.get_deciding_level_display()),
        (_("Locked after"), row.locks_on or _("Not locked")),
        (_("Short code"), row.code),
    ]
    if row.earlier:
        facts.append((_("Follows"), row.earlier.label))
    return facts


def _tiles(row: Campaign, stands: Standing) -> list[dict[str, Any]]:
    today, figures = clock.today(), stands.figures

    def linked(stage: str, number: int) -> dict[str, Any]:
        label = STAGE_LABELS[stage]
        return {
            "label": label,
            "number": counted(number, filings_address(campaign=row.code, as_of=today, stage=stage), str(label)),
        }

    return [
        linked("expected", figures.expected),
        linked("actual", figures.actual),
        linked("on_time", figures.on_time),
        {"label": _("Rate"), "number": rate_text(figures.rate)},
        {"label": _("Rate on time"), "number": rate_text(figures.rate_on_time)},
        linked("overdue", stands.overdue),
    ]


def _milestones(row: Campaign) -> list[dict[str, Any]]:
    today = clock.today()
    return [
        {"row": one, "scale": Scale(one.scale).label if one.scale else "", "is_past": one.due_on < today}
        for one in row.milestones.all()
    ]


def _phases(row: Campaign) -> list[dict[str, Any]]:
    phases = list(row.phases.all())
    named = Department.objects.in_bulk({pk for phase in phases for pk in phase.departments})
    found = []
    for phase in phases:
        seen = checklists_of(phase)
        found.append(
            {
                "phase": phase,
                "departments": [named[pk].label for pk in phase.departments if pk in named],
                "sector_names": [sector.sector.label for sector in seen] or phase.categories,
                "done": sum(sector.done for sector in seen),
                "steps": sum(len(sector.steps) for sector in seen),
                "overdue": sum(sector.overdue for sector in seen),
            }
        )
    return found


def _closings(row: Campaign, stands: Standing) -> list[dict[str, Any]]:
    """The figures of each closing beside those of today; whole figures, seen by whoever sees the whole."""
    return [
        {
            "closing": one,
            "figures": kept_figures(one),
            "overdue": json.loads(one.content)["overdue"],
            "rate": rate_text(kept_figures(one).rate),
            "rate_on_time": rate_text(kept_figures(one).rate_on_time),
            "verifies": verifies(one),
        }
        for one in row.closings.select_related("closed_by", "reopened_by")
    ]


def crumbs_of(row: Campaign, here: str = "") -> list[tuple[str, str]]:
    """Return the way to a page of a task."""
    crumbs = [(_("Reporting tasks"), reverse("campaigns")), (row.label, reverse("campaign", args=[row.pk]))]
    return [*crumbs, (here, "")] if here else crumbs
