"""The panel of zero-risk reports: their share by area and by line, and which shares stand out."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from review.checks.zero_share import stands_out, wilson_interval
from review.interfaces.panels.completeness import area_name, expects_something, line_name
from review.interfaces.panels.registry import BoardRequest, Panel, register_panel
from review.interfaces.panels.tables import Cell, Marked, Number, Table
from review.queries.boards.zero_risk import Shares, zero_risk_of
from riskreport.ground.ui.badges import status_badge

NONE = (0, 0)


def shares_of(asked: BoardRequest) -> tuple[Shares, Shares]:
    """Read how many filed reports say zero risk, by row and by column."""
    return zero_risk_of(asked.board)


def zero_risk(asked: BoardRequest, found: tuple[Shares, Shares]) -> list[Table]:
    """Return the share of zero-risk reports of each area and each line, unusual ones marked."""
    board = asked.board
    by_row, by_column = found
    whole = sum(filed for filed, _zero in by_row.values()), sum(zero for _filed, zero in by_row.values())

    def table(title: str, heading: str, dimension: str, names: dict, shares: Shares, name: Callable) -> Table:
        rows = [[name(asked, code), *_cells(asked, shares.get(code, NONE), whole, {dimension: code})] for code in names]
        headings = [heading, _("Filed"), _("Zero risk"), _("Share"), _("Likely between"), _("Looks unusual")]
        return Table(title, headings, rows, [_("Total"), *_cells(asked, whole, whole, {})])

    return [
        table(_("Zero-risk reports by area"), asked.page.row_heading, board.rows, board.row_names, by_row, area_name),
        table(
            _("Zero-risk reports by line"), asked.page.column_heading, board.columns, board.column_names, by_column,
            line_name,
        ),
    ]  # fmt: skip


def _cells(asked: BoardRequest, share: tuple[int, int], whole: tuple[int, int], codes: dict[str, Any]) -> list[Cell]:
    filed, zero = share
    page = asked.page
    least, most = wilson_interval(zero, filed)
    stands = stands_out(zero, filed, whole[1], whole[0])
    words = _("Unusually high") if stands else "—"
    return [
        Number(filed, page.list_address("actual", **codes)),
        Number(zero, page.list_address("actual", **codes, reported="zero")),
        f"{100 * zero / filed:.1f}%" if filed else "—",
        f"{100 * least:.1f}% – {100 * most:.1f}%" if filed else "—",
        Marked(words, status_badge(words, "warn")) if stands else words,
    ]


register_panel(
    Panel(
        "zero_risk",
        _l("Zero-risk reports among those filed"),
        80,
        shares_of,
        zero_risk,
        fits=expects_something,
        note=_l(
            "A share is marked when, with 95 % certainty (Wilson interval), it lies above that of the whole board, and "
            "it has at least 10 reports filed. Marked ones are worth a look on the spot; the mark proves nothing."
        ),
    )
)
