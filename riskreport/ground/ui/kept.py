"""Parts of a page that say the same to everybody, drawn by their template once and kept by the process.

What differs from person to person or from request to request is left open by a mark and filled in, escaped, each time:
nothing of a person is kept.
"""

import re
from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

MARK = re.compile("\ufdd0(.*?)\ufdd1")  # two characters that stand for nothing in any text


def draw_kept(template: str, *, known: Mapping[str, Hashable], marks: Mapping[str, Any]) -> SafeString:
    """Return ``template`` drawn with what is ``known`` and with the values of ``marks`` in their places.

    The part is kept for this language and for what is known, which therefore is a handful of facts and never a
    person's. A template writes a mark where it stands and decides nothing by it. Names may be dotted: ``user.name``.
    """
    pieces = _pieces(template, get_language() or "", get_script_prefix(), tuple(known.items()), tuple(marks))
    filled = [conditional_escape(marks[piece]) if place % 2 else piece for place, piece in enumerate(pieces)]
    return mark_safe("".join(filled))  # drawn by a template; every mark is escaped  # nosec B703


@lru_cache(maxsize=512)
def _pieces(template: str, language: str, prefix: str, known: tuple, marks: tuple[str, ...]) -> tuple[str, ...]:
    """Return the drawn template cut at its marks: text, name of a mark, text, name, text."""
    context: dict[str, Any] = {}
    for name, value in (*known, *((name, f"\ufdd0{name}\ufdd1") for name in marks)):
        *path, last = name.split(".")
        place = context
        for step in path:
            place = place.setdefault(step, {})
        place[last] = value
    return tuple(MARK.split(render_to_string(template, context)))
