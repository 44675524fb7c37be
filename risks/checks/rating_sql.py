"""The rule of colours as SQL: the very terms that explain one enterprise, put together for all at once.

An entry whose fact is not kept yet costs nothing: it stands in the counts as nothing, and in no sum.
"""

from typing import Any

from risks.checks.rating_terms import HIGHEST, LOWEST, SEVERITY, entries
from risks.enums import Colour
from risks.queries.rating_facts import NOT_KEPT, facts_sql


def rated_sql(definition: dict[str, Any], *, vendor: str, chosen: str) -> str:
    """Return common table expressions that end in ``rated``: enterprise_id, town_id, colour, score, counts, since.

    The same as ``rate`` says of each. ``chosen`` is the condition on the enterprise's id; its parameters are given
    three times. Numbers of the rule stand in the text as integers, so nothing of a definition is read as SQL.
    """
    found = [(term.sql(entry), entry) for term, entry in entries(definition)]
    known = {f"c{number}": pair for number, pair in enumerate(found) if pair[0] not in NOT_KEPT}
    counted = ", ".join(f"{sql} AS {name}" for name, (sql, _entry) in known.items())
    scored = [(name, entry) for name, (_sql, entry) in known.items() if entry in definition["terms"]]
    forced = [(name, entry) for name, (_sql, entry) in known.items() if entry not in definition["terms"]]
    columns = (f"c{number}" for number in range(len(found)))
    kept = " || ',' || ".join(f"CAST({name} AS varchar(11))" if name in known else "''" for name in columns)
    score = " + ".join(
        ["0"] + _points(scored, definition["credits_cap"], vendor) + [_forced_points(*one) for one in forced]
    )
    return f"""WITH {facts_sql(vendor, chosen)},
    counted AS (
        SELECT enterprise_id, town_id, reported, overdue_since, {counted} FROM facts
    ), scored AS MATERIALIZED (
        SELECT enterprise_id, town_id, reported, overdue_since, {kept} AS counts, {score} AS score,
            {_severity(forced, vendor)} AS worst
        FROM counted
    ), rated AS (
        SELECT enterprise_id, town_id,
            CASE WHEN reported = 0 THEN '{Colour.GREY}' ELSE {_colour(definition["thresholds"])} END AS colour,
            CASE WHEN reported = 0 THEN 0 WHEN score < {LOWEST} THEN {LOWEST} WHEN score > {HIGHEST} THEN {HIGHEST}
                ELSE score END AS score,
            CASE WHEN reported = 0 THEN '' ELSE counts END AS counts,
            CASE WHEN reported = 0 THEN NULL ELSE overdue_since END AS overdue_since
        FROM scored
    )"""  # names and integers of our own  # nosec B608


def _greatest(vendor: str, *values: str) -> str:
    return f"{'GREATEST' if vendor == 'postgresql' else 'MAX'}({', '.join(values)})"


def _least(vendor: str, *values: str) -> str:
    return f"{'LEAST' if vendor == 'postgresql' else 'MIN'}({', '.join(values)})"


def _points(scored: list[tuple[str, dict]], credits_cap: int, vendor: str) -> list[str]:
    """The points of each term within its cap, and those of all credits together within theirs."""
    plain: list[str] = []
    given: list[str] = []
    for name, term in scored:
        weight, cap = int(term["weight"]), term["cap"]
        points = f"{name} * {weight}"
        if cap is not None and weight:
            points = _greatest(vendor, points, str(int(cap))) if weight < 0 else _least(vendor, points, str(int(cap)))
        (given if term["kind"] == "credit" else plain).append(points)
    return plain + ([_greatest(vendor, " + ".join(given), str(int(credits_cap)))] if given else [])


def _forced_points(name: str, entry: dict) -> str:
    return f"CASE WHEN {name} > 0 THEN {int(entry.get('weight', 0))} ELSE 0 END"


def _severity(forced: list[tuple[str, dict]], vendor: str) -> str:
    """The worst colour that a direct condition or a floor asks for, as a number; 0 for none."""
    each = (f"CASE WHEN {name} > 0 THEN {SEVERITY[Colour(entry['colour'])]} ELSE 0 END" for name, entry in forced)
    return _greatest(vendor, "0", "0", *each)


def _colour(thresholds: dict[str, int]) -> str:
    steps = " ".join(
        f"WHEN score >= {int(thresholds[colour])} OR worst >= {SEVERITY[colour]} THEN '{colour}'"
        for colour in (Colour.RED, Colour.ORANGE, Colour.YELLOW)
    )
    return f"CASE {steps} ELSE '{Colour.BLUE}' END"
