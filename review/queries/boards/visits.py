"""Checks on the spot of a campaign's reports: by level and outcome, and the faults that nobody has come back for."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from review.enums import LEAVES_FAULT, VisitOutcome
from review.models import Visit
from review.queries.board import Board
from review.queries.verified import visit_scope


def later_visit(as_of: dt.date) -> Exists:
    """Return the condition that the same report was visited again on a later day, by the end of ``as_of``."""
    later = Visit.objects.filter(filing=OuterRef("filing"), visited_on__gt=OuterRef("visited_on"))
    return Exists(later.filter(visited_on__lte=as_of))


def open_fault_q(as_of: dt.date) -> Q:
    """Return the condition of a visit that left a fault and after which nobody came again by the end of the day."""
    return Q(outcome__in=sorted(LEAVES_FAULT), visited_on__lte=as_of) & ~Q(later_visit(as_of))


def overdue_fault_q(as_of: dt.date) -> Q:
    """Return the condition of an open fault whose day for mending it has passed."""
    return open_fault_q(as_of) & Q(rectify_by__lt=as_of)


FAULTS = {"open": open_fault_q, "overdue": overdue_fault_q}


@dataclass(frozen=True)
class VisitCounts:
    """Visits up to a day by level and outcome; faults open and overdue by the level of the visit that found them."""

    outcomes: dict[str, dict[str, int]]
    faults: dict[str, int]
    overdue: dict[str, int]


def visits_of_board(board: Board) -> VisitCounts:
    """Return the visits to the reports of a board's campaign, where the board looks, up to its day; one query."""
    here = board.narrowing.q(board.sectors, town="filing__town_id", category="filing__category_id")
    rows = Visit.objects.filter(
        visit_scope(board.scope), here, filing__campaign=board.campaign, visited_on__lte=board.as_of
    )
    counts = {
        "n": Count("*"),
        "n_open": Count("pk", filter=open_fault_q(board.as_of)),
        "n_overdue": Count("pk", filter=overdue_fault_q(board.as_of)),
    }
    outcomes: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(VisitOutcome.values, 0))
    faults: dict[str, int] = defaultdict(int)
    overdue: dict[str, int] = defaultdict(int)
    found = rows.order_by().values("level", "outcome").annotate(**counts)
    for level, outcome, number, still_open, late in found.values_list("level", "outcome", *counts):
        outcomes[level][outcome] += number
        faults[level] += still_open
        overdue[level] += late
    return VisitCounts(dict(outcomes), dict(faults), dict(overdue))
