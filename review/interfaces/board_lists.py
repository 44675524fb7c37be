"""Whether the numbers of a board are those of the lists they open, asked as a person who opens them would."""

import datetime as dt
from urllib.parse import urlsplit

from django.http import QueryDict

from enterprises.enums import DepartmentKind, RegionLevel, Role
from enterprises.models import User
from enterprises.queries.scope import scope_for
from review.enums import CampaignState
from review.interfaces.filters import filings_address
from review.models import Campaign
from review.queries.board import count_by_colour, count_by_state
from review.queries.completion import GROUPINGS, Cell, completion, expected_filings
from riskreport.ground import clock
from riskreport.ground.sheets import get_sheet
from riskreport.ground.sheets.selection import Selection

PROVEN = ("total", "district", "sector", "scale")
FIGURES = ("expected", "actual", "on_time")


def count_at(address: str, user: User, sheet: str = "filings") -> int:
    """Return how many rows the list at an address holds for a person."""
    selection = Selection(get_sheet(sheet), user, QueryDict(urlsplit(address).query), {})
    return selection.rows.count()


def cell_address(campaign: Campaign, as_of: dt.date, by: str, cell: Cell, figure: str) -> str:
    """Return the address of the list behind one figure of a cell."""
    codes = dict(zip(GROUPINGS[by], cell.key, strict=True))
    return filings_address(campaign=campaign.code, as_of=as_of, stage=figure, **codes)


def board_differences() -> tuple[int, list[str]]:
    """Compare today's board of every launched campaign with its lists, as the city's office sees both.

    Returns how many lists were counted and what differs. Without a person of the city's office nothing is counted.
    """
    person = (
        User.objects.filter(role=Role.OFFICE, is_active=True, department__kind=DepartmentKind.COMMITTEE)
        .filter(department__level=RegionLevel.CITY)
        .order_by("pk")
        .first()
    )
    if person is None:
        return 0, []
    counted, found, today = 0, [], clock.today()
    for campaign in Campaign.objects.exclude(state=CampaignState.DRAFT):
        for address, told in _told(campaign, today, person):
            counted += 1
            held = count_at(address, person)
            if held != told:
                found.append(f"campaign {campaign.code}: the board says {told}, the list {address} holds {held}")
    return counted, found


def _told(campaign: Campaign, today: dt.date, person: User) -> list[tuple[str, int]]:
    """What the board tells, each number with the list it opens."""
    scope = scope_for(person)
    told = [
        (cell_address(campaign, today, by, cell, figure), getattr(cell.figures, figure))
        for by in PROVEN
        for cell in completion(campaign=campaign, as_of=today, by=by, scope=scope)
        for figure in FIGURES
    ]
    states = count_by_state(campaign=campaign, today=today, scope=scope)
    expected = expected_filings(campaign=campaign, as_of=today, scope=scope).count()
    colours = count_by_colour(campaign=campaign, today=today, expected=expected, scope=scope)
    told += [(filings_address(campaign=campaign.code, as_of=today, state=key), n) for key, n in states.items()]
    told += [(filings_address(campaign=campaign.code, as_of=today, colour=key), n) for key, n in colours.items()]
    return told
