"""The steps of writing a report: what is done, what is open, and where each problem is mended."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from review.checks.registry import Problem, Severity
from review.interfaces.risk_form import PART_OF_FIELD
from review.models import Filing
from risks.queries.catalogues import ItemGroup

RISKS, MEASURES, PEOPLE, ATTACHMENTS = "risks", "measures", "people", "attachments"
RISK_SECTIONS = (RISKS, MEASURES, PEOPLE)


@dataclass
class Step:
    """One step: ``state`` is done, open (something is missing), optional (nothing wanted) or later."""

    key: str
    label: str
    url: str
    state: str = "open"
    problems: int = 0
    said: str = ""
    by: str = ""
    at: dt.datetime | None = None
    current: bool = False


@dataclass(frozen=True)
class Found:
    """A problem with the words and the address where it is mended."""

    text: str
    url: str
    severity: str
    section: str
    lineage: str
    field: str = field(default="")


def section_url(filing: Filing, key: str) -> str:
    """Return the address of a section's page."""
    return reverse("filing_section", args=[filing.pk, key])


def risk_url(filing: Filing, lineage: str, part: str = "description") -> str:
    """Return the address of one part of a risk."""
    return reverse("filing_risk", args=[filing.pk, lineage, part])


def part_of(problem: Problem) -> str:
    """Return the part of a risk's page on which a problem is mended."""
    return PART_OF_FIELD.get(problem.field, "description")


def field_of(problem: Problem) -> str:
    """Return the name of the form field a problem points to, or an empty string."""
    if problem.section.startswith("check-"):
        return f"answer-{problem.field}"
    named = {"assessment": "method", "level": "method", "measures": "engineering"}
    return named.get(problem.field, problem.field)


def place_of(filing: Filing, problem: Problem) -> str:
    """Return the address of the field that a problem points to."""
    mark = f"#id_{field_of(problem)}" if problem.field else ""
    if problem.lineage:
        return risk_url(filing, problem.lineage, part_of(problem)) + mark
    return section_url(filing, problem.section) + mark


def found_in(filing: Filing, problems: Iterable[Problem]) -> list[Found]:
    """Return the problems with their addresses."""
    return [
        Found(row.message, place_of(filing, row), row.severity, row.section, row.lineage, field_of(row))
        for row in problems
    ]


def steps_of(
    filing: Filing, groups: list[ItemGroup], content: dict, problems: Iterable[Problem], current: str = ""
) -> list[Step]:
    """Return the steps in their order, with what is open in each."""
    blocking = [row for row in problems if row.severity == Severity.BLOCKS]
    steps = [Step("basic", _("Basic information"), section_url(filing, "basic"))]
    steps += [Step(page.section_key, _group_label(page), section_url(filing, page.section_key)) for page in groups]
    steps += [
        Step(RISKS, _("Risks and levels"), section_url(filing, RISKS)),
        Step(MEASURES, _("Control measures"), section_url(filing, MEASURES)),
        Step(PEOPLE, _("Responsible persons"), section_url(filing, PEOPLE)),
        Step(ATTACHMENTS, _("Attachments"), section_url(filing, ATTACHMENTS)),
    ]
    counts = {step.key: sum(row.section == step.key for row in blocking) for step in steps}
    saved = {row.key: row for row in filing.sections.all()}
    for step in steps:
        step.problems, step.current = counts[step.key], step.key == current
        row = saved.get(step.key)
        if row is not None:
            step.by, step.at = row.updated_by.name if row.updated_by else "", row.updated_at
        step.state = _state(step, content, started=row is not None)
        step.said = _said(step, content, groups)
    return steps


def _group_label(page: ItemGroup) -> str:
    return _("Self-check: %(name)s") % {"name": page.name}


def _state(step: Step, content: dict, *, started: bool) -> str:
    if step.problems:
        return "open"
    if step.key == ATTACHMENTS and not content["attachments"]:
        return "optional"
    if step.key in RISK_SECTIONS:
        return "done" if content["risks"] or content["answers"] else "open"
    return "done" if started or step.key == ATTACHMENTS else "open"


def _said(step: Step, content: dict, groups: list[ItemGroup]) -> str:
    """Return the short word beside a step: how far it is."""
    page = next((page for page in groups if page.section_key == step.key), None)
    if page is not None:
        answers = content["answers"].get(step.key, {})
        done = sum(bool(answers.get(item.code, {}).get("answer")) for item in page.items)
        return _("%(done)s of %(all)s answered") % {"done": done, "all": len(page.items)}
    if step.key == ATTACHMENTS:
        return _("%(count)s files") % {"count": len(content["attachments"])}
    if step.problems:
        return _("%(count)s points open") % {"count": step.problems}
    if step.key == RISKS:
        return _("%(count)s risks") % {"count": len(content["risks"])}
    return _("Complete") if step.state == "done" else _("Not begun")


def neighbours(steps: list[Step], key: str) -> tuple[Step | None, Step | None]:
    """Return the step before and the step after."""
    index = next((place for place, step in enumerate(steps) if step.key == key), 0)
    return (steps[index - 1] if index else None, steps[index + 1] if index + 1 < len(steps) else None)
