"""Choices that many pages offer: kept for a few seconds by a process, put into words and drawn once.

Districts, towns, sectors and categories change a few times a year and are drawn into every list. What is kept is what
the reference tables say and nothing of a person; to whom a choice is offered is part of what it is kept under.
"""

import time
from collections.abc import Callable, Hashable, Iterable, Iterator
from html import escape
from typing import Any

from django.conf import settings
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.choices import BaseChoiceIterator
from django.utils.translation import gettext as _

DASHES = BLANK_CHOICE_DASH[0][1]
SECONDS = 10  # so long may another process still offer what has just changed
MOST = 512  # answers a function keeps


class Choices(BaseChoiceIterator):
    """Pairs of a value and its words, all as text; words that are a list of pairs make a group."""

    def __init__(self, pairs: Iterable[tuple[Any, Any]]) -> None:
        self.pairs = plain(pairs)
        self._pieces: list[str] = []
        self._places: dict[str, int] = {}
        self._draw(self.pairs)

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    def __contains__(self, value: object) -> bool:
        return value in self._places

    def options(self, chosen: str) -> str:
        """Return the options, escaped one by one, with the chosen one marked."""
        place = self._places.get(chosen)
        if place is None:
            return "".join(self._pieces)
        return "".join((*self._pieces[:place], " selected", *self._pieces[place:]))

    def _draw(self, pairs: tuple) -> None:
        for value, label in pairs:
            if isinstance(label, tuple):
                self._pieces.append(f'<optgroup label="{escape(value)}">')
                self._draw(label)
                self._pieces.append("</optgroup>")
            else:
                self._pieces.append(f'<option value="{escape(value)}"')
                self._places.setdefault(value, len(self._pieces))
                self._pieces.append(f">{escape(label)}</option>")


def plain(choices: Iterable) -> tuple:
    """Return choices as tuples of text; nothing chosen yet, which Django shows as dashes, asks to choose."""
    return tuple(
        (str(value), plain(label))
        if isinstance(label, list | tuple)
        else ("" if value is None else str(value), _("Please choose") if label == DASHES else str(label))
        for value, label in choices
    )


class Kept:
    """A function of plain values whose answers are kept for a while; ``forget`` drops them at once."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask
        self._answers: dict[tuple[Hashable, ...], tuple[float, Any]] = {}

    def __call__(self, *asked: Hashable) -> Any:
        """Return what was answered a while ago, or ask again."""
        moment = time.monotonic()
        until, answer = self._answers.get(asked, (0.0, None))
        if moment < until:
            return answer
        if len(self._answers) >= MOST:
            self.forget()
        answer = self._ask(*asked)
        self._answers[asked] = moment + getattr(settings, "CHOICES_KEPT_SECONDS", SECONDS), answer
        return answer

    def forget(self) -> None:
        """Drop every answer."""
        self._answers.clear()
