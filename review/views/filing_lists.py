"""The pages of a report that list: its risks, their measures and people, the files attached."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from review.checks.registry import Severity
from review.domain.attachments import may_attach, may_remove
from review.enums import AttachmentKind
from review.interfaces.filing_steps import ATTACHMENTS, MEASURES, PEOPLE, RISKS, part_of, risk_url
from review.interfaces.risk_form import PersonForm, rank_names
from review.queries import filing_pages
from review.views.filing_common import FilingPage
from risks.enums import LARGER_AND_ABOVE

PART_SHOWN = {"risks": "description", MEASURES: "measures", PEOPLE: "person"}


def show_risks(page: FilingPage, key: str, *, status: int = 200, **extra: Any) -> HttpResponse:
    """Render the list of risks as its section reads it: levels, measures, or people."""
    asked = filing_pages.open_remarks(page.filing, RISKS)  # the desk pins to the risks as one, whichever list it means
    context = page.section_context(key, rows=_rows(page, key), remarks_here=asked, **extra)
    context["after_url"] = context["after"].url
    context["counted"] = sum(row["risk"]["level"] in LARGER_AND_ABOVE for row in context["rows"])
    if key == PEOPLE:
        context["versions"] = filing_pages.versions_of_risks(page.filing)
        context["unnamed"] = sum(not row["risk"]["responsible_name"] for row in context["rows"])
        context.setdefault("form", PersonForm(category=page.filing.category))
        for row in context["rows"]:
            row["id"], row["version"] = context["versions"].get(row["risk"]["lineage"], (0, 0))
    template = {MEASURES: "measures_list", PEOPLE: "people"}.get(key, "risks")
    return render(page.request, f"review/filing/{template}.html", context, status=status)


def _rows(page: FilingPage, key: str) -> list[dict[str, Any]]:
    ranks = rank_names(page.filing.category)
    rows = []
    for risk in page.content["risks"]:
        lineage = risk["lineage"]
        open_here = [
            problem
            for problem in page.problems
            if problem.lineage == lineage and problem.section == key and problem.severity == Severity.BLOCKS
        ]
        part = part_of(open_here[0]) if open_here else PART_SHOWN[key]
        rows.append(
            {
                "risk": risk,
                "url": risk_url(page.filing, lineage, part),
                "problems": [problem.message for problem in open_here],
                "rank": ranks.get(risk["rank"], ""),
                "measures": sum(len(texts) for texts in (risk["measures"] or {}).values()),
                "withdraw_url": "" if risk["item"] else reverse("filing_risk_withdraw", args=[page.filing.pk, lineage]),
            }
        )
    return rows


def show_attachments(page: FilingPage, *, status: int = 200, **extra: Any) -> HttpResponse:
    """Render what is attached, with the form to attach more for who may."""
    filing, user = page.filing, page.user
    kinds = [kind for kind in AttachmentKind if may_attach(user, filing, kind).allowed]
    files = filing_pages.attachments_of(filing)
    shown = {
        "files": [(row, may_remove(user, filing, row).allowed) for row in files],
        "kinds": [(kind.value, kind.label) for kind in kinds],
        **extra,
    }
    if page.editing.allowed:
        asked = filing_pages.open_remarks(filing, ATTACHMENTS)
        context = page.section_context(ATTACHMENTS, remarks_here=asked, **shown)
    else:
        context = page.context(ATTACHMENTS, here=_("Attachments"), title=_("Attachments"), **shown)
    context["after_url"] = reverse("filing_check", args=[filing.pk])
    return render(page.request, "review/filing/attachments.html", context, status=status)
