"""What each kind of letter stands on: what the city's office has set, or else what is shipped (示例口径)."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from review.enums import LetterKind
from review.models import LetterMark, LetterStandard

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "letter_standards.json"
COLUMNS = (
    "days_behind", "bottom_places", "bottom_runs", "answer_days", "raise_days", "word", "title", "body", "version",
)  # fmt: skip


@dataclass(frozen=True)
class Standard:
    """One kind's thresholds, terms and text; ``version`` 0 is the shipped one."""

    kind: LetterKind
    days_behind: int
    bottom_places: int
    bottom_runs: int
    answer_days: int
    raise_days: int
    word: str
    title: str
    body: str
    version: int = 0


@cache
def shipped() -> dict[str, dict[str, Any]]:
    """Return what is shipped, by kind."""
    return json.loads(SHIPPED.read_text(encoding="utf-8"))


def standards() -> dict[LetterKind, Standard]:
    """Return what holds for each kind, from mild to severe. One query."""
    set_here = {row.pop("kind"): row for row in LetterStandard.objects.values("kind", *COLUMNS)}
    return {kind: Standard(kind=kind, **set_here.get(kind.value, shipped()[kind.value])) for kind in LetterKind}


def mark_of(department_id: int) -> str:
    """Return the mark that an organ's numbers begin with, or nothing when none is set."""
    return LetterMark.objects.filter(department=department_id).values_list("mark", flat=True).first() or ""
