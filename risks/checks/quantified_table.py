"""What the quantified assessment table of a catalogue must hold: indicators with weights and scored bands per item."""

import itertools
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

HIGHEST_SCORE = Decimal(10)
WHOLE_WEIGHT = 100
Finding = tuple[str, str, str]


def quantified_findings(table: Any, codes: list[str]) -> list[Finding]:
    """Return (item code or "", field, sentence) for everything wrong with ``table``, whose items are ``codes``.

    Scores and likelihoods lie in (0, 10]; the weights of an item's indicators sum to 100.
    """
    if not isinstance(table, dict) or table.get("method") != "lc":
        return [("", "quantified.method", _('Only the LC method has a quantified table. Write "method": "lc".'))]
    indicators = table.get("indicators")
    if not isinstance(indicators, dict):
        return [("", "quantified.indicators", _("Write an object with a list of indicators for each item's code."))]
    found = _likelihood(table.get("likelihood_bands")) + _consequence(table.get("consequence_levels"))
    for code in sorted(set(codes) - set(indicators)):
        found.append((code, "quantified.indicators", _("The item has no indicators. Give it at least one.")))
    for code in sorted(set(indicators) - set(codes)):
        found.append((code, "quantified.indicators", _("No item of this catalogue has this code. Remove or mend it.")))
    for code in codes:
        if code in indicators:
            found += [(code, "quantified.indicators", text) for text in _indicators(indicators[code])]
    return found


def _number(value: Any) -> Decimal:
    """The value as a number. Raises InvalidOperation for what is none, "NaN" and "Infinity" included."""
    number = Decimal(str(value))
    if not number.is_finite():
        raise InvalidOperation
    return number


def _likelihood(bands: Any) -> list[Finding]:
    field = "quantified.likelihood_bands"
    try:
        edges = [(_number(band["low"]), _number(band["high"]), band["label"], band["text"]) for band in bands]
    except (TypeError, KeyError, InvalidOperation):
        return [("", field, _("Write a list of bands, each with low, high, label and text."))]
    high = HIGHEST_SCORE
    for low, top, _label, _text in edges:
        if top != high or low >= top:
            return [("", field, _gap(low, top))]
        high = low
    return [] if high == 0 and edges else [("", field, _("The bands must reach from 10 down to 0."))]


def _gap(low: Decimal, top: Decimal) -> str:
    sentence = _("The band %(low)s to %(top)s leaves a gap or overlaps. Go down from 10 to 0 without one.")
    return sentence % {"low": low, "top": top}


def _consequence(levels: Any) -> list[Finding]:
    field = "quantified.consequence_levels"
    try:
        values = [_number(level["value"]) for level in levels if level["label"] and level["text"]]
    except (TypeError, KeyError, InvalidOperation):
        return [("", field, _("Write a list of levels, each with value, label and text."))]
    if len(values) < len(levels) or not values or values != sorted(set(values), reverse=True) or values[-1] <= 0:
        return [("", field, _("The levels need a label and a text each, and values above 0 that go down."))]
    return []


def _indicators(rows: Any) -> list[str]:
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        return [_("Write a list of at least one indicator.")]
    missing = [name for row in rows for name in ("key", "name", "weight", "bands") if not row.get(name)]
    if missing:
        return [_("An indicator lacks %(part)s. Each needs key, name, weight and bands.") % {"part": missing[0]}]
    found = []
    if len({str(row["key"]) for row in rows}) < len(rows):
        found.append(_("Two indicators have the same key. Each needs its own."))
    total = sum(row["weight"] for row in rows if isinstance(row["weight"], int))
    if total != WHOLE_WEIGHT:
        found.append(_("The weights sum to %(total)s. They must be whole numbers that sum to 100.") % {"total": total})
    return found + [
        _("The bands of indicator %(name)s need a text and a score each, going down from at most 10.")
        % {"name": row["name"]}
        for row in rows
        if not _bands_are_sound(row["bands"])
    ]


def _bands_are_sound(bands: Any) -> bool:
    try:
        scores = [_number(band["score"]) for band in bands if band["text"]]
    except (TypeError, KeyError, InvalidOperation):
        return False
    falling = all(higher > lower for higher, lower in itertools.pairwise(scores))
    whole = bool(scores) and len(scores) == len(bands)
    return whole and falling and scores[0] <= HIGHEST_SCORE and scores[-1] > 0
