"""The board as it is drawn: every number a link to the list it counts, rates beside what they are made of.

Drawn in Python because a matrix of a hundred towns in a template loop costs more than the queries behind it.
"""

from collections.abc import Iterable
from decimal import Decimal
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext, pgettext_lazy

from review.checks.schedule import light
from review.enums import Light
from review.interfaces.filters import KEYS, filings_address, filter_pairs
from review.queries.board import Board
from review.queries.completion import Figures, percent

FIGURES = ("expected", "actual", "on_time", "open")
HEAT_STEPS = ((1.0, 4), (0.9, 3), (0.7, 2), (0.4, 1))


SIGNS = {Light.AHEAD: "▲", Light.ON: "●", Light.BEHIND: "▼"}
HEADINGS = {
    "expected": pgettext_lazy("completeness", "Expected"),
    "actual": pgettext_lazy("completeness", "Filed"),
    "on_time": pgettext_lazy("completeness", "Filed on time"),
    "rate": _l("Rate"),
    "rate_on_time": _l("Rate on time"),
    "open": pgettext_lazy("completeness", "Not filed yet"),
}


def draw_number(number: int, address: str, label: str = "") -> str:
    """Draw a number as a link to the list that holds exactly so many rows; ``address`` and ``label`` are escaped.

    The label is read out with it.
    """
    said = f' aria-label="{label} {number}"' if label else ""
    return f'<a class="rr-counted" data-count="{number}" href="{address}"{said}>{number:,}</a>'


def counted(number: int, address: str, label: str = "") -> SafeString:
    """Return a number as a link to the list that holds exactly so many rows; ``label`` is read out with it."""
    return mark_safe(draw_number(number, escape(address), escape(label)))  # two escaped texts  # nosec B703


def rate_text(share: Any) -> str:
    """Return a rate with its sign, a dash when nothing is expected."""
    return f"{percent(share)}%" if share is not None else "—"


