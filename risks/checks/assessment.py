"""Finding a level by the methods. Pure functions over a preset's definition and the values chosen."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from risks.enums import LEVEL_ORDER, Level, Method


class NotScored(ValueError):
    """The values do not make a score; the text says which is missing or not on the scale."""


def score(method: str, definition: dict, values: dict[str, Any]) -> tuple[Decimal, Level]:
    """Return the score and the level a method gives.

    LS: ``values`` {"L": 1-5, "S": 1-5}, score L × S. LEC: {"L", "E", "C"} on the preset's scales, D = L × E × C. LC
    (the transport ministry's scale of 2018): {"L": above 0 to 10, "C": 10, 5, 2 or 1}, D = L × C, thresholds exceeded.
    Raises NotScored.
    """
    if method == Method.LS:
        size = Decimal(definition["size"])
        found = _whole(values, "L", size) * _whole(values, "S", size)
        return found, _at_least(found, definition["thresholds"])
    if method == Method.LEC:
        found = Decimal(1)
        for key in ("L", "E", "C"):
            found *= _on_scale(values, key, definition[key])
        return found, _at_least(found, definition["thresholds"])
    if method == Method.LC:
        likelihood = _number(values, "L")
        if not 0 < likelihood <= 10:
            raise NotScored(_("L is “%(value)s”; a number above 0 and up to 10 is wanted.") % {"value": likelihood})
        found = likelihood * _on_scale(values, "C", definition["C"])
        return found, _above(found, definition["over"])
    raise NotScored(_("The catalogue's level has no score."))


def _number(values: dict, key: str) -> Decimal:
    try:
        value = Decimal(str(values[key]))
    except (KeyError, InvalidOperation) as error:
        raise NotScored(_("%(key)s is missing or not a number.") % {"key": key}) from error
    if not value.is_finite():
        raise NotScored(_("%(key)s is missing or not a number.") % {"key": key})
    return value


def _whole(values: dict, key: str, size: Decimal) -> Decimal:
    value = _number(values, key)
    if value != value.to_integral_value() or not 1 <= value <= size:
        raise NotScored(
            _("%(key)s is “%(value)s”; a whole number from 1 to %(size)s is wanted.")
            % {"key": key, "value": value, "size": size}
        )
    return value


def _on_scale(values: dict, key: str, scale: list) -> Decimal:
    value = _number(values, key)
    if value not in {Decimal(str(step["value"])) for step in scale}:
        raise NotScored(_("%(key)s is “%(value)s”, which is not on the scale.") % {"key": key, "value": value})
    return value


def _at_least(found: Decimal, thresholds: dict) -> Level:
    return next(
        (level for level in Level if level != Level.LOW and found >= Decimal(str(thresholds[level]))), Level.LOW
    )


def _above(found: Decimal, thresholds: dict) -> Level:
    return next((level for level in Level if level != Level.LOW and found > Decimal(str(thresholds[level]))), Level.LOW)


def final_level(*, floor: str | None, scored: str | None, chosen: str, lowered: bool) -> Level:
    """Return the highest of the catalogue's level, the score's and the chosen; a consented lowering drops the floor."""
    levels = [Level(chosen)]
    if scored:
        levels.append(Level(scored))
    if floor and not lowered:
        levels.append(Level(floor))
    return max(levels, key=LEVEL_ORDER.__getitem__)


def explain_score(method: str, assessment: dict) -> str:
    """Return the arithmetic in words, for example «L 3 × S 5 = 15»."""
    values = assessment.get("values", {})
    names = {Method.LS: ("L", "S"), Method.LEC: ("L", "E", "C"), Method.LC: ("L", "C")}.get(Method(method), ())
    if not names or "score" not in assessment:
        return ""
    product = " × ".join(f"{name} {values.get(name, '?')}" for name in names)
    return f"{product} = {assessment['score']}"
