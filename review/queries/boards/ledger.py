"""The risks of the ledger that lie on a board: by place, by accident type, each by level."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count

from review.queries.board import Board, labels_of
from review.queries.completion import DIMENSIONS
from risks.enums import RiskState
from risks.models import AccidentType, Risk

Levels = dict[str, int]


@dataclass(frozen=True)
class LedgerCounts:
    """Active risks of today by level: of all, of each place in the city's order, of each accident type, None last."""

    levels: Levels
    places: dict[int | str, tuple[str, Levels]]
    accidents: dict[str | None, tuple[str, Levels]]


def ledger_of(board: Board) -> LedgerCounts:
    """Return how many active risks stand in the ledger where a board looks; three queries."""
    rows = Risk.objects.filter(board.scope.q(), board.ledger.q(board.sectors), state=RiskState.ACTIVE).order_by()
    groups = rows.values(by_place=DIMENSIONS[board.rows]).annotate(n=Count("*"))
    all_of_them: Levels = defaultdict(int)
    places: dict[int | str, Levels] = defaultdict(lambda: defaultdict(int))
    accidents: dict[str | None, Levels] = defaultdict(lambda: defaultdict(int))
    for place, accident, level, number in groups.values_list("by_place", "accident_type_id", "level", "n"):
        for counts in (all_of_them, places[place], accidents[accident]):
            counts[level] += number
    names: dict[str | None, str] = {
        row.pk: row.label for row in AccidentType.objects.filter(pk__in=set(accidents) - {None})
    }
    if None in accidents:
        names[None] = ""
    return LedgerCounts(
        levels=all_of_them,
        places={code: (name, places[code]) for code, name in labels_of(board.rows, places).items()},
        accidents={code: (name, accidents[code]) for code, name in names.items()},
    )