class BoardPage:
    """A board with the addresses behind its numbers."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.headings = {figure: str(words) for figure, words in HEADINGS.items()}  # said a thousand times a page
        self._said = {figure: escape(words) for figure, words in self.headings.items()}
        self._on_time = escape(pgettext("completeness", "on time"))
        narrowed = {"campaign": board.campaign.code, "as_of": board.as_of, **board.narrowing.codes()}
        self._lists = {stage: filings_address(stage=stage, **narrowed) for stage in FIGURES}
        self._starts = {stage: escape(address) for stage, address in self._lists.items()}
        self._path = reverse("board")
        self._asked = {"campaign": board.campaign.code, "as_of": board.as_of.isoformat()} | {
            KEYS.get(name, name): code for name, code in board.narrowing.codes().items()
        }
        self._row_codes = self._codes(board.rows, board.row_names)
        self._column_codes = self._codes(board.columns, board.column_names)

    def here(self, **changes: Any) -> str:
        """Return the address of this board with some of its choices changed; None takes one away."""
        return f"{self._path}?{urlencode({name: value for name, value in (self._asked | changes).items() if value})}"

    @property
    def course_query(self) -> str:
        """What the page of the course is asked for what this board shows."""
        return urlencode({name: value for name, value in self._asked.items() if value})

    def _total(self, stage: str, label: str) -> SafeString:
        drawn = self._counted(stage, getattr(self.board.total, stage), (), escape(label))
        return mark_safe(drawn)  # a number and an escaped text  # nosec B703

    def _counted(self, stage: str, number: int, codes: tuple[str, ...] = (), label: str = "") -> str:
        """Draw a number that ``stage`` counts under these codes, as ``_codes`` gives them; ``label`` is escaped."""
        return draw_number(number, "&amp;".join((self._starts[stage], *codes)), label)

    def list_address(self, stage: str, **codes: Any) -> str:
        """Return the address of the list of what ``stage`` counts here, under codes by dimension or by filter."""
        return "&".join(filter(None, (self._lists[stage], filter_pairs(codes))))

    def _codes(self, dimension: str, names: Iterable[int | str]) -> dict[int | str, str]:
        """Return the codes of a dimension as parts of an address, escaped."""
        return {code: escape(filter_pairs({dimension: code})) for code in names}

    @property
    def tiles(self) -> list[dict]:
        """The five figures, and what is still open."""
        tiles = [
            {"label": heading, "number": self._total(name, heading)}
            for name, heading in self.headings.items()
            if name in FIGURES
        ]
        rates = [
            {"label": self.headings[name], "number": rate_text(getattr(self.board.total, name))}
            for name in ("rate", "rate_on_time")
        ]
        return [*tiles[:3], *rates, tiles[3]]

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
        columns = {code: escape(name) for code, name in board.column_names.items()}
        head = "".join(f'<th scope="col">{self._column_name(code, name)}</th>' for code, name in columns.items())
        lines = []
        for row, name in board.row_names.items():
            said = escape(name)
            drawn = "".join([self._cell(row, column, f"{said} {label}") for column, label in columns.items()])
            total = self._share(board.by_row[row], (self._row_codes[row],), said)
            lines.append(
                f'<tr><th scope="row">{self._row_name(row, said)}</th>{drawn}<td class="rr-sum">{total}</td></tr>'
            )
        sums = "".join(
            f'<td class="rr-sum">{self._share(board.by_column[code], (self._column_codes[code],), label)}</td>'
            for code, label in columns.items()
        )
        foot = f'<td class="rr-sum">{self._share(board.total, (), escape(_("Total")))}</td>'
        # Every cell above was drawn by _cell, _share and the two that draw names, which escape.
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

    def _row_name(self, code: int | str, name: str) -> str:
        """Draw an escaped name of a row, as the way to its towns where it has some."""
        if self.board.rows != "district":
            return name
        return f'<a href="{escape(self.here(county=code))}" title="{escape(_("Its towns"))}">{name}</a>'

    def _column_name(self, code: int | str, name: str) -> str:
        """Draw an escaped name of a column, as the way to its categories where it has some."""
        if self.board.columns != "sector":
            return name
        return f'<a href="{escape(self.here(sector=code))}" title="{escape(_("Its categories"))}">{name}</a>'

    def _cell(self, row: int | str, column: int | str, label: str) -> str:
        figures = self.board.cells.get((row, column))
        if figures is None:
            return '<td class="rr-none">—</td>'
        share = self._share(figures, (self._row_codes[row], self._column_codes[column]), label)
        return f'<td class="rr-heat-{_heat(figures)}">{self.sign(figures, row, column)}{share}</td>'

    def light(self, figures: Figures, row: int | str | None = None, column: int | str | None = None) -> Light:
        """Return how a part of the board stands to the plan of its day."""
        return self.against(figures, self.board.plans.share(row, column))

    def against(self, figures: Figures, planned: Decimal | None) -> Light:
        """Return how figures stand to a planned share; on plan when there is none."""
        return Light.ON if planned is None else light(figures.rate, planned)

    def worded_sign(self, figures: Figures, row: int | str | None = None, column: int | str | None = None) -> str:
        """Draw the light of a part as its sign and its word."""
        stands = self.light(figures, row, column)
        return f'<span class="rr-light rr-light-{stands.value}">{SIGNS[stands]} {escape(str(stands.label))}</span>'

    def sign(self, figures: Figures, row: int | str | None = None, column: int | str | None = None) -> str:
        """Draw the light of a part as its sign, with the word for those who hear it or point at it."""
        stands = self.light(figures, row, column)
        words = escape(str(stands.label))
        return (
            f'<span class="rr-light rr-light-{stands.value}" title="{words}">{SIGNS[stands]}'
            f'<span class="visually-hidden">{words}</span></span>'
        )

    def _share(self, figures: Figures, codes: tuple[str, ...], label: str) -> str:
        """A rate above, filed of expected beneath, each of the two a link; the rate on time where it is another."""
        actual = self._counted("actual", figures.actual, codes, f"{label} {self._said['actual']}")
        expected = self._counted("expected", figures.expected, codes, f"{label} {self._said['expected']}")
        on_time = ""
        if figures.on_time != figures.actual:
            on_time = f'<span class="rr-on-time">{self._on_time} {rate_text(figures.rate_on_time)}</span>'
        share = f'<span class="rr-share">{rate_text(figures.rate)}</span>'
        return f'{share}<span class="rr-of">{actual}/{expected}</span>{on_time}'


def _heat(figures: Figures) -> int:
    """How far a cell is, in five steps; the words in it say the same, so colour never speaks alone."""
    share = float(figures.rate or 0)
    return next((step for least, step in HEAT_STEPS if share >= least), 0)
