"""A burn-up in words, as a table and as the data of its chart."""

import datetime as dt
from collections.abc import Iterator
from html import escape
from typing import Any

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from review.enums import Light, Outlook
from review.interfaces.board_page import HEADINGS, rate_text
from review.interfaces.burnup_page import Burnup, Line, Part
from review.queries.completion import percent
from riskreport.ground.sheets.writers import Worksheet
from riskreport.ground.ui.badges import badge

TONES = {Light.AHEAD: "accent", Light.ON: "ok", Light.BEHIND: "bad"}


def shown(day: dt.date) -> str:
    """Return a day as pages show it."""
    return date_format(day, "Y-m-d")


def outlook_words(line: Line) -> str:
    """Return when a group ends, in a few words."""
    found = line.forecast
    if found.outlook != Outlook.BAND:
        return str(found.outlook.label)
    names = {"likely": _day(found.likely), "earliest": _day(found.earliest), "latest": _day(found.latest)}
    if found.latest is None:
        return _("%(likely)s (%(earliest)s at the earliest, latest day open)") % names
    return _("%(likely)s (%(earliest)s to %(latest)s)") % names


def sentences(burnup: Burnup) -> list[str]:
    """Return how things stand in three sentences: against the plan, the pace that is needed, when it ends."""
    line, found = burnup.whole, burnup.whole.forecast
    figures, due = line.figures, burnup.plan.due_on
    if found.outlook == Outlook.NOTHING:
        return [_("Nothing is expected here on %(day)s.") % {"day": shown(burnup.as_of)}]
    said = [
        _("As of %(day)s %(actual)s of %(expected)s are filed, %(rate)s; the plan asks for %(planned)s.")
        % {
            "day": shown(burnup.as_of),
            "actual": f"{figures.actual:,}",
            "expected": f"{figures.expected:,}",
            "rate": rate_text(figures.rate),
            "planned": rate_text(line.planned),
        }
    ]
    if found.outlook == Outlook.DONE:
        return [*said, _("All are filed.")]
    if line.days_behind:
        said.append(_("That is %(days)s days behind the plan.") % {"days": line.days_behind})
    return [*said, *_needed(burnup, due), *_ends(line, due)]


def _needed(burnup: Burnup, due: dt.date) -> Iterator[str]:
    found = burnup.whole.forecast
    names = {"due": shown(due), "open": f"{found.open:,}", "left": found.days_left, "needed": f"{found.needed or 0:,}"}
    if found.needed is None:
        yield _("No working day is left until the last day, %(due)s; %(open)s are open.") % names
    else:
        text = _("%(open)s are open; in the %(left)s working days until %(due)s, %(needed)s a working day are needed.")
        yield text % names
    if found.pace is not None:
        yield _("In the last weeks %(pace)s were filed a working day.") % {"pace": f"{float(found.pace):,.1f}"}


def _ends(line: Line, due: dt.date) -> Iterator[str]:
    found = line.forecast
    if found.outlook == Outlook.TOO_EARLY:
        yield _("There are not three weeks of figures yet, too little to say when it will end.")
        return
    if found.likely is None:
        yield _("At the pace of the last weeks it will not end.")
        return
    names = {"likely": _day(found.likely), "earliest": _day(found.earliest), "due": shown(due)}
    if found.latest is None:
        text = _("At this pace it ends about %(likely)s, at the earliest on %(earliest)s; at that of slow weeks never.")
    else:
        names["latest"] = _day(found.latest)
        text = _("At this pace it ends between %(earliest)s and %(latest)s, most likely about %(likely)s.")
    yield text % names
    if found.likely > due:
        yield _("That is after the last day, %(due)s.") % names


def _day(day: dt.date | None) -> str:
    return shown(day) if day else ""


def needed_words(line: Line) -> str:
    """Return the pace that is needed, or a dash where there is none."""
    if line.forecast.needed is None:
        return pgettext("pace", "day past") if line.forecast.open else "—"
    return f"{line.forecast.needed:,}"


def headings(part_heading: str) -> list[str]:
    """Return the headings of a table of lines."""
    return [
        part_heading,
        str(HEADINGS["expected"]),
        str(HEADINGS["actual"]),
        str(HEADINGS["rate"]),
        _("Planned"),
        _("Against the plan"),
        _("Days behind"),
        _("Needed a working day"),
        _("Ends at this pace"),
    ]


def table(part: Part, whole: Line) -> SafeString:
    """Draw the lines of a part, the whole beneath them; every text is escaped."""
    words = headings(part.heading)
    head = "".join(
        f'<th scope="col"{" class=rr-int" if 0 < place < 8 and place != 5 else ""}>{escape(text)}</th>'
        for place, text in enumerate(words)
    )
    body = "".join(_row(line, line.name, words) for line in part.lines)
    foot = _row(whole, _("Total"), words)
    return mark_safe(
        f'<table class="table rr-figures rr-burnup"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody><tfoot>{foot}</tfoot></table>"
    )  # texts are escaped, the badge and the rest are numbers  # nosec B703


