"""What each enterprise of the crowd is given, so that the figures of the whole come out exactly."""

from random import Random
from typing import NamedTuple

from enterprises.enums import RegionLevel, Scale
from review.domain.demo.sizes import Crowd
from review.enums import VisitOutcome

# How many larger-and-above risks a report names, from none upwards, before the sum is made exact.
RISKS = (31, 34, 18, 9, 5, 3)
ABOVE_MORE = 1.3  # above-scale units have more risks
DRAFTING = 0.45  # the share of open reports that were begun
LEVELS = {RegionLevel.TOWN: 80, RegionLevel.COUNTY: 16, RegionLevel.CITY: 4}
OUTCOMES = {VisitOutcome.PASSED: 78, VisitOutcome.RECTIFY: 20, VisitOutcome.ENFORCEMENT: 2}


class Lot(NamedTuple):
    """One enterprise: its scale; whether its report is ``filed`` or only begun; how many risks; how it was visited."""

    scale: str
    filed: bool
    begun: bool = True
    risks: int = 0
    level: str = ""
    outcome: str = ""


def draw_lots(crowd: Crowd, rng: Random) -> list[Lot]:
    """Return a lot for each enterprise of the crowd, in a random order."""
    mean = crowd.risks / crowd.filed
    share = crowd.above / crowd.filed
    of_above = round(crowd.above * mean * ABOVE_MORE / (1 + share * (ABOVE_MORE - 1)))
    above = counts_with_sum(crowd.above, of_above)
    below = counts_with_sum(crowd.below_filed, crowd.risks - of_above)
    lots = [Lot(Scale.ABOVE.value, True, risks=count) for count in above]
    lots += [Lot(Scale.BELOW.value, True, risks=count) for count in below]
    rng.shuffle(lots)
    _visit(lots, crowd, rng)
    waiting = crowd.below - crowd.below_filed
    lots += [Lot(Scale.BELOW.value, False, begun=rng.random() < DRAFTING) for _number in range(waiting)]
    rng.shuffle(lots)
    return lots


def _visit(lots: list[Lot], crowd: Crowd, rng: Random) -> None:
    """Send somebody to as many as were verified; to all those who supplemented a report without risks."""
    supplemented = 0
    others = crowd.verified - crowd.supplemented
    for number, lot in enumerate(lots):
        level = rng.choices(list(LEVELS), list(LEVELS.values()))[0].value
        if supplemented < crowd.supplemented and lot.scale == Scale.BELOW and 1 <= lot.risks <= 2:
            lots[number] = lot._replace(level=level, outcome=VisitOutcome.SUPPLEMENT.value)
            supplemented += 1
        elif others:
            outcome = rng.choices(list(OUTCOMES), list(OUTCOMES.values()))[0].value
            lots[number] = lot._replace(level=level, outcome=outcome)
            others -= 1


def counts_with_sum(units: int, total: int) -> list[int]:
    """Return a number of risks for each of so many units; they spread like RISKS and sum to ``total`` exactly.

    The weights are tilted until their mean is the wanted one, rounded down, and the rest is made up one by one.
    """
    tilt = _tilt(total / units)
    weights = [weight * tilt**count for count, weight in enumerate(RISKS)]
    whole = sum(weights)
    counts = [count for count, weight in enumerate(weights) for _unit in range(int(units * weight / whole))]
    counts += [1] * (units - len(counts))
    lacking = total - sum(counts)
    step, most = (1, len(RISKS) - 2) if lacking > 0 else (-1, len(RISKS) - 1)
    for place, count in enumerate(counts):
        if not lacking:
            break
        if (count + step >= 0) and count <= most:
            counts[place] += step
            lacking -= step
    if lacking:
        raise ValueError(f"{total} risks do not fit {units} units")
    return counts


def _tilt(mean: float) -> float:
    low, high = 0.001, 1000.0
    for _step in range(60):
        tilt = (low * high) ** 0.5
        weights = [weight * tilt**count for count, weight in enumerate(RISKS)]
        found = sum(count * weight for count, weight in enumerate(weights)) / sum(weights)
        low, high = (tilt, high) if found < mean else (low, tilt)
    return low
