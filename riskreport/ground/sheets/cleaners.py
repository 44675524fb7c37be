"""Cleaners of cells: plain functions from the text of a cell to the stored value.

A cleaner gets text that is never empty, its digits and letters half-width and without spaces around it: the reader of
files has made it so. It raises Wrong with the phrase of what is wanted when the text cannot be.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from riskreport.ground.checks.telephones import is_telephone
from riskreport.ground.reader.cells import folded

Cleaner = Callable[[str], Any]
DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00)?)?", re.ASCII)
DENSE_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
WHOLE = re.compile(r"-?\d{1,15}", re.ASCII)
LIST_SIGNS = re.compile(r"[、,;，；\n]+")


class Wrong(ValueError):
    """A cell that cannot be taken. Its text says what is wanted, as a full sentence or a phrase after «wanted:»."""


def text(most: int) -> Cleaner:
    """Text of at most ``most`` characters."""

    def clean(value: str) -> str:
        if len(value) > most:
            raise Wrong(_("at most %(most)s characters; this has %(count)s") % {"most": most, "count": len(value)})
        return value

    return clean


def whole(low: int, high: int) -> Cleaner:
    """A whole number from ``low`` to ``high``."""

    def clean(value: str) -> int:
        if not WHOLE.fullmatch(value) or not low <= int(value) <= high:
            raise Wrong(_("a whole number from %(low)s to %(high)s") % {"low": low, "high": high})
        return int(value)

    return clean


def decimal(low: int, high: int, places: int) -> Cleaner:
    """A number from ``low`` to ``high``, stored as text with ``places`` decimals."""
    step = Decimal(1).scaleb(-places)

    def clean(value: str) -> str:
        try:
            number = Decimal(value)
            if low <= number <= high:
                return str(number.quantize(step))
        except InvalidOperation:
            pass
        raise Wrong(_("a number from %(low)s to %(high)s") % {"low": low, "high": high})

    return clean


def date(value: str) -> str:
    """A day, however it is written: 2021-10-01, 2021/10/1, 2021.10.1, 2021年10月1日, 20211001."""
    found = DATE.fullmatch(value) or DENSE_DATE.fullmatch(value)
    try:
        if found:
            return dt.date(*map(int, found.groups()[:3])).isoformat()
    except ValueError:
        pass
    raise Wrong(_("a day"))


def phone(value: str) -> str:
    """A mobile number, or a landline with its area code."""
    number = value.replace(" ", "")
    if not is_telephone(number):
        raise Wrong(_("a telephone number of 11 digits, or area code and number"))
    return number


def choice(choices: Any, *, also: Mapping[str, Any] | None = None) -> Callable[[Any], Cleaner]:
    """One of an enum's or mapping's words in either language, or its stored value. For ``clean_for``.

    ``also`` are further words that lists use, each with its stored value.
    """

    def make(user: Any) -> Cleaner:
        known = words_in_every_language(choices) | {folded(word): value for word, value in (also or {}).items()}
        offered = "、".join(words_of(choices).values())

        def clean(value: str) -> Any:
            found = known.get(folded(value), known)
            if found is known:
                raise Wrong(_("one of: %(offered)s") % {"offered": offered})
            return found

        return clean

    return make


def several(one: Cleaner) -> Cleaner:
    """A list of values between 、 or commas, sorted, each once."""

    def clean(value: str) -> list[str]:
        return sorted({one(part.strip()) for part in LIST_SIGNS.split(value) if part.strip()})

    return clean


def words_of(choices: Any) -> dict[Any, str]:
    """Return the words of the stored values in the active language."""
    pairs: Mapping[Any, Any] | Any = getattr(choices, "choices", None) or choices
    return {value: str(word) for value, word in dict(pairs).items()}


def words_in_every_language(choices: Any) -> dict[str, Any]:
    """Return the stored value of every word in every language, and of the stored values themselves."""
    known: dict[str, Any] = {}
    for value in words_of(choices):
        known[folded(str(value))] = getattr(value, "value", value)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for value, word in words_of(choices).items():
                known[folded(word)] = getattr(value, "value", value)
    return known
