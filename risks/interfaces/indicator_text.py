"""The indicators of a quantified assessment as a text that a person writes, and back."""

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

BAND = re.compile(r"(\d+(?:\.\d+)?)\s+(\S.*)")
KEYS = "abcdefghijklmnopqrstuvwxyz"


class BadIndicators(ValueError):
    """A text that cannot be read as indicators; its text is a full sentence that names the line."""


def text_of_indicators(indicators: list[dict[str, Any]]) -> str:
    """Return indicators as blocks of lines: name | English name | weight, then a band a line."""
    blocks = []
    for row in indicators:
        bands = [f"{band['score']} {band['text']}" for band in row["bands"]]
        head = f"{row['name']} | {row.get('name_en', '')} | {row['weight']}"
        blocks.append("\n".join([head, *bands]))
    return "\n\n".join(blocks)


def indicators_of(text: str) -> list[dict[str, Any]]:
    """Return the indicators a text lists, each with a key of its own. Raises BadIndicators."""
    blocks = [block.splitlines() for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]
    if len(blocks) > len(KEYS):
        raise BadIndicators(_("At most %(most)s indicators fit one item.") % {"most": len(KEYS)})
    return [_indicator(key, head, bands) for key, (head, *bands) in zip(KEYS, blocks, strict=False)]


def _indicator(key: str, head: str, bands: list[str]) -> dict[str, Any]:
    parts = [part.strip() for part in re.split(r"[|｜]", head)]
    if len(parts) != 3 or not parts[0] or not parts[2].isdecimal():
        raise BadIndicators(
            _("“%(line)s” is not the first line of an indicator. Write: name | English name | weight.") % {"line": head}
        )
    return {
        "key": key,
        "name": parts[0],
        "name_en": parts[1],
        "weight": int(parts[2]),
        "bands": [_band(line) for line in bands],
    }


def _band(line: str) -> dict[str, Any]:
    found = BAND.fullmatch(line.strip())
    if found is None:
        raise BadIndicators(
            _("“%(line)s” is not a band. Write a score, a space and a text, like: 10 None.") % {"line": line}
        )
    return {"text": found[2], "score": _score(found[1])}


def _score(text: str) -> int | float:
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else float(number)
