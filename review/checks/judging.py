"""Judging a content by every check there is."""

from review.checks import basic, risks, selfcheck
from review.checks.registry import CHECKS, CheckContext, Problem, Severity

MODULES = (selfcheck, risks, basic)  # imported so that their checks are registered


def problems(content: dict, context: CheckContext) -> list[Problem]:
    """Return everything the checks find, in the order of the checks."""
    return [
        Problem(known.id, known.severity, str(message), section, name, lineage)
        for known in CHECKS
        for message, section, name, lineage in known.run(content, context)
    ]


def blocking(content: dict, context: CheckContext) -> list[Problem]:
    """Return the problems that stand in the way of submitting."""
    return [problem for problem in problems(content, context) if problem.severity == Severity.BLOCKS]
