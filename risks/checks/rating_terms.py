"""The terms of an enterprise's colour: a fixed list in code, weights, caps and thresholds as data (RatingRule).

Each term is a pair: how often it applies by the facts of one enterprise, or None where its fact is not kept yet, and
the SQL that says the same of everybody (`rating_sql` puts it together). The rule turns that into points. Every number
here comes from the rule's definition (示例口径).
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from risks.enums import Colour
from risks.queries.rating_facts import RatingFacts

SEVERITY = {Colour.RED: 4, Colour.ORANGE: 3, Colour.YELLOW: 2, Colour.BLUE: 1}
GRADE_WANTED = 2  # where a rule written before the grade became data does not say which
LOWEST, HIGHEST = -32_768, 32_767  # the bounds of a kept score


class Term(NamedTuple):
    """How often a term applies: of one enterprise, and the same as an SQL expression over the columns of the facts."""

    explain: Callable[[RatingFacts, dict], int | None]
    sql: Callable[[dict], str]


def _kept(name: str) -> Term:
    """A fact that is itself the count; a flag counts once, and what is not kept yet stays unknown."""

    def count(facts: RatingFacts, term: dict) -> int | None:
        known = getattr(facts, name)
        return None if known is None else int(known)

    return Term(count, lambda term: name)


def _when(holds: Callable[[RatingFacts, dict], bool], condition: Callable[[dict], str]) -> Term:
    """A condition that holds once or not at all."""
    return Term(
        lambda facts, term: int(holds(facts, term)), lambda term: f"CASE WHEN {condition(term)} THEN 1 ELSE 0 END"
    )


def _grade(term: dict) -> int:
    return int(term.get("grade", GRADE_WANTED))


TERMS: dict[str, Term] = {
    **{name: _kept(name) for name in ("major_risks", "larger_risks", "overdue_faults", "missing_four_ones")},
    **{name: _kept(name) for name in ("open_dynamic", "four_ones_complete")},
    "overdue_report": _when(
        lambda facts, term: facts.overdue_since is not None, lambda term: "overdue_since IS NOT NULL"
    ),
    "standardised": _when(
        lambda facts, term: 0 < (facts.standard_grade or 0) <= _grade(term),
        lambda term: f"standard_grade BETWEEN 1 AND {_grade(term)}",
    ),
    "no_faults": _when(
        lambda facts, term: facts.verified_on is not None and not facts.open_faults,
        lambda term: "verified_on IS NOT NULL AND open_faults = 0",
    ),
}
DIRECT: dict[str, Term] = {
    **{name: _kept(name) for name in ("fatal_accident", "false_report", "listed_hazard_overdue")},
    "three_major": _when(
        lambda facts, term: facts.major_risks >= int(term["value"]),
        lambda term: f"major_risks >= {int(term['value'])}",
    ),
}
FLOORS: dict[str, Term] = {name: _kept(name) for name in ("zero_risk_unchecked", "found_by_recheck")}


@dataclass(frozen=True)
class Rated:
    """The colour, the score and how they came about.

    ``counts`` is how often each entry of the rule applied, in its order, as it is kept; ``trace`` is drawn from it.
    """

    colour: Colour
    score: int
    counts: str
    trace: list[dict[str, Any]]


def entries(definition: dict[str, Any]) -> Iterator[tuple[Term, dict]]:
    """Yield every entry of a rule with its term, in the order in which counts are kept."""
    for group, known in (("terms", TERMS), ("direct", DIRECT), ("floors", FLOORS)):
        for entry in definition[group]:
            yield known[entry["key"]], entry


def rate(facts: RatingFacts, definition: dict[str, Any]) -> Rated:
    """Return the colour of one enterprise by a rule's definition.

    One that has not reported is grey and has no score. Otherwise: points of the terms, each within its cap, credits
    together within theirs; thresholds; then what makes it red at once; then the floors, which a colour cannot be better
    than. A fact that is not kept yet (None) counts nothing and is named in the trace.
    """
    if not facts.reported:
        return Rated(Colour.GREY, 0, "", trace_of("", definition))
    counts = as_kept([term.explain(facts, entry) for term, entry in entries(definition)])
    trace = trace_of(counts, definition, since=facts.overdue_since)
    score = sum(line["points"] for line in trace)
    colour = colour_of(score, definition["thresholds"])
    for line in trace:
        if line["count"] and "colour" in line:
            colour = max(colour, Colour(line["colour"]), key=SEVERITY.__getitem__)
    return Rated(colour, min(max(score, LOWEST), HIGHEST), counts, trace)


def as_kept(counts: Sequence[int | None]) -> str:
    """Return counts as a rating keeps them: with commas between, nothing where a fact is not kept yet."""
    return ",".join("" if count is None else str(count) for count in counts)


def colour_of(score: int, thresholds: dict[str, int]) -> Colour:
    """Return the colour of a score: the first threshold it reaches, blue below all."""
    for colour in (Colour.RED, Colour.ORANGE, Colour.YELLOW):
        if score >= thresholds[colour]:
            return colour
    return Colour.BLUE


def trace_of(counts: str, definition: dict[str, Any], *, since: dt.date | None = None) -> list[dict[str, Any]]:
    """Return, line by line in the order of the rule, how often each entry applied and the points it gave.

    ``since`` is the day since which a report is overdue. No counts is one line: nothing has been reported.
    """
    if not counts:
        return [{"key": "not_reported", "kind": "grey", "count": 1, "points": 0}]
    found = [int(text) if text else None for text in counts.split(",")]
    places = [(kind, entry) for kind in ("terms", "direct", "floors") for entry in definition[kind]]
    trace = [
        _scored(entry, count, since) if kind == "terms" else _forced(entry, count, kind.removesuffix("s"))
        for (kind, entry), count in zip(places, found, strict=True)
    ]
    _cap_credits(trace, definition["credits_cap"])
    return trace


def _scored(term: dict, count: int | None, since: dt.date | None) -> dict:
    points = (count or 0) * term["weight"]
    if term["cap"] is not None and term["weight"]:
        points = max(points, term["cap"]) if term["weight"] < 0 else min(points, term["cap"])
    more = {"since": since.isoformat()} if term["key"] == "overdue_report" and since else {}
    return {"key": term["key"], "kind": term["kind"], "count": count, "points": points, **more}


def _forced(entry: dict, count: int | None, kind: str) -> dict:
    points = entry.get("weight", 0) if count else 0
    return {"key": entry["key"], "kind": kind, "count": count, "points": points, "colour": entry["colour"]}


def _cap_credits(trace: list[dict], cap: int) -> None:
    """Take back, from the last credit on, what all credits together give beyond their cap."""
    beyond = cap - sum(line["points"] for line in trace if line["kind"] == "credit")
    for line in reversed(trace):
        if beyond > 0 and line["kind"] == "credit":
            back = min(beyond, -line["points"])
            line["points"] += back
            beyond -= back
