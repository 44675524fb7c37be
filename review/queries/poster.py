"""What the wall chart on paper shows: the board of an office's region, its plan, and who answers for what."""

import datetime as dt
from dataclasses import dataclass

from enterprises.enums import DepartmentKind
from enterprises.models import Department, Region, Sector
from enterprises.queries.scope import Scope
from review.models import Campaign, Milestone
from review.queries.board import Board, read_board
from review.queries.schedule import Plan, plan_of


@dataclass(frozen=True)
class Poster:
    """The board with its plan; ``leads`` name the line that leads a sector, ``offices`` who answers in an area."""

    region: Region
    board: Board
    plan: Plan
    milestones: list[Milestone]
    leads: dict[str, str]
    offices: dict[int, str]


def read_poster(*, campaign: Campaign, region: Region, today: dt.date) -> Poster:
    """Return the wall chart of a region; a fixed number of queries whatever stands behind them."""
    board = read_board(campaign=campaign, as_of=today, today=today, scope=Scope(ranges=(region.bounds,)))
    expected = {str(cell.key[0]): cell.figures.expected for cell in board.by_scale}
    answering = Department.objects.filter(
        kind__in=(DepartmentKind.COMMITTEE, DepartmentKind.TOWNSHIP), region__in=list(board.row_names)
    )
    sectors = Sector.objects.filter(pk__in=[str(code) for code in board.column_names]).select_related("lead")
    return Poster(
        region=region,
        board=board,
        plan=plan_of(campaign, expected=expected),
        milestones=list(campaign.milestones.all()),
        leads={row.pk: row.lead.name for row in sectors},
        offices={row.region_id: row.short_name or row.name for row in answering},
    )
