"""The register of letters, what the rules propose, and what those stand on."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from enterprises.models import Department
from enterprises.queries.preparation import departments_readable_by
from review.domain.letters.drafting import dismiss_proposal
from review.domain.letters.proposals import Proposal, proposals_for
from review.domain.letters.setting import set_mark, set_standard
from review.enums import CampaignState, LetterKind
from review.interfaces.letters.forms import DismissForm, MarkForm, StandardForm
from review.interfaces.letters.sheet import TONES
from review.models import Campaign
from review.queries.board import campaigns_to_show
from review.queries.completion import percent
from review.queries.letters.scope import letters_for_user, letters_to_check, with_all
from review.queries.letters.standards import mark_of, standards
from review.rules import may_remind, opens_letters, sets_letter_standards, writes_letters
from riskreport.ground import clock
from riskreport.ground.access import Refused, access
from riskreport.ground.ui.list_page import list_page

PANEL = 10


@access(opens_letters)
@require_GET
def follow_ups(request: HttpRequest) -> HttpResponse:
    """List the letters that the person may open, the latest first."""
    writes = writes_letters(request.user).allowed
    return list_page(
        request,
        "follow_ups",
        template="review/letters/register.html",
        lead=_("%(count)s letters that you may read."),
        writes=writes,
        reminds=may_remind(request.user).allowed,
        to_check=letters_to_check(request.user).count() if writes else 0,
    )


@access(writes_letters)
@require_GET
def proposals(request: HttpRequest) -> HttpResponse:
    """Show which letters the rules propose in a task, each with what it stands on."""
    return _proposals(request)


def _proposals(request: HttpRequest, form: DismissForm | None = None, *, status: int = 200) -> HttpResponse:
    campaigns = [row for row in campaigns_to_show() if row.state == CampaignState.OPEN]
    code = form.data.get("campaign", "") if form else request.GET.get("campaign", "")
    campaign = next((row for row in campaigns if row.code == code), None if code else (campaigns or [None])[0])
    if code and campaign is None:
        raise Http404(_("There is no such reporting task."))
    context: dict[str, Any] = {"campaigns": campaigns, "campaign": campaign, "form": form, "today": clock.today()}
    if campaign is not None:
        found = proposals_for(request.user, campaign, clock.today())
        context |= {
            "groups": [_row(one, campaign) for one in found.groups],
            "units": [_row(one, campaign) for one in found.units],
            "units_more": found.units_more,
            "dismissed": found.dismissed,
            "overdue_url": f"{reverse('filings')}?{urlencode({'campaign': campaign.code, 'stage': 'overdue'})}",
        }
    context["has_mark"] = bool(mark_of(request.user.department_id))
    return render(request, "review/letters/proposals.html", context, status=status)


def _row(one: Proposal, campaign: Campaign) -> dict[str, Any]:
    asked = {"campaign": campaign.code, "kind": one.kind.value, "subject": one.behind.subject}
    return {
        "proposal": one,
        "kind": one.kind.label,
        "rate": f"{percent(one.behind.figures.rate)} %",
        "can_write": one.behind.answerer is not None or one.behind.subject.startswith("enterprise"),
        "asked": asked,
        "new_url": f"{reverse('follow_up_new')}?{urlencode(asked)}",
    }


@access(writes_letters)
@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    """Note why a proposed letter is not written."""
    form = DismissForm(request.POST)
    if not form.is_valid():
        return _proposals(request, form, status=422)
    given = form.cleaned_data
    campaign = get_object_or_404(Campaign, code=given["campaign"])
    try:
        row = dismiss_proposal(
            user=request.user, kind=given["kind"], campaign=campaign, subject=given["subject"], reason=given["reason"]
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _proposals(request, form, status=409)
    messages.success(request, _("Noted. It is not proposed again until %(day)s.") % {"day": row.until})
    return redirect(f"{reverse('follow_up_proposals')}?{urlencode({'campaign': campaign.code})}")


@access(writes_letters)
@require_GET
def letter_standards(request: HttpRequest) -> HttpResponse:
    """Show what each kind stands on, and the mark of the person's office."""
    return _standards(request)


def _standards(request: HttpRequest, form: MarkForm | None = None, *, status: int = 200) -> HttpResponse:
    context = {
        "standards": list(standards().values()),
        "sets": sets_letter_standards(request.user).allowed,
        "form": form or MarkForm(initial={"mark": mark_of(request.user.department_id)}),
        "wrong": form,
        "crumbs": [(_("Follow-up letters"), reverse("follow_ups")), (_("Standards"), "")],
    }
    return render(request, "review/letters/standards.html", context, status=status)


@access(writes_letters)
@require_POST
def letter_mark(request: HttpRequest) -> HttpResponse:
    """Set the mark that the numbers of the person's office begin with."""
    form = MarkForm(request.POST)
    if form.is_valid():
        try:
            set_mark(user=request.user, mark=form.cleaned_data["mark"])
        except Refused as refusal:
            form.add_error("mark", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("follow_up_standards")
    return _standards(request, form, status=422)


@access(sets_letter_standards)
@require_http_methods(["GET", "HEAD", "POST"])
def letter_standard(request: HttpRequest, kind: str) -> HttpResponse:
    """Set thresholds and text of one kind."""
    if kind not in LetterKind.values:
        raise Http404
    form = StandardForm(request.POST) if request.method == "POST" else StandardForm.of(standards()[LetterKind(kind)])
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        seen = values.pop("seen_version")
        try:
            set_standard(kind=kind, user=request.user, seen_version=seen, values=values)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. It holds for letters drafted from now on."))
            return redirect("follow_up_standards")
    context = {
        "form": form,
        "kind": LetterKind(kind).label,
        "crumbs": [(_("Standards"), reverse("follow_up_standards")), (LetterKind(kind).label, "")],
    }
    return render(request, "review/letters/standard.html", context, status=422 if form.is_bound else 200)


@access(opens_letters)
@require_GET
def department_letters(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the letters to one department, as a panel of its page."""
    rows = departments_readable_by(request.user) | Department.objects.filter(pk=request.user.department_id)
    office = get_object_or_404(rows, pk=pk)
    letters = with_all(letters_for_user(request.user).filter(answerer=office)).order_by("-issued_at", "-id")[:PANEL]
    context = {"letters": [(row, TONES[row.state]) for row in letters], "department": office}
    return render(request, "review/letters/_panel.html", context)
