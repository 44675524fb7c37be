"""The words of the demo city, from review/data/demo_city.json."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parent.parent.parent / "data" / "demo_city.json"
Span = tuple[int, int]


@dataclass(frozen=True)
class Kind:
    """Units of one category in the pilot city.

    ``names`` are patterns with {county}, {town}, {word} (one of ``words``) and {brand}. ``body`` begins the credit
    code: registering body and kind of unit. Spans are lowest and highest: ``staff``, ``guests`` (on site besides the
    staff), ``area`` in square metres. ``without_code`` is the share that has no credit code.
    """

    category: str
    count: int
    names: tuple[str, ...]
    products: str
    materials: str = "无"
    body: str = "91"
    trade: str = ""
    words: tuple[str, ...] = ()
    staff: Span = (12, 90)
    guests: Span = (0, 30)
    area: Span = (400, 6000)
    band: str = "300_2000"
    without_code: float = 0.0

    @property
    def is_industry(self) -> bool:
        """Whether its units are scaled and report in the industrial campaign."""
        return self.category.startswith("00")


@cache
def vocabulary() -> dict[str, Any]:
    """Return the whole file."""
    return json.loads(FILE.read_text(encoding="utf-8"))


@cache
def kinds() -> tuple[Kind, ...]:
    """Return the kinds of units, the pilots first."""
    return tuple(_kind(row) for row in vocabulary()["kinds"])


def _kind(row: dict[str, Any]) -> Kind:
    columns: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Kind(**columns)


def own_risks(sector: str) -> list[dict]:
    """Return the risks that a unit of the sector may name beside the catalogue."""
    return [row for row in vocabulary()["own_risks"] if sector in row["sectors"]]
