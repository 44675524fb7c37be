"""Badges: a word and a shape, so that colour never speaks alone, and the scale it belongs to is named.

Four scales share four colours (risk, enterprise, alert, weather). A badge therefore says its scale; ``short`` leaves it
to screen readers where a heading beside it names the scale already.
"""

from functools import lru_cache

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

SHAPES = {
    "red": mark_safe('<path fill-rule="evenodd" d="M1 1h10v10H1zM5.2 2.6v4h1.6v-4zm0 5.2v1.6h1.6V7.8z"/>'),
    "orange": mark_safe('<path d="M6 1l5.5 10h-11z"/>'),  # a triangle
    "yellow": mark_safe('<path d="M6 .8 11.2 6 6 11.2.8 6z"/>'),  # a diamond
    "blue": mark_safe('<circle cx="6" cy="6" r="4.8"/>'),
    "grey": mark_safe('<circle cx="6" cy="6" r="4" fill="none" stroke-width="2"/>'),
    "neutral": mark_safe('<circle cx="6" cy="6" r="3"/>'),
    "accent": mark_safe('<path d="M3.5 1.5v9l6-4.5z"/>'),  # somebody's turn
    "ok": mark_safe('<path d="M1.5 6.5l3 3 6-7" fill="none" stroke-width="2"/>'),
    "warn": mark_safe('<path d="M6 1l5.5 10h-11z"/>'),
    "bad": mark_safe('<path d="M2 2l8 8M10 2l-8 8" fill="none" stroke-width="2"/>'),
}
LEVELS = {
    "major": ("red", pgettext_lazy("risk level", "Major")),
    "larger": ("orange", pgettext_lazy("risk level", "Larger")),
    "general": ("yellow", pgettext_lazy("risk level", "General")),
    "low": ("blue", pgettext_lazy("risk level", "Low")),
}
COLOURS = {
    "red": _("Red"),
    "orange": _("Orange"),
    "yellow": _("Yellow"),
    "blue": _("Blue"),
    "grey": _("Grey"),
}
TONES = {"neutral", "accent", "ok", "warn", "bad"}


def badge(css: str, text: str | Promise, scale: str | Promise = "", *, short: bool = False) -> SafeString:
    """Return a badge with the shape of ``css``, naming ``scale`` (only to screen readers when ``short``)."""
    return _badge(css, str(text), str(scale), short)


@lru_cache(maxsize=1024)
def _badge(css: str, text: str, scale: str, short: bool) -> SafeString:
    shape = SHAPES.get(css, SHAPES["neutral"])
    if not scale:
        said = format_html("{}", text)
    elif short:
        said = format_html('<span><span class="visually-hidden">{}·</span>{}</span>', scale, text)
    else:
        said = format_html("<span>{}·{}</span>", scale, text)
    return format_html(
        '<span class="rr-badge rr-{}"><svg viewBox="0 0 12 12" aria-hidden="true">{}</svg>{}</span>', css, shape, said
    )


def status_badge(text: str | Promise, tone: str = "neutral") -> SafeString:
    """Return the badge of a state; ``tone`` is neutral, accent (it is the reader's turn), ok, warn or bad."""
    return badge(tone if tone in TONES else "neutral", text)


def level_badge(level: str, *, short: bool = False) -> SafeString:
    """Return the badge of a risk's level (风险等级); an unknown level shows as it is."""
    return _level_badge(level, bool(short), get_language())


@lru_cache(maxsize=256)
def _level_badge(level: str, short: bool, language: str) -> SafeString:
    css, word = LEVELS.get(level, ("neutral", level))
    return badge(css, word, _("Risk level"), short=short)


def colour_badge(colour: str, *, short: bool = False) -> SafeString:
    """Return the badge of an enterprise's rating (企业评级); an unknown colour shows as it is."""
    return _colour_badge(colour, bool(short), get_language())


@lru_cache(maxsize=256)
def _colour_badge(colour: str, short: bool, language: str) -> SafeString:
    css = colour if colour in COLOURS else "neutral"
    return badge(css, COLOURS.get(colour, colour), _("Enterprise rating"), short=short)
