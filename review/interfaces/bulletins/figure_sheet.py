"""The one-page figure sheet of a bulletin: tables to copy, and the same as plain text that survives any pasting.

Chinese as the paper is. Tables are what the page, Word and PDF draw; the plain text goes into a chat or a mail.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from review.domain.bulletins.figures import NONE, PAPER_LANGUAGE, judged
from review.enums import Light
from review.interfaces.board_page import HEADINGS
from review.interfaces.wall_pages import LIGHT_SIGNS

NUMBERS = ("expected", "actual", "on_time")


@dataclass(frozen=True)
class Table:
    """A table of the figure sheet: headings and rows of plain texts, the last row the sum."""

    key: str
    title: str
    head: list[str]
    rows: list[list[str]]


def share(rate: str) -> str:
    """Return a frozen rate with its sign, a dash when nothing was expected."""
    return f"{rate}%" if rate else NONE


def more(number: int) -> str:
    """Return by how many something grew, with its sign; nought has none."""
    return f"{number:+d}" if number else "0"


def figure_tables(figures: Mapping[str, Any]) -> list[Table]:
    """Return the tables of a bulletin: areas, lines, scales where there is more than one."""
    with translation.override(PAPER_LANGUAGE):
        areas = _("By district") if figures["area"] == "district" else _("By town")
        lines = _("By sector") if figures["line"] == "sector" else _("By category")
        tables = [_table("areas", areas, figures, ranked=True), _table("lines", lines, figures, ranked=False)]
        if len(figures["scales"]) > 1:
            tables.append(_table("scales", _("By scale"), figures, ranked=False))
        return tables


def _table(key: str, title: str, figures: Mapping[str, Any], *, ranked: bool) -> Table:
    names = {"areas": pgettext("bulletin", "Area"), "lines": pgettext("bulletin", "Line"), "scales": _("Scale")}
    head = [names[key], *(str(HEADINGS[name]) for name in (*NUMBERS, "rate", "rate_on_time", "open"))]
    head += [_("New since"), _("Against the plan")]
    rows = [_cells(row, row["name"]) for row in figures[key]]
    rows.append(_cells(figures["total"], _("Total")))
    if ranked:
        head.append(pgettext("ranking", "Place"))
        places = [str(row["place"] or NONE) for row in figures[key]]
        rows = [[*row, place] for row, place in zip(rows, [*places, ""], strict=True)]
    return Table(key, title, head, rows)


def _cells(row: Mapping[str, Any], name: str) -> list[str]:
    counts = [str(row[key]) for key in NUMBERS]
    light = f"{LIGHT_SIGNS[row['light']]}{Light(row['light']).label}"
    return [name, *counts, share(row["rate"]), share(row["rate_on_time"]), str(row["open"]), more(row["new"]), light]


def summary_lines(figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the figures of the whole, label and value, in the order they are read."""
    total, standing, beside = figures["total"], figures["standing"], figures["reported"]
    with translation.override(PAPER_LANGUAGE):
        lines = [(str(HEADINGS[name]), str(total[name])) for name in NUMBERS]
        lines += [(str(HEADINGS[name]), share(total[name])) for name in ("rate", "rate_on_time")]
        lines += [
            (str(HEADINGS["open"]), str(total["open"])),
            (_("New since"), more(total["new"])),
            (_("The plan asks for"), f"{share(standing['planned'])}（{judged(standing)}）"),
            (_("Days left"), _left(standing)),
            (_("Needed a working day"), str(standing["needed"] or NONE)),
            (pgettext("bulletin", "Larger-and-above risks"), str(beside["risks"])),
            (_("Verified on the spot"), str(beside["verified"])),
            (_("Zero-risk reports supplemented"), str(beside["supplemented"])),
        ]
    return lines


def _left(standing: Mapping[str, Any]) -> str:
    text = _("%(days)s, of them %(working)s working days")
    return text % {"days": standing["days_left"], "working": standing["working_days_left"]}


def plain_text(title: str, text: str, figures: Mapping[str, Any]) -> str:
    """Return title, text and ranking as plain lines: no table, so that WeChat and WPS keep it as it is."""
    with translation.override(PAPER_LANGUAGE):
        ranked = sorted((row for row in figures["areas"] if row["place"]), key=lambda row: row["place"])
        line = _("%(place)s. %(name)s: %(actual)s of %(expected)s filed, %(rate)s%% (%(new)s)")
        return "\n".join([title, *text.splitlines(), "", _("Ranking by area"), *(line % row for row in ranked)])
