"""How far the checklists of a phase are: what the system sees by itself, and what a person has ticked."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from enterprises.models import Category, DepartmentStep, Sector
from review.enums import ChecklistKey, FilingKind, FilingState
from review.models import ChecklistStep, Filing, Phase
from review.queries.completion import expected_q, filed_q
from riskreport.ground import clock
from risks.enums import CatalogueState
from risks.models import CatalogueItem

REVIEWED = (FilingState.RETURNED, FilingState.APPROVED, FilingState.FILED, FilingState.SUPPLEMENT_OPEN)


@dataclass(frozen=True)
class Evidence:
    """What the system sees of a step: so many of how many. It is done when all are, and there are any."""

    done: int
    total: int

    @property
    def is_done(self) -> bool:
        """Whether nothing is missing."""
        return self.total > 0 and self.done >= self.total


@dataclass(frozen=True)
class StepSeen:
    """A step with its evidence, None where only a person can say it."""

    step: ChecklistStep
    evidence: Evidence | None
    today: dt.date

    @property
    def is_done(self) -> bool:
        """Whether a person ticked it or the evidence is whole."""
        return self.step.done_on is not None or (self.evidence is not None and self.evidence.is_done)

    @property
    def is_overdue(self) -> bool:
        """Whether its day is past and it is not done."""
        return not self.is_done and self.step.due_on < self.today


@dataclass(frozen=True)
class SectorSeen:
    """A sector's checklist in a phase, and how far its lead department is with its own steps."""

    sector: Sector
    steps: list[StepSeen]
    own_done: int
    own_count: int

    @property
    def overdue(self) -> int:
        """How many steps are overdue."""
        return sum(step.is_overdue for step in self.steps)

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.is_done for step in self.steps)


def checklists_of(phase: Phase) -> list[SectorSeen]:
    """Return the checklist of each sector in a phase. Six queries, however many sectors."""
    today = clock.today()
    rows = list(phase.steps.select_related("sector__lead", "responsible__department", "done_by"))
    sectors = {row.sector_id: row.sector for row in rows}
    filings, catalogues = _reports_by_sector(phase, today), _catalogues_by_sector(phase)
    own = _own_steps([sector.lead_id for sector in sectors.values()])
    found = []
    for code, sector in sorted(sectors.items()):
        steps = [
            StepSeen(row, _evidence(row.key, filings.get(code), catalogues.get(code)), today)
            for row in sorted((row for row in rows if row.sector_id == code), key=_place)
        ]
        found.append(SectorSeen(sector, steps, *own.get(sector.lead_id, (0, 0))))
    return found


def _place(row: ChecklistStep) -> int:
    return list(ChecklistKey.values).index(row.key)


def _evidence(key: str, reports: dict[str, int] | None, catalogue: Evidence | None) -> Evidence | None:
    if key == ChecklistKey.CATALOGUE:
        return catalogue
    if reports is None or key not in reports:
        return None
    return Evidence(reports[key], reports["expected"])


def _reports_by_sector(phase: Phase, today: dt.date) -> dict[str, dict[str, int]]:
    """Return sector → counts of the reports of this phase: expected today, handed in, reviewed, filed."""
    rows = Filing.objects.filter(expected_q(today), campaign=phase.campaign_id, kind=FilingKind.OBLIGATION)
    if phase.categories:
        rows = rows.filter(category__in=phase.categories)
    if phase.departments:
        rows = rows.filter(department__in=phase.departments)
    earlier = list(Phase.objects.filter(campaign=phase.campaign_id, order__lt=phase.order))
    for one in earlier:
        taken = Q()
        if one.categories:
            taken &= Q(category__in=one.categories)
        if one.departments:
            taken &= Q(department__in=one.departments)
        rows = rows.exclude(taken) if taken else rows.none()
    filed = filed_q(today)
    counted = (
        rows.order_by()
        .values("category__sector_id")
        .annotate(
            n=Count("*"),
            drafts=Count("pk", filter=filed | Q(submitted_at__isnull=False)),
            review=Count("pk", filter=filed | Q(state__in=REVIEWED)),
            final=Count("pk", filter=filed),
        )
    )
    return {
        row["category__sector_id"]: {
            "expected": row["n"],
            ChecklistKey.DRAFTS.value: row["drafts"],
            ChecklistKey.REVIEW.value: row["review"],
            ChecklistKey.FINAL.value: row["final"],
        }
        for row in counted
    }


def _catalogues_by_sector(phase: Phase) -> dict[str, Evidence]:
    """Return sector → how many of its categories in the phase a published catalogue speaks of."""
    categories = Category.objects.filter(campaigns=phase.campaign_id)
    if phase.categories:
        categories = categories.filter(code__in=phase.categories)
    asked = dict(categories.values_list("code", "sector_id"))
    published = CatalogueItem.objects.filter(catalogue__state=CatalogueState.PUBLISHED, categories__in=list(asked))
    covered = set(published.order_by().values_list("categories", flat=True).distinct()) & set(asked)
    found: dict[str, list[int]] = {}
    for code, sector in asked.items():
        counts = found.setdefault(sector, [0, 0])
        counts[0] += code in covered
        counts[1] += 1
    return {sector: Evidence(*counts) for sector, counts in found.items()}


def _own_steps(lines: list[str]) -> dict[str, tuple[int, int]]:
    """Return line → done and all steps of the city's bureau's own method (DepartmentStep)."""
    rows = DepartmentStep.objects.filter(department__level="city", department__line__in=lines).order_by()
    counted = rows.values_list("department__line").annotate(
        n_done=Count("pk", filter=Q(done_on__isnull=False)), n=Count("*")
    )
    return {line: (done, count) for line, done, count in counted}
