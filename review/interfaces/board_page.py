"""The board as it is drawn: every number a link to the list it counts, rates beside what they are made of.

Drawn in Python because a matrix of a hundred towns in a template loop costs more than the queries behind it.
"""

from collections.abc import Iterable
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext, pgettext_lazy

from review.interfaces.filters import filings_address, filter_pairs
from review.queries.board import Board
from review.queries.completion import Figures, percent

FIGURES = ("expected", "actual", "on_time", "open")
NO_RATE = mark_safe('<span class="rr-none">—</span>')
HEAT_STEPS = ((1.0, 4), (0.9, 3), (0.7, 2), (0.4, 1))


HEADINGS = {
    "expected": pgettext_lazy("completeness", "Expected"),
    "actual": pgettext_lazy("completeness", "Filed"),
    "on_time": pgettext_lazy("completeness", "Filed on time"),
    "rate": _l("Rate"),
    "rate_on_time": _l("Rate on time"),
    "open": pgettext_lazy("completeness", "Not filed yet"),
}


def counted(number: int, address: str, label: str = "") -> SafeString:
    """Return a number as a link to the list that holds exactly so many rows; ``label`` is read out with it."""
    said = f' aria-label="{escape(label)} {number}"' if label else ""
    drawn = f'<a class="rr-counted" data-count="{number}" href="{escape(address)}"{said}>{number:,}</a>'
    return mark_safe(drawn)  # numbers, and two escaped texts  # nosec B703


def rate_text(share: Any) -> str:
    """Return a rate with its sign, a dash when nothing is expected."""
    return f"{percent(share)}%" if share is not None else "—"


