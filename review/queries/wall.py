"""What a display on a wall shows: sums of its area alone, no unit and no list."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, Value

from enterprises.models import Region
from review.enums import ANSWER_OWED, NEVER_ISSUED, UNDER_WAY, LetterKind
from review.models import Campaign, DisplayToken, Letter
from review.queries.board import Board, campaigns_to_show, read_board
from review.queries.completion import Figures, completion, folded
from review.queries.displays import scope_of
from review.queries.schedule import Plan, plan_of

WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Wall:
    """All figures of one display as of today; ``before`` are those of the rows a week ago."""

    display: DisplayToken
    board: Board
    before: dict[int | str, Figures]
    plan: Plan
    letters: list["LetterCount"]
    today: dt.date


@dataclass(frozen=True)
class LetterCount:
    """Letters of a kind: all that were issued, those under way, and of them those whose answer is overdue."""

    kind: str
    issued: int
    under_way: int
    overdue: int


def campaign_of(display: DisplayToken) -> Campaign | None:
    """Return the reporting task a display shows: its own, else the newest open one that asks its sector."""
    if display.campaign_id:
        return display.campaign
    rows = campaigns_to_show()
    if display.sector_id:
        asking = set(Campaign.objects.filter(categories__sector=display.sector_id).values_list("pk", flat=True))
        rows = [row for row in rows if row.pk in asking]
    return rows[0] if rows else None


def read_wall(display: DisplayToken, today: dt.date) -> Wall | None:
    """Return the figures of a display, None where no reporting task was launched yet."""
    campaign = campaign_of(display)
    if campaign is None:
        return None
    scope = scope_of(display)
    board = read_board(campaign=campaign, as_of=today, today=today, scope=scope)
    before = folded(completion(campaign=campaign, as_of=today - WEEK, by=board.rows, scope=scope), 0)
    expected = {str(cell.key[0]): cell.figures.expected for cell in board.by_scale}
    letters = [] if display.sector_id else count_letters(display.region, today)
    return Wall(display, board, before, plan_of(campaign, expected=expected), letters, today)


def count_letters(region: Region, today: dt.date) -> list[LetterCount]:
    """Return the follow-up letters to those of a region, by kind from mild to severe; one query."""
    within = {"answerer__region__low__gte": region.low, "answerer__region__high__lte": region.high}
    theirs = Q(**within) | Q(to_enterprise__town_id__gte=region.low, to_enterprise__town_id__lte=region.high)
    rows = Letter.objects.filter(theirs).exclude(state__in=NEVER_ISSUED).order_by().values("kind")
    counted = rows.annotate(
        issued=Count("*"),
        under_way=Count(Value(1), filter=Q(state__in=UNDER_WAY)),
        overdue=Count(Value(1), filter=Q(state__in=ANSWER_OWED, due_on__lt=today)),
    )
    found = {row["kind"]: LetterCount(**row) for row in counted}
    return [found[kind] for kind in LetterKind.values if kind in found]
