"""The panel of checks on the spot: by level and outcome, and the faults nobody has come back for."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.enums import RegionLevel
from review.enums import VisitOutcome
from review.interfaces.panels.registry import BoardRequest, Panel, register_panel
from review.interfaces.panels.tables import Cell, Number, Table
from review.interfaces.visits_sheet import visits_address
from review.queries.boards.visits import VisitCounts, visits_of_board


def visits_of(asked: BoardRequest) -> VisitCounts:
    """Read the visits to the reports of the board."""
    return visits_of_board(asked.board)


def visits(asked: BoardRequest, found: VisitCounts) -> list[Table]:
    """Return the visits of each level by outcome, and the faults still open."""
    start = {"campaign": asked.campaign.code, "until": asked.as_of.isoformat(), **asked.narrowing.codes()}

    def cells(outcomes: dict[str, int], faults: int, overdue: int, **level: str) -> list[Cell]:
        by_outcome = [
            Number(outcomes.get(outcome, 0), visits_address(**start, outcome=outcome, **level))
            for outcome in VisitOutcome.values
        ]
        left = {"open": faults, "overdue": overdue}
        open_ones = [Number(number, visits_address(**start, fault=fault, **level)) for fault, number in left.items()]
        return [Number(sum(outcomes.values()), visits_address(**start, **level)), *by_outcome, *open_ones]

    rows = [
        [
            str(level.label),
            *cells(
                found.outcomes.get(level, {}),
                found.faults.get(level, 0),
                found.overdue.get(level, 0),
                level=level.value,
            ),
        ]
        for level in RegionLevel
    ]
    sums = {outcome: sum(one[outcome] for one in found.outcomes.values()) for outcome in VisitOutcome.values}
    total = [_("Total"), *cells(sums, sum(found.faults.values()), sum(found.overdue.values()))]
    headings = [
        _("Visited by level"), _("Visits"), *(str(outcome.label) for outcome in VisitOutcome), _("Faults still open"),
        _("Past their day"),
    ]  # fmt: skip
    note = _("A fault stays open until somebody visits the unit again on a later day.")
    return [Table(_("Checks on the spot"), headings, rows, total, note)]


register_panel(Panel("visits", _l("Checks on the spot"), 120, visits_of, visits))
