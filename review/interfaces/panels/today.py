"""Panels of today: where the reports stand, the colours of the units, the risks of the ledger."""

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from review.enums import FilingState
from review.interfaces.board_page import draw_number
from review.interfaces.filters import filings_address
from review.interfaces.panels.completeness import area_name, expects_something
from review.interfaces.panels.registry import BoardRequest, Panel, register_panel
from review.interfaces.panels.tables import Link, Marked, Number, Table, draw_tables
from review.queries.boards.ledger import LedgerCounts, ledger_of
from review.queries.status import tone_of
from riskreport.ground.ui.badges import colour_badge, level_badge, status_badge
from risks.enums import LARGER_AND_ABOVE, Colour, Level
from risks.interfaces.filters import UNNAMED, risks_address

LEVELS = [level for level in Level if level in LARGER_AND_ABOVE]


def today_address(asked: BoardRequest, **also: str) -> str:
    """Return the address of the reports that are expected here today, under further filters."""
    return filings_address(campaign=asked.campaign.code, as_of=asked.today, **asked.narrowing.codes(), **also)


# --- where the reports stand ----------------------------------------------------------------------------------------
def states_of(asked: BoardRequest) -> dict[str, int]:
    """Read how many reports stand in each state."""
    return asked.board.states


def states(asked: BoardRequest, found: dict[str, int]) -> list[Table]:
    """Return how many reports stand in each state, in the order of the way, and their share."""
    whole = sum(found.values())
    rows = [
        [
            Marked(str(FilingState(state).label), status_badge(FilingState(state).label, tone_of(state))),
            Number(count, today_address(asked, state=state), str(FilingState(state).label)),
            f"{100 * count / whole:.1f}%" if whole else "—",
        ]
        for state, count in found.items()
    ]
    return [Table(_("Where the reports stand today"), [_("Status"), _("Number"), _("Share")], rows)]


def draw_states(asked: BoardRequest, found: dict[str, int]) -> SafeString:
    """Draw the states as bars, the way down."""
    whole = sum(found.values()) or 1
    rows = [
        format_html(
            '<tr><th scope="row">{}</th><td><progress value="{}" max="{}" aria-label="{}"></progress></td>'
            '<td class="rr-int">{}</td></tr>',
            name.drawn, number.count, whole, name.text,
            mark_safe(draw_number(number.count, escape(number.address), escape(name.text))),  # nosec B703
        )
        for name, number, _share in states(asked, found)[0].rows
    ]  # fmt: skip
    return format_html('<table class="table rr-bars"><tbody>{}</tbody></table>', mark_safe("".join(rows)))  # nosec B703


# --- colours --------------------------------------------------------------------------------------------------------
def colours_of(asked: BoardRequest) -> dict[str, int]:
    """Read how many units have each colour."""
    return asked.board.colours


def colours(asked: BoardRequest, found: dict[str, int]) -> list[Table]:
    """Return how many of the units expected today have each colour."""
    whole = sum(found.values())
    rows = [
        [
            Marked(str(Colour(colour).label), colour_badge(colour)),
            Number(count, today_address(asked, colour=colour), str(Colour(colour).label)),
            f"{100 * count / whole:.1f}%" if whole else "—",
        ]
        for colour, count in found.items()
    ]
    note = _("Ratings by the example rule (示例口径).")
    headings = [_("Enterprise rating"), _("Number"), _("Share")]
    return [Table(_("Enterprise ratings of these units today"), headings, rows, note=note)]


# --- the ledger -----------------------------------------------------------------------------------------------------
def risks_of(asked: BoardRequest) -> LedgerCounts:
    """Read the risks of the ledger here."""
    return ledger_of(asked.board)


def risks(asked: BoardRequest, found: LedgerCounts) -> list[Table]:
    """Return the risks by level, by place and by accident type."""
    codes = asked.board.ledger.codes()
    heads = [str(level.label) for level in LEVELS]

    def cells(counts: dict[str, int], **also: object) -> list[Number]:
        per_level = [
            Number(counts.get(level, 0), risks_address(level=level.value, **codes | also), str(level.label))
            for level in LEVELS
        ]
        return [*per_level, Number(sum(counts.values()), risks_address(**codes | also))]

    levels = [
        [Marked(str(level.label), level_badge(level)), number]
        for level, number in zip(LEVELS, cells(found.levels), strict=False)
    ]
    rows, whole = asked.board.rows, cells(found.levels)
    places = [
        [area_link(asked, code, name), *cells(counts, **{rows: code})] for code, (name, counts) in found.places.items()
    ]
    accidents = [
        [name or _("Not named"), *cells(counts, accident_type=UNNAMED if code is None else code)]
        for code, (name, counts) in found.accidents.items()
    ]
    total = [_("Total"), *whole]
    return [
        Table(_("By level"), [_("Risk level"), _("Number")], levels, [_("Total"), whole[-1]]),
        Table(_("Risks by area"), [asked.page.row_heading, *heads, _("Total")], places, total),
        Table(_("Risks by accident type"), [_("Accident type"), *heads, _("Total")], accidents, total),
    ]


def area_link(asked: BoardRequest, code: int | str, name: str) -> str | Link:
    """Return a place of the ledger as the way to its board where that counts it too."""
    return area_name(asked, code) if code in asked.board.row_names else name


def draw_risks(asked: BoardRequest, found: LedgerCounts) -> SafeString:
    """Draw the three tables side by side where there is room."""
    tables = risks(asked, found)
    drawn = [f"<div>{draw_tables([table], titled=True)}</div>" for table in tables]
    return mark_safe(f'<div class="rr-panel-parts">{"".join(drawn)}</div>')  # tables are escaped  # nosec B703


def may_ask_ledger(asked: BoardRequest) -> bool:
    """Say whether the person handles the sector whose risks would be counted: their list knows no other."""
    sector, handled = asked.board.ledger.sector, asked.scope.categories
    return not sector or handled is None or any(asked.board.sectors[code] == sector for code in handled)


register_panel(
    Panel(
        "states", _l("Where the reports stand today"), 90, states_of, states, draw_states, fits=expects_something,
        is_half=True,
    )
)  # fmt: skip
register_panel(
    Panel(
        "colours", _l("Enterprise ratings of these units today"), 100, colours_of, colours, fits=expects_something,
        is_half=True,
    )
)  # fmt: skip
register_panel(
    Panel(
        "risks",
        _l("Risk ledger here today, all reporting tasks"),
        110,
        risks_of,
        risks,
        draw_risks,
        fits=may_ask_ledger,
    )
)
