"""A risk in words: its measures by class, how its level was found, its four ones."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from risks.checks.assessment import explain_score
from risks.enums import RANKS_FOR, Level, MeasureClass, Method, Rank
from risks.models import Risk


class Measures(NamedTuple):
    """The measures of one class."""

    label: str
    texts: list[str]


@cache
def _classes(language: str) -> tuple[tuple[str, str], ...]:
    """The classes of measures with their words, which a sheet asks for in every row."""
    return tuple((kind.value, str(kind.label)) for kind in MeasureClass)


def measures_of(measures: Mapping[str, list[str]]) -> list[Measures]:
    """Return the measures class by class, in the order of the control list; empty classes are left out."""
    found = []
    for kind, label in _classes(get_language() or ""):
        if texts := [str(text) for text in measures.get(kind, ()) if str(text).strip()]:
            found.append(Measures(label, texts))
    return found


def measures_in_words(measures: Mapping[str, list[str]]) -> str:
    """Return all measures, class by class, in one text, for a cell of a table or a workbook."""
    return " ".join(f"{label}：{'；'.join(texts)}" for label, texts in measures_of(measures))


def how_rated(risk: Risk) -> str:
    """Return how the level was found, with the arithmetic where there is one."""
    method = str(Method(risk.method).label)
    arithmetic = explain_score(risk.method, risk.assessment)
    return f"{method}：{arithmetic}" if arithmetic else method


def rank_wanted(level: str) -> str:
    """Return the lowest rank that may answer for a risk of this level (bulletin no. 24 of 2021)."""
    order = list(Rank)
    lowest = max(RANKS_FOR[Level(level)], key=order.index)
    return _("At least: %(rank)s") % {"rank": lowest.label}