def _row(line: Line, name: str, words: list[str]) -> str:
    drawn = f'<a href="{escape(line.url)}">{escape(name)}</a>' if line.url else escape(name)
    cells = [
        f"{line.figures.expected:,}",
        f"{line.figures.actual:,}",
        rate_text(line.figures.rate),
        rate_text(line.planned),
        badge(TONES[line.light], line.light.label) if line.figures.expected else "—",
        str(line.days_behind or "—"),
        escape(needed_words(line)),
        escape(outlook_words(line)),
    ]
    numbers = {0, 1, 2, 3, 5, 6}
    drawn_cells = "".join(
        f'<td{" class=rr-int" if place in numbers else ""} data-label="{escape(words[place + 1])}">{cell}</td>'
        for place, cell in enumerate(cells)
    )
    return f'<tr><th scope="row">{drawn}</th>{drawn_cells}</tr>'


def weeks(burnup: Burnup) -> SafeString:
    """Draw the points of the chart, the newest first."""
    words = week_headings()
    head = "".join(f'<th scope="col" class="rr-int">{escape(text)}</th>' for text in words[1:])
    rows = []
    for day, *cells in reversed(list(week_rows(burnup))):
        drawn = "".join(
            f'<td class="rr-int" data-label="{escape(text)}">{cell if isinstance(cell, str) else f"{cell:,}"}</td>'
            for text, cell in zip(words[1:], cells, strict=True)
        )
        rows.append(f'<tr><th scope="row">{shown(day)}</th>{drawn}</tr>')
    return mark_safe(
        f'<table class="table rr-figures"><thead><tr><th scope="col">{escape(words[0])}</th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )  # numbers, and escaped headings  # nosec B703


def week_headings() -> list[str]:
    """Return the headings of the weeks."""
    return [_("Day"), *(str(HEADINGS[name]) for name in ("expected", "actual", "on_time", "rate")), _("Planned")]


def week_rows(burnup: Burnup) -> Iterator[tuple]:
    """Yield the points of the chart as rows: day, figures, rate and planned share."""
    for point in burnup.points:
        one = point.figures
        yield point.day, one.expected, one.actual, one.on_time, rate_text(one.rate), rate_text(point.planned)


def chart(burnup: Burnup) -> dict[str, Any]:
    """Return what the chart draws, in per cent: the rows of the table beneath it, the plan, and the band to come."""
    found, plan, now = burnup.whole.forecast, burnup.plan, burnup.whole.figures
    share = float(percent(now.rate) or 0)
    start = [burnup.as_of.isoformat(), share]
    ends = {
        name: [start, [day.isoformat(), 100]]
        for name, day in (("earliest", found.earliest), ("likely", found.likely), ("latest", found.latest))
        if day is not None and found.outlook == Outlook.BAND
    }
    return {
        "plan": [[plan.opens_on.isoformat(), 0], *([day.isoformat(), float(part * 100)] for day, part in plan.targets)],
        "actual": [[point.day.isoformat(), float(percent(point.figures.rate) or 0)] for point in burnup.points],
        "ends": ends,
        "names": {
            "plan": _("Plan"),
            "actual": str(HEADINGS["actual"]),
            "earliest": pgettext("forecast", "Earliest"),
            "likely": pgettext("forecast", "Most likely"),
            "latest": pgettext("forecast", "Latest"),
        },
    }


def worksheets(burnup: Burnup) -> list[Worksheet]:
    """Return the tables of the page as worksheets: the weeks, then the areas and the lines."""
    kinds = ["date", "int", "int", "int", "text", "text"]
    by_week = Worksheet(_("Weeks"), week_headings(), [14, 10, 10, 10, 10, 10], kinds, week_rows(burnup))
    return [by_week, *(_worksheet(part, burnup.whole) for part in burnup.parts)]


def _worksheet(part: Part, whole: Line) -> Worksheet:
    rows = [
        (
            name,
            line.figures.expected,
            line.figures.actual,
            rate_text(line.figures.rate),
            rate_text(line.planned),
            str(line.light.label),
            line.days_behind,
            needed_words(line),
            outlook_words(line),
        )
        for line, name in (*((line, line.name) for line in part.lines), (whole, _("Total")))
    ]
    kinds = ["text", "int", "int", "text", "text", "text", "int", "text", "text"]
    return Worksheet(part.heading, headings(part.heading), [24, 10, 10, 10, 10, 14, 10, 16, 40], kinds, iter(rows))