class BoardPage:
    """A board with the addresses behind its numbers."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.headings = {figure: str(words) for figure, words in HEADINGS.items()}  # said a thousand times a page
        narrowed = {"campaign": board.campaign.code, "as_of": board.as_of, **board.narrowing.codes()}
        self.starts = {stage: filings_address(stage=stage, **narrowed) for stage in FIGURES}

    def address(self, stage: str, **codes: Any) -> str:
        """Return the address of the filings that ``stage`` counts under these codes, within what is looked at."""
        return f"{self.starts[stage]}&{filter_pairs(codes)}" if codes else self.starts[stage]

    def here(self, **changes: Any) -> str:
        """Return the address of this board with some of its choices changed; None takes one away."""
        asked = {"campaign": self.board.campaign.code, "as_of": self.board.as_of.isoformat()}
        asked |= {"county": self.board.narrowing.county, "sector": self.board.narrowing.sector} | changes
        return f"{reverse('board')}?{urlencode({name: value for name, value in asked.items() if value})}"

    @property
    def tiles(self) -> list[dict]:
        """The five figures, and what is still open."""
        total = self.board.total
        tiles = [
            {"label": heading, "number": counted(getattr(total, name), self.address(name), heading)}
            for name, heading in self.headings.items()
            if name in FIGURES
        ]
        rates = [
            {"label": self.headings[name], "number": rate_text(getattr(total, name))}
            for name in ("rate", "rate_on_time")
        ]
        return [*tiles[:3], *rates, tiles[3]]

    @property
    def by_row(self) -> SafeString:
        """The five figures of every district, or town."""
        board = self.board
        names = {code: self._row_name(code, name) for code, name in board.row_names.items()}
        return self._figures_table(self.row_heading, board.rows, names, board.by_row)

    @property
    def by_column(self) -> SafeString:
        """The five figures of every sector, or category."""
        board = self.board
        names = {code: self._column_name(code, name) for code, name in board.column_names.items()}
        return self._figures_table(self.column_heading, board.columns, names, board.by_column)

    @property
    def by_scale(self) -> SafeString:
        """The five figures by scale."""
        figures = {cell.key[0]: cell.figures for cell in self.board.by_scale}
        names = {cell.key[0]: cell.labels[0] for cell in self.board.by_scale}
        return self._figures_table(_("Scale"), "scale", names, figures)

    @property
    def row_heading(self) -> str:
        """What the rows of the matrix are."""
        return _("Town or street") if self.board.rows == "town" else _("District or county-level city")

    @property
    def column_heading(self) -> str:
        """What the columns of the matrix are."""
        return _("Category") if self.board.columns == "category" else _("Sector")

    @property
    def matrix(self) -> SafeString:
        """Rates of every row and column with what they are made of."""
        board = self.board
        head = "".join(
            format_html('<th scope="col">{}</th>', self._column_name(code, name))
            for code, name in board.column_names.items()
        )
        lines = []
        for row, name in board.row_names.items():
            drawn = "".join(self._cell(row, column, name) for column in board.column_names)
            total = self._share(board.by_row[row], {board.rows: row}, name)
            lines.append(
                f'<tr><th scope="row">{conditional_escape(self._row_name(row, name))}</th>{drawn}'
                f'<td class="rr-sum">{total}</td></tr>'
            )
        sums = "".join(
            f'<td class="rr-sum">{self._share(board.by_column[code], {board.columns: code}, name)}</td>'
            for code, name in board.column_names.items()
        )
        foot = f'<td class="rr-sum">{self._share(board.total, {}, _("Total"))}</td>'
        # Every cell below was drawn by format_html, _share or conditional_escape.
        return format_html(
            '<table class="table rr-matrix"><caption class="visually-hidden">{}</caption><thead><tr>'
            '<th scope="col">{}</th>{}<th scope="col">{}</th></tr></thead><tbody>{}</tbody>'
            '<tfoot><tr><th scope="row">{}</th>{}{}</tr></tfoot></table>',
            _("Rate, and filed of expected, by area and by line"),
            self.row_heading,
            mark_safe(head),  # nosec B703
            _("Total"),
            mark_safe("".join(lines)),  # nosec B703
            _("Total"),
            mark_safe(sums),  # nosec B703
            mark_safe(foot),  # nosec B703
        )

    @property
    def chart(self) -> dict:
        """What the bar chart draws: the same figures as the table beneath it."""
        board = self.board
        return {
            "names": list(board.row_names.values()),
            "series": [
                {"name": self.headings[figure], "values": [getattr(one, figure) for one in board.by_row.values()]}
                for figure in ("expected", "actual", "on_time")
            ],
            "rates": [rate_text(one.rate) for one in board.by_row.values()],
            "rate_name": self.headings["rate"],
        }

    def _row_name(self, code: int | str, name: str) -> SafeString | str:
        if self.board.rows != "district":
            return name
        return format_html('<a href="{}" title="{}">{}</a>', self.here(county=code), _("Its towns"), name)

    def _column_name(self, code: int | str, name: str) -> SafeString | str:
        if self.board.columns != "sector":
            return name
        return format_html('<a href="{}" title="{}">{}</a>', self.here(sector=code), _("Its categories"), name)

    def _cell(self, row: int | str, column: int | str, name: str) -> str:
        board = self.board
        figures = board.cells.get((row, column))
        if figures is None:
            return '<td class="rr-none">—</td>'
        label = f"{name} {board.column_names[column]}"
        share = self._share(figures, {board.rows: row, board.columns: column}, label)
        return f'<td class="rr-heat-{_heat(figures)}">{share}</td>'

    def _share(self, figures: Figures, codes: dict, name: str) -> SafeString:
        """A rate above, filed of expected beneath, each of the two a link; the rate on time where it is another."""
        actual, expected = (
            counted(getattr(figures, stage), self.address(stage, **codes), f"{name} {self.headings[stage]}")
            for stage in ("actual", "expected")
        )
        on_time = ""
        if figures.on_time != figures.actual:
            word, rate = pgettext("completeness", "on time"), rate_text(figures.rate_on_time)
            on_time = format_html('<span class="rr-on-time">{} {}</span>', word, rate)
        drawn = f'<span class="rr-share">{rate_text(figures.rate)}</span><span class="rr-of">{actual}/{expected}</span>'
        return mark_safe(drawn + on_time)  # made of what counted and format_html drew, and of numbers  # nosec B703

    def _figures_table(self, heading: str, dimension: str, names: dict, found: dict[Any, Figures]) -> SafeString:
        lines = [self._figures_line(names[code], one, {dimension: code}) for code, one in found.items()]
        total = self._figures_line(_("Total"), sum(found.values(), Figures()), {})
        return format_html(
            '<table class="table rr-figures"><thead><tr><th scope="col">{}</th>{}</tr></thead><tbody>{}</tbody>'
            "<tfoot>{}</tfoot></table>",
            heading,
            _joined(format_html('<th scope="col" class="rr-int">{}</th>', words) for words in self.headings.values()),
            _joined(lines),
            total,
        )

    def _figures_line(self, name: Any, one: Figures, codes: dict) -> SafeString:
        linked = {figure: counted(getattr(one, figure), self.address(figure, **codes)) for figure in FIGURES}
        drawn = [
            linked["expected"],
            linked["actual"],
            linked["on_time"],
            rate_text(one.rate) if one.expected else NO_RATE,
            rate_text(one.rate_on_time) if one.expected else NO_RATE,
            linked["open"],
        ]
        return format_html(
            '<tr><th scope="row">{}</th>{}</tr>',
            name,
            _joined(
                format_html('<td class="rr-int" data-label="{}">{}</td>', heading, value)
                for heading, value in zip(self.headings.values(), drawn, strict=True)
            ),
        )


def _joined(parts: Iterable[SafeString]) -> SafeString:
    """Put together parts that format_html has escaped."""
    return mark_safe("".join(parts))  # nosec B703


def _heat(figures: Figures) -> int:
    """How far a cell is, in five steps; the words in it say the same, so colour never speaks alone."""
    share = float(figures.rate or 0)
    return next((step for least, step in HEAT_STEPS if share >= least), 0)
