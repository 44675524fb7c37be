"""A rating in words: for the enterprise that asks why, and for whoever supervises it."""

from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from risks.checks.rating_terms import trace_of
from risks.models import Rating


class Explained(NamedTuple):
    """One line of an explanation: what was looked at, what was found, the points it gave.

    ``counts`` is False for a line that changed nothing.
    """

    label: str
    evidence: str
    points: int
    counts: bool


def explain(rating: Rating) -> list[Explained]:
    """Return why an enterprise has its colour, line by line in the order of the rule, in the active language.

    Needs ``rule`` selected with the rating. A fact that the system does not keep yet is said to count nothing.
    """
    definition = rating.rule.definition
    labels = _labels(definition)
    return [
        Explained(labels.get(line["key"], line["key"]), _evidence(line), line["points"], bool(line["count"]))
        for line in trace_of(rating.counts, definition, since=rating.overdue_since)
    ]


def thresholds_in_words(rating: Rating) -> str:
    """Return the sentence that says which score means which colour, by the rule that was used."""
    return (
        _("Red from %(red)s points, orange from %(orange)s, yellow from %(yellow)s, blue below.")
        % (rating.rule.definition["thresholds"])
    )


def _labels(definition: dict[str, Any]) -> dict[str, str]:
    english = get_language() == "en"
    entries = [*definition["terms"], *definition["direct"], *definition["floors"]]
    entries.append({"key": "not_reported", **definition["not_reported"]})
    return {entry["key"]: (english and entry.get("label_en")) or entry["label"] for entry in entries}


def _evidence(line: dict) -> str:
    count, kind = line["count"], line["kind"]
    if count is None:
        return _("Not recorded by the system yet; counts nothing.")
    if not count:
        return _("Nothing found.") if kind != "credit" else _("Not shown; no credit.")
    said = {
        "major_risks": _("%(count)s in the risk ledger."),
        "larger_risks": _("%(count)s in the risk ledger."),
        "overdue_report": _("Overdue since %(since)s."),
        "overdue_faults": _("%(count)s past their date."),
        "missing_four_ones": _("%(count)s risks without a plan or a responsible person."),
        "open_dynamic": _("%(count)s still open."),
        "four_ones_complete": _("List, sign, plan and person are complete for every risk."),
        "standardised": _("The grade on the roster reaches it."),
        "no_faults": _("The last verification left no fault open."),
        "zero_risk_unchecked": _("Reported zero risk; no verification has confirmed it yet."),
        "found_by_recheck": _("A verification found risks that had not been reported."),
        "not_reported": _("No report has been filed, so there is nothing to rate."),
        "three_major": _("Three or more major risks are in the ledger."),
    }
    return said.get(line["key"], _("Established.")) % line
