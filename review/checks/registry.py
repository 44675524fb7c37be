"""The registry of content checks.

One check is one pure function over a content and its context. The same registry drives the checklist on screen, the
gate before submitting and filing, and the printed list of rules.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Severity(models.TextChoices):
    BLOCKS = "blocks", _("Must be mended")
    CONFIRM = "confirm", _("Please confirm")
    INFORMATION = "information", _("For information")


@dataclass(frozen=True)
class Problem:
    """One finding: where it is, and a sentence that says what was found, what is wanted, and an example."""

    check: str
    severity: Severity
    message: str
    section: str
    field: str = ""
    lineage: str = ""


@dataclass(frozen=True)
class CheckContext:
    """What a check needs to know beside the content, as plain values.

    ``items``: section key → item code → {"name", "level", "may_be_lowered"}; ``stages`` of the campaign; ``is_paper``;
    ``stamped_wanted``: this is a first report that is printed from here and stamped.
    """

    items: dict[str, dict[str, dict]]
    stages: int = 2
    is_paper: bool = False
    stamped_wanted: bool = False
    rank_names: dict[str, str] = field(default_factory=dict)


Check = Callable[[dict, CheckContext], Iterator[tuple[str, str, str, str]]]


@dataclass(frozen=True)
class Registered:
    """A check with its id, severity and the rule it enforces in words."""

    id: str
    severity: Severity
    rule: str | Promise
    run: Check


CHECKS: list[Registered] = []


def check(check_id: str, severity: Severity, rule: str | Promise) -> Callable[[Check], Check]:
    """Register a check. It yields (message, section, field, lineage) for each problem found."""

    def register(function: Check) -> Check:
        CHECKS.append(Registered(check_id, severity, rule, function))
        return function

    return register
