"""The whole report on one page before it is handed in: what it says, what is missing, where to change it."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from enterprises.rules import may_read_phones
from review.checks.registry import Severity
from review.domain.workflow import moves_for
from review.enums import Action
from review.interfaces.filing_steps import RISKS, Found, Step, risk_url, section_url
from review.interfaces.snapshot_page import build_page
from review.queries import filing_pages
from review.queries.words import words_of
from review.views.filing_common import FilingPage, filing_view, refusal


@filing_view
@require_safe
def check_answers(request: HttpRequest, page: FilingPage) -> HttpResponse:
    """Show everything on one page; others than the writer see what was handed in last."""
    is_own = page.editing.allowed or request.user.enterprise_id == page.filing.enterprise_id
    content = page.content if is_own else _last_content(page)
    if content is None:
        return refusal(page, _("Nothing has been handed in yet, so there is nothing to read here."), status=200)
    show_phones = may_read_phones(request.user).allowed
    blocks = build_page(content, words_of(content), before=page.approved, show_phones=show_phones)
    if page.editing.allowed:
        context = page.section_context("check", here=_("Check and hand in"))
    else:
        context = page.context(here=_("Content of the report"))
    context |= {
        "blocks": [(block, section_url(page.filing, block.key)) for block in blocks],
        "risk_urls": {row["lineage"]: risk_url(page.filing, row["lineage"]) for row in content["risks"]},
        "risks_key": RISKS,
        "blocking": _in_order_of_steps(page, context.get("steps", [])),
        "to_confirm": [row for row in page.found if row.severity == Severity.CONFIRM] if page.editing.allowed else [],
        "next_url": _next_url(page),
        "next_label": _next_label(page),
        "changed_blocks": [block for block in blocks if block.changes],
    }
    return render(request, "review/filing/check.html", context)


def _in_order_of_steps(page: FilingPage, steps: list[Step]) -> list[Found]:
    """Return what stands in the way in the order in which the report is written; nothing for a mere reader."""
    place = {step.key: number for number, step in enumerate(steps)}
    return sorted(page.blocking, key=lambda row: place.get(row.section, len(place))) if page.editing.allowed else []


def _last_content(page: FilingPage) -> dict | None:
    snapshot = filing_pages.snapshot_of(page.filing)
    return json.loads(snapshot.content) if snapshot else None


def last_move(page: FilingPage) -> Action | None:
    """Return the step that ends the writing now: submit, or file; an approved report with other risks is submitted."""
    open_now = {move.action for move in moves_for(page.user, page.filing)}
    if {Action.SUBMIT, Action.FILE} <= open_now:
        return Action.SUBMIT if page.risks_changed else Action.FILE
    return next((action for action in (Action.SUBMIT, Action.FILE) if action in open_now), None)


def _next_url(page: FilingPage) -> str:
    return reverse("filing_undertaking", args=[page.filing.pk]) if page.editing.allowed and last_move(page) else ""


def _next_label(page: FilingPage) -> str:
    if not page.editing.allowed:
        return ""
    labels = {
        Action.SUBMIT: _("Go on: undertaking and handing in"),
        Action.FILE: _("Go on: certify and file"),
    }
    return labels.get(last_move(page), "")
