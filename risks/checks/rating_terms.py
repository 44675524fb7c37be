"""The terms of an enterprise's colour: a fixed list in code, weights, caps and thresholds as data (RatingRule).

Each term is a pure function of the facts. It says how often it applies, or None where its fact is not kept yet; the
rule turns that into points. Every number here comes from the rule's definition (示例口径).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from risks.enums import Colour
from risks.queries.rating_facts import RatingFacts

SEVERITY = {Colour.RED: 4, Colour.ORANGE: 3, Colour.YELLOW: 2, Colour.BLUE: 1}
GRADE_WANTED = 2  # where a rule written before the grade became data does not say which

Term = Callable[[RatingFacts, dict], int | None]


@dataclass(frozen=True)
class Rated:
    """The colour, the score and how they came about; ``trace`` is plain JSON, explained by ``explain_trace``."""

    colour: Colour
    score: int
    trace: list[dict[str, Any]]


def _times(known: bool | int | None) -> int | None:
    return None if known is None else int(known)


TERMS: dict[str, Term] = {
    "major_risks": lambda facts, term: facts.major_risks,
    "larger_risks": lambda facts, term: facts.larger_risks,
    "overdue_report": lambda facts, term: int(facts.overdue_since is not None),
    "overdue_faults": lambda facts, term: facts.overdue_faults,
    "missing_four_ones": lambda facts, term: facts.missing_four_ones,
    "open_dynamic": lambda facts, term: facts.open_dynamic,
    "four_ones_complete": lambda facts, term: _times(facts.four_ones_complete),
    "standardised": lambda facts, term: int(0 < (facts.standard_grade or 0) <= term.get("grade", GRADE_WANTED)),
    "no_faults": lambda facts, term: int(facts.verified_on is not None and not facts.open_faults),
}
DIRECT: dict[str, Term] = {
    "fatal_accident": lambda facts, term: _times(facts.fatal_accident),
    "false_report": lambda facts, term: _times(facts.false_report),
    "listed_hazard_overdue": lambda facts, term: _times(facts.listed_hazard_overdue),
    "three_major": lambda facts, term: int(facts.major_risks >= term["value"]),
}
FLOORS: dict[str, Term] = {
    "zero_risk_unchecked": lambda facts, term: int(facts.zero_risk_unchecked),
    "found_by_recheck": lambda facts, term: _times(facts.found_by_recheck),
}


def rate(facts: RatingFacts, definition: dict[str, Any]) -> Rated:
    """Return the colour of one enterprise by a rule's definition.

    One that has not reported is grey and has no score. Otherwise: points of the terms, each within its cap, credits
    together within theirs; thresholds; then what makes it red at once; then the floors, which a colour cannot be better
    than. A fact that is not kept yet (None) counts nothing and is named in the trace.
    """
    if not facts.reported:
        return Rated(Colour.GREY, 0, [_line("not_reported", "grey", 1, 0, {})])
    trace = [_scored(facts, term) for term in definition["terms"]]
    trace += [_forced(facts, term, DIRECT, "direct") for term in definition["direct"]]
    trace += [_forced(facts, term, FLOORS, "floor") for term in definition["floors"]]
    _cap_credits(trace, definition["credits_cap"])
    score = sum(line["points"] for line in trace)
    colour = colour_of(score, definition["thresholds"])
    for line in trace:
        if line["count"] and "colour" in line:
            colour = max(colour, Colour(line["colour"]), key=SEVERITY.__getitem__)
    return Rated(colour, score, trace)


def colour_of(score: int, thresholds: dict[str, int]) -> Colour:
    """Return the colour of a score: the first threshold it reaches, blue below all."""
    for colour in (Colour.RED, Colour.ORANGE, Colour.YELLOW):
        if score >= thresholds[colour]:
            return colour
    return Colour.BLUE


def _scored(facts: RatingFacts, term: dict) -> dict:
    count = TERMS[term["key"]](facts, term)
    points = (count or 0) * term["weight"]
    if term["cap"] is not None:
        points = max(points, term["cap"]) if term["weight"] < 0 else min(points, term["cap"])
    more = {"since": facts.overdue_since.isoformat()} if term["key"] == "overdue_report" and facts.overdue_since else {}
    return _line(term["key"], term["kind"], count, points, more)


def _forced(facts: RatingFacts, term: dict, known: dict[str, Term], kind: str) -> dict:
    count = known[term["key"]](facts, term)
    return _line(term["key"], kind, count, term.get("weight", 0) if count else 0, {"colour": term["colour"]})


def _line(key: str, kind: str, count: int | None, points: int, more: dict) -> dict:
    return {"key": key, "kind": kind, "count": count, "points": points, **more}


def _cap_credits(trace: list[dict], cap: int) -> None:
    """Take back, from the last credit on, what all credits together give beyond their cap."""
    beyond = cap - sum(line["points"] for line in trace if line["kind"] == "credit")
    for line in reversed(trace):
        if beyond > 0 and line["kind"] == "credit":
            back = min(beyond, -line["points"])
            line["points"] += back
            beyond -= back
