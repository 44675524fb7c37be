"""The parts a report is written in: whatever table keeps one, it is shown, saved and compared in the same way."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from review.checks.registry import Problem
from review.domain.sections import ContentConflict, save_risk, save_section
from review.interfaces.basic_form import BasicForm
from review.interfaces.filing_steps import part_of, risk_url, section_url
from review.interfaces.level_form import LevelBasis, LevelForm
from review.interfaces.risk_form import PART_LABELS, PARTS, SECTION_OF_PART, DescriptionForm, MeasuresForm, PersonForm
from review.interfaces.selfcheck_form import SelfCheckForm
from review.models import DeclaredRisk
from review.queries import filing_pages
from review.queries.content import canonical
from review.views.filing_common import FilingPage
from riskreport.ground.ui.draft_form import DraftForm

BASIC = "basic"
TRANSPORT = "transport"


class Part(ABC):
    """A part of a report written on one page and saved in one go. ``stored`` and ``version`` are what stands now."""

    template = ""
    section = ""
    draft = ""
    title = ""

    def __init__(self, page: FilingPage, stored: dict[str, Any], version: int) -> None:
        self.page, self.stored, self.version = page, stored, version

    @abstractmethod
    def form(self, data: Any = None) -> DraftForm:
        """Return the form, bound to ``data`` or showing what is stored."""

    @abstractmethod
    def write(self, values: dict[str, Any], seen: int) -> int:
        """Save and return the new version. Raises ContentConflict, Refused."""

    @abstractmethod
    def is_mine(self, problem: Problem) -> bool:
        """Whether a problem is mended in this part."""

    @property
    def url(self) -> str:
        """The address of the part's page."""
        return section_url(self.page.filing, self.section)

    @property
    def base(self) -> str:
        """A short digest of what is stored, by which a save can tell whether this very part was changed meanwhile."""
        return hashlib.sha256(canonical(self.form().flat_of(self.stored)).encode()).hexdigest()[:16]

    def save(self, values: dict[str, Any], seen: int, base: str) -> None:
        """Save; when only another part of the same row was changed meanwhile, on top of that. Raises as ``write``."""
        try:
            self.version = self.write(values, seen)
        except ContentConflict as clash:
            self.stored, self.version = clash.theirs, clash.version
            if not base or self.base != base:
                raise
            self.version = self.write(values, clash.version)
        self.stored = values


class SectionPart(Part):
    """Basic information, or one page of the self-check."""

    def __init__(self, page: FilingPage, key: str) -> None:
        self.group = next((group for group in page.groups if group.section_key == key), None)
        if key != BASIC and self.group is None:
            raise Http404
        row = next((row for row in page.filing.sections.all() if row.key == key), None)
        super().__init__(page, row.data if row else {}, row.version if row else 0)
        self.section, self.draft = key, f"section:{key}"
        self.template = "review/filing/selfcheck.html" if self.group else "review/filing/basic.html"

    def form(self, data: Any = None) -> DraftForm:
        """Return the section's form."""
        if self.group is not None:
            return SelfCheckForm(data, page=self.group, stored=self.stored)
        return BasicForm(data, stored=self.stored)

    def write(self, values: dict[str, Any], seen: int) -> int:
        """Save the section."""
        page = self.page
        row = save_section(filing_id=page.filing.pk, key=self.section, data=values, user=page.user, seen_version=seen)
        return row.version

    def is_mine(self, problem: Problem) -> bool:
        """Whether it lies in this section."""
        return problem.section == self.section


