"""The panels of the board: each declared once, read and drawn by itself, so that each fails alone.

A panel is made of three functions over one ``BoardRequest`` (who looks, at which campaign, as of which day, within
which scope, narrowed to what): ``read`` asks the queries and returns plain data, ``tables`` says the data as tables
for the workbook and the paper, and ``draw`` draws it; without ``draw`` the tables are drawn. To add one, write a module
beside this one and name it in ``review/interfaces/panels/__init__.py``:

    register_panel(
        Panel(
            name="overdue_answers",              # its address: /board/panels/overdue_answers/
            heading=_("Overdue answers"),
            order=95,                            # where it stands; the panels of the house count in tens
            opens=opens_board,                   # who sees it: a rule; others are not shown it and are told why
            read=overdue_answers_of,             # BoardRequest -> data; ``asked.board`` is read once for all panels
            tables=overdue_tables,               # (BoardRequest, data) -> list[Table]; a number is a Number with the
        )                                        # address of the list that holds exactly so many rows
    )

The board fetches a panel when it comes into sight; ``at_once`` draws it with the page. What a panel raises is logged
and a sentence stands in its place, on the page, alone, and in the files. ``tests/review/views/test_board_panels.py``
walks every registered panel: it breaks one after the other, and holds each number against the list it opens.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from enterprises.models import User
from enterprises.queries.scope import Scope
from review.interfaces.board_page import BoardPage
from review.interfaces.panels.tables import Table, draw_tables
from review.models import Campaign
from review.queries.board import Board, Narrowing, read_board
from review.rules import opens_board
from riskreport.ground.access import Rule

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class BoardRequest:
    """What a board is asked: by whom, of which campaign, as of which day, within which scope, narrowed to what."""

    user: User
    campaign: Campaign
    as_of: dt.date
    today: dt.date
    scope: Scope
    narrowing: Narrowing

    @cached_property
    def board(self) -> Board:
        """The figures, read when the first panel wants them."""
        return read_board(
            campaign=self.campaign, as_of=self.as_of, today=self.today, scope=self.scope, narrowing=self.narrowing
        )

    @cached_property
    def page(self) -> BoardPage:
        """The figures with the addresses behind their numbers."""
        return BoardPage(self.board)

    def query(self, **changes: Any) -> str:
        """Return the part of an address that asks for this board, with some of its choices changed or taken away."""
        asked = {
            "campaign": self.campaign.code,
            "as_of": self.as_of.isoformat(),
            "county": self.narrowing.county,
            "town": self.narrowing.town,
            "sector": self.narrowing.sector,
            "seen_by": self.narrowing.seen_by,
        }
        return urlencode({name: value for name, value in (asked | changes).items() if value})

    def address(self, name: str = "board", **changes: Any) -> str:
        """Return the address of this board, or of what else is asked with the same choices."""
        return f"{reverse(name)}?{self.query(**changes)}"


def always(asked: BoardRequest) -> bool:
    """A panel that every board has."""
    return True


@dataclass(frozen=True)
class Panel:
    """One panel: its name in the address, its heading, who sees it, what it reads and how it is drawn.

    ``fits`` leaves a panel out where it would say nothing. ``at_once`` draws it with the page. ``is_half`` lets two of
    them stand side by side. ``on_paper`` says whether the PDF holds it. ``note`` is a sentence under the heading.
    """

    name: str
    heading: str | Promise
    order: int
    read: Callable[[BoardRequest], Any]
    tables: Callable[[BoardRequest, Any], list[Table]]
    draw: Callable[[BoardRequest, Any], SafeString] | None = None
    opens: Rule = opens_board
    fits: Callable[[BoardRequest], bool] = always
    at_once: bool = False
    is_half: bool = False
    in_workbook: bool = True
    on_paper: bool = True
    note: str | Promise = ""


@dataclass(frozen=True)
class Shown:
    """A panel as it is shown: what was drawn, nothing yet when it is to be fetched, or that it could not be read."""

    panel: Panel
    address: str
    body: SafeString | str = ""
    is_lost: bool = False


_panels: dict[str, Panel] = {}


def register_panel(panel: Panel) -> None:
    """Register a panel under its name. Raises ValueError when the name is taken."""
    if panel.name in _panels:
        raise ValueError(f"panel {panel.name} is registered already")
    _panels[panel.name] = panel


def all_panels() -> list[Panel]:
    """Return every panel in the order of the board."""
    return sorted(_panels.values(), key=lambda panel: (panel.order, panel.name))


def get_panel(name: str) -> Panel:
    """Return the panel of that name. Raises KeyError."""
    return _panels[name]


def panels_for(asked: BoardRequest) -> list[Panel]:
    """Return the panels that the person may see and that fit this board."""
    return [panel for panel in all_panels() if panel.opens(asked.user).allowed and panel.fits(asked)]


def panel_address(asked: BoardRequest, panel: Panel) -> str:
    """Return the address of one panel of a board."""
    return f"{reverse('board_panel', args=[panel.name])}?{asked.query()}"


def waiting(asked: BoardRequest, panel: Panel) -> Shown:
    """Return a panel that is still to be fetched."""
    return Shown(panel, panel_address(asked, panel))


def shown(asked: BoardRequest, panel: Panel) -> Shown:
    """Return a panel drawn; what it raises is logged and the others stay whole."""
    address = panel_address(asked, panel)
    try:
        data = panel.read(asked)
        body = panel.draw(asked, data) if panel.draw else draw_tables(panel.tables(asked, data))
        return Shown(panel, address, body)
    except Exception:
        logger.exception("panel %s of the board could not be read", panel.name)
        return Shown(panel, address, is_lost=True)


def tables_of(asked: BoardRequest, panel: Panel) -> list[Table] | None:
    """Return what a panel says as tables; None when it could not be read, which is logged."""
    try:
        return panel.tables(asked, panel.read(asked))
    except Exception:
        logger.exception("panel %s of the board could not be read for a file", panel.name)
        return None
