"""What the pages of one report share: the report found within the person's scope, and what it says now."""

import json
import uuid
from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from review import rules
from review.checks.differences import risk_part
from review.checks.judging import problems
from review.checks.registry import Problem, Severity
from review.domain.context import check_context
from review.domain.workflow import may_edit
from review.enums import AttachmentKind, FilingState
from review.interfaces.filing_steps import Found, Step, found_in, neighbours, steps_of
from review.models import Filing
from review.queries import filing_pages
from review.queries.content import check_code, filing_content
from review.queries.status import tone_of, whose_turn
from riskreport.ground.access import Answer, access
from risks.queries.catalogues import ItemGroup, category_codes_of, item_groups_for


class FilingPage:
    """One report as a page sees it. What costs a query is asked once, when it is first needed."""

    def __init__(self, request: HttpRequest, filing_id: int) -> None:
        self.request, self.user = request, request.user
        filing = filing_pages.filings_to_open(request.user).filter(pk=filing_id).first()
        if filing is None:
            raise Http404
        self.filing: Filing = filing
        if request.user.enterprise_id == filing.enterprise_id:
            request.user.enterprise = filing.enterprise  # the bar names it: no second query

    @cached_property
    def editing(self) -> Answer:
        """Whether the person may change the content now, and why not."""
        return may_edit(self.user, self.filing)

    @cached_property
    def groups(self) -> list[ItemGroup]:
        """The pages of the self-check."""
        filing = self.filing
        further = category_codes_of(filing.enterprise)[1:] if filing.has_further_categories else []
        return item_groups_for([filing.category_id, *further], filing.catalogue_versions)

    @cached_property
    def content(self) -> dict[str, Any]:
        """What the report says now."""
        return filing_content(self.filing)

    @cached_property
    def problems(self) -> list[Problem]:
        """What the checks find in it."""
        return problems(self.content, check_context(self.filing, self.groups, stamped_wanted=self.stamped_wanted))

    @cached_property
    def found(self) -> list[Found]:
        """The same with the addresses where each is mended."""
        return found_in(self.filing, self.problems)

    @property
    def blocking(self) -> list[Found]:
        """What stands in the way of submitting."""
        return [row for row in self.found if row.severity == Severity.BLOCKS]

    def steps(self, current: str = "") -> list[Step]:
        """Return the steps with what is open in each."""
        return steps_of(self.filing, self.groups, self.content, self.problems, current)

    @cached_property
    def approved(self) -> dict | None:
        """The content that was approved, while the final report is due; else None."""
        if self.filing.state != FilingState.APPROVED:
            return None
        snapshot = filing_pages.approved_snapshot(self.filing)
        return json.loads(snapshot.content) if snapshot else None

    @property
    def risks_changed(self) -> bool:
        """Whether an approved report's risks or answers differ from what was approved."""
        return self.approved is not None and risk_part(self.approved) != risk_part(self.content)

    @property
    def stamped_wanted(self) -> bool:
        """Whether what is handed in next is a first report, printed from here and stamped."""
        filing = self.filing
        reviewed = filing.state != FilingState.APPROVED or self.risks_changed
        return filing.campaign.stages == 2 and not filing.is_paper and reviewed

    @property
    def has_scan(self) -> bool:
        """Whether a stamped scan is attached."""
        return any(row["kind"] == AttachmentKind.STAMPED for row in self.content["attachments"])

    @property
    def check_code(self) -> str:
        """The code that a paper printed now bears."""
        return check_code(self.content)

    def forget(self) -> None:
        """Drop what was read before a write, so that the page shows what stands now."""
        for name in ("content", "problems", "found"):
            self.__dict__.pop(name, None)
        getattr(self.filing, "_prefetched_objects_cache", {}).clear()

    def context(self, current: str = "", **extra: Any) -> dict[str, Any]:
        """Return what the frame of every page of a report takes."""
        filing = self.filing
        return {
            "filing": filing,
            "page": self,
            "turn": whose_turn(filing),
            "tone": tone_of(filing.state),
            "may_edit": self.editing.allowed,
            "is_approved": filing.state == FilingState.APPROVED,
            "crumbs": self.crumbs(extra.pop("here", "")),
            "key": uuid.uuid4(),
            "current": current,
            **extra,
        }

    def section_context(self, current: str, **extra: Any) -> dict[str, Any]:
        """Return the context of a section's page: the frame, the steps, the one before and the one after."""
        steps = self.steps(current)
        before, after = neighbours(steps, current)
        here = extra.pop("here", "") or next((step.label for step in steps if step.current), "")
        number = next((place for place, step in enumerate(steps, 1) if step.current), 1)
        return self.context(
            current,
            steps=steps,
            before=before,
            after=after,
            here=here,
            title=here,
            step_label=here,
            number=number,
            **extra,
        )

    def crumbs(self, here: str) -> list[tuple[str, str]]:
        """Return the way to the page."""
        filing = self.filing
        named = filing.enterprise.name if self.user.enterprise_id is None else filing.campaign.label
        crumbs = [(_("Reports"), reverse("filings")), (named, reverse("filing", args=[filing.pk]))]
        return [*crumbs, (here, "")] if here else crumbs


def filing_view(view: Callable) -> Callable:
    """Wrap a view of one report: opened by the rule of reading, given a FilingPage, never kept by a cache."""

    @access(rules.opens_filings)
    @wraps(view)
    def opened(request: HttpRequest, filing_id: int, **kwargs: Any) -> HttpResponse:
        response = view(request, FilingPage(request, filing_id), **kwargs)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    return opened


def refusal(page: FilingPage, reason: str, *, status: int = 409, **extra: Any) -> HttpResponse:
    """Return the page that says why a step is not possible now and whose turn it is."""
    context = page.context(here=_("Not possible now"), reason=reason, **extra)
    return render(page.request, "review/filing/refused.html", context, status=status)


__all__ = ["FilingPage", "filing_view", "refusal"]
