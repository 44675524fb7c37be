"""The ranking of areas or sectors by their rate, and how it moved."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


class HasRate(Protocol):
    """Figures with a rate, which is None where nothing is expected."""

    @property
    def rate(self) -> Decimal | None:
        """The share of the expected that has been filed."""


@dataclass(frozen=True)
class Ranked:
    """One place in the ranking. ``before`` is the place of the earlier day, None where there was none."""

    code: Hashable
    place: int
    rate: Decimal
    before: int | None
    gained: Decimal | None  # how much the rate has grown, as a share of one

    @property
    def moved(self) -> int:
        """How many places were gained; below zero they were lost."""
        return 0 if self.before is None else self.before - self.place


def rank(now: Mapping, before: Mapping) -> list[Ranked]:
    """Return who has a rate, the highest first.

    Equal rates share a place and the next one counts on after them (1, 2, 2, 4); among them the order of ``now`` stays.
    """
    places, earlier = _places(now), _places(before)
    return [
        Ranked(
            code=code,
            place=place,
            rate=now[code].rate,
            before=earlier.get(code),
            gained=now[code].rate - before[code].rate if code in earlier else None,
        )
        for code, place in places.items()
    ]


def _places(figures: Mapping[Hashable, HasRate]) -> dict[Hashable, int]:
    rates = {code: one.rate for code, one in figures.items() if one.rate is not None}
    order = sorted(rates, key=lambda code: rates[code], reverse=True)  # stable: the order given stays among equals
    return {code: 1 + sum(rate > rates[code] for rate in rates.values()) for code in order}