class RiskPart(Part):
    """One part of a declared risk: description, level, measures or person."""

    def __init__(self, page: FilingPage, lineage: UUID, name: str) -> None:
        risk = filing_pages.risk_of(page.filing, lineage) if name in PARTS else None
        if risk is None:
            raise Http404
        self.risk: DeclaredRisk = risk
        self.name, self.section = name, SECTION_OF_PART[name]
        super().__init__(page, {}, risk.version)
        self.stored = {column: getattr(risk, column) for column in COLUMNS[name]}
        self.draft = f"risk:{lineage}:{name}"
        self.template = f"review/filing/risk_{name}.html"
        self.title = str(PART_LABELS[name])
        self._make: Callable[..., DraftForm] | None = None

    @property
    def url(self) -> str:
        """The address of the part's page."""
        return risk_url(self.page.filing, str(self.risk.lineage), self.name)

    def form(self, data: Any = None) -> DraftForm:
        """Return the part's form; what it needs beside the risk is asked once."""
        if self._make is None:
            self._make = FORM_MAKERS[self.name](self)
        return self._make(data, stored=self.stored)

    def write(self, values: dict[str, Any], seen: int) -> int:
        """Save the columns of this part."""
        page = self.page
        row = save_risk(
            filing_id=page.filing.pk, user=page.user, values=values, risk_id=self.risk.pk, seen_version=seen
        )
        return row.version

    def is_mine(self, problem: Problem) -> bool:
        """Whether it is this risk's and mended in this part."""
        return problem.lineage == str(self.risk.lineage) and part_of(problem) == self.name

    def tabs(self) -> list[dict[str, Any]]:
        """Return the parts of this risk as the page's tabs."""
        lineage = str(self.risk.lineage)
        return [
            {
                "label": PART_LABELS[name],
                "url": risk_url(self.page.filing, lineage, name),
                "is_current": name == self.name,
                "problems": sum(row.lineage == lineage and part_of(row) == name for row in self.page.problems),
            }
            for name in PARTS
        ]

    def after(self) -> tuple[str, str]:
        """Return where one goes on and what that is called: the next part, or the same of the next risk."""
        filing, lineages = self.page.filing, [row["lineage"] for row in self.page.content["risks"]]
        if self.name == "description":
            return risk_url(filing, str(self.risk.lineage), "level"), str(PART_LABELS["level"])
        place = lineages.index(str(self.risk.lineage)) if str(self.risk.lineage) in lineages else len(lineages)
        if place + 1 < len(lineages):
            first = "description" if self.name == "level" else self.name
            return risk_url(filing, lineages[place + 1], first), _("Next risk")
        return section_url(filing, self.section), _("Back to the list")


COLUMNS = {
    "description": ("name", "point", "place", "accident_type_id", "consequence"),
    "level": ("method", "assessment", "level", "lower_reason"),
    "measures": ("measures",),
    "person": PersonForm.COLUMNS,
}


def _description(part: RiskPart) -> Callable[..., DraftForm]:
    types = filing_pages.accident_types()
    return lambda data, stored: DescriptionForm(data, types=types, stored=stored)


def _level(part: RiskPart) -> Callable[..., DraftForm]:
    is_transport = part.page.filing.category.lead_id == TRANSPORT
    basis = LevelBasis.of(part.risk, filing_pages.default_presets(), offers_lc=is_transport)
    return lambda data, stored: LevelForm(data, basis=basis, stored=stored)


def _measures(part: RiskPart) -> Callable[..., DraftForm]:
    return lambda data, stored: MeasuresForm(data, stored=stored)


def _person(part: RiskPart) -> Callable[..., DraftForm]:
    category = part.page.filing.category
    return lambda data, stored: PersonForm(data, category=category, stored=stored)


FORM_MAKERS = {"description": _description, "level": _level, "measures": _measures, "person": _person}


def part_named(page: FilingPage, draft: str) -> Part:
    """Return the part a draft's name speaks of: ``section:<key>`` or ``risk:<lineage>:<part>``. Raises Http404."""
    kind, _colon, rest = draft.partition(":")
    if kind == "section":
        return SectionPart(page, rest)
    lineage, _colon, name = rest.partition(":")
    try:
        return RiskPart(page, UUID(lineage), name)
    except ValueError as error:
        raise Http404 from error
