"""The list of filings as a sheet: what stands behind every number of a board, for the screen and for export."""

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.enums import Scale
from enterprises.interfaces.codes import unit_code_for
from enterprises.interfaces.columns import UNIT_CODES, first_of, name_of
from review.enums import FilingState
from review.interfaces import queue_sheet, risks_import, todos_sheet, training_sheets, visits_sheet  # noqa: F401  (they register themselves)
from review.interfaces.bulletins import sheet as bulletins_sheet  # noqa: F401  (it registers itself)
from review.interfaces.campaigning import sheets as campaign_sheets  # noqa: F401  (they register themselves)
from review.interfaces.filings_import import FILINGS_IMPORTER, MOST_REASON, OFFERED, campaign_for
from review.interfaces.filters import FilingFilter
from review.interfaces.letters import sheet as letters_sheet  # noqa: F401  (it registers itself)
from review.models import Filing
from review.queries.board import colour_or_grey, current_rating
from review.queries.scope import filings_for_user
from review.queries.status import tone_of, turn_in_words
from review.rules import opens_filings
from riskreport.ground.sheets import Column, Sheet, register_sheet
from riskreport.ground.sheets.cleaners import choice, date, text, whole
from riskreport.ground.ui.addresses import row_address
from riskreport.ground.ui.badges import colour_badge, status_badge
from risks.enums import Colour


def _with_colour(rows: QuerySet[Filing]) -> QuerySet[Filing]:
    """Bring the colour of the enterprise: a join that only a page's own rows pay for."""
    return rows.annotate(rated=current_rating()).annotate(colour=colour_or_grey())


def nothing_yet(pk: int) -> str:
    """A cell that stays empty until somebody asks for an act in it."""
    return ""


def _turn(state: str, is_paper: bool, due_on: dt.date, short: str, name: str) -> str:
    return turn_in_words(state, is_paper, due_on, short or name)


def _on_time(filed: dt.date | None, due: dt.date) -> bool | None:
    return None if filed is None else filed <= due


_decided_by = name_of("department", "department__name")


register_sheet(
    Sheet(
        name="filings",
        title=_("Reports"),
        rows=filings_for_user,
        rule=opens_filings,
        filterset=FilingFilter,
        importer=FILINGS_IMPORTER,
        empty_title=_("No reports in your area yet"),
        empty_text=_("A report appears here for every unit as soon as a reporting task is launched."),
        columns=(
            Column(
                "unit", _("Enterprise"), "enterprise__name", width=36,
                css="rr-wide", sort="enterprise__name", link=row_address("filing"), clean=text(120),
                aliases=("单位名称", "企业名称", "机构名称", "场所名称", "单位"),
            ),
            Column(
                "state", _("Status"), ("state", "is_paper", "due_on", "department__short_name", "department_label"),
                _turn, adds=_decided_by, width=40, css="rr-state rr-wide", sort="state",
                draw=lambda row, value: status_badge(value, tone_of(row.state)),
            ),
            Column("category", _("Category"), "category_label", adds=name_of("category"), width=20, sort="category_id"),
            Column(
                "county", pgettext_lazy("column", "District"), "county_label", adds=name_of("county"), width=14,
                css="rr-fit", sort="town_id",
            ),
            Column("town", _("Town or street"), "town_label", adds=name_of("town"), width=16, hidden=True),
            Column(
                "status", _("Stage reached"), "state", kind="choice", choices=FilingState, width=16, hidden=True,
                clean_for=choice(FilingState),
            ),
            Column("due", _("Due on"), "due_on", kind="date", width=12, sort="due_on", clean=date, blank=None,
                   aliases=("截止时间", "报送期限", "截止日")),
            Column(
                "filed", _("First filed on"), "first_filed_on", kind="date", width=12, sort="first_filed_on",
                clean=date, blank=None,
                aliases=("首次报送时间", "首报日期"),
            ),
            Column("on_time", _("On time"), ("first_filed_on", "due_on"), _on_time, kind="bool", width=10, hidden=True),
            Column(
                "major", pgettext_lazy("column", "Major"), "risks_major", kind="int", width=10, sort="risks_major",
                clean=whole(0, 9999), blank=None,
            ),
            Column(
                "larger", pgettext_lazy("column", "Larger"), "risks_larger", kind="int", width=10,
                sort="risks_larger", clean=whole(0, 9999), blank=None,
            ),
            Column(
                "colour", _("Enterprise rating"), "colour", kind="choice", choices=Colour, width=10,
                adds=_with_colour,
                draw=lambda row, value: colour_badge(row.colour, short=True),
            ),
            Column(
                "code", _("Credit code or temporary code"), UNIT_CODES, first_of, width=22,
                hidden=True, required=True, clean_for=unit_code_for, example="91320583MA1M9X0R6P",
                aliases=("统一社会信用代码", "社会信用代码", "信用代码", "统一代码", "临时代码", "单位信用代码"),
            ),
            Column(
                "campaign", _("Reporting task"), "campaign_label", adds=name_of("campaign", "campaign__name"), width=30,
                hidden=True, required=True, clean_for=campaign_for,
                example=_("the task's name as it stands in the list"),
                aliases=("任务", "任务名称", "报告任务", "报告任务名称"),
            ),
            Column("sector", _("Sector"), "sector_label", adds=name_of("sector"), width=20, hidden=True),
            Column(
                "scale", _("Scale"), "scale", kind="choice", choices=Scale, width=10, hidden=True, sort="scale",
                clean_for=choice(Scale),
            ),
            Column("department", _("Decided by"), "department_label", adds=_decided_by, width=26, hidden=True),
            Column(
                "joined", _("Expected from"), "joined_on", kind="date", width=12, hidden=True, sort="joined_on",
                clean=date, blank=None,
            ),
            Column(
                "left", _("Expected until"), "left_on", kind="date", width=12, hidden=True, sort="left_on",
                clean=date, blank=None,
            ),
            Column("left_reason", _("Why no longer expected"), "left_reason", width=30, hidden=True),
            Column(
                "submitted", _("Handed in"), "submitted_at", kind="datetime", width=18, hidden=True,
                sort="submitted_at",
            ),
            Column("paper", _("Paper report"), "is_paper", kind="bool", width=10, hidden=True),
            Column(
                "action", _("Act asked for"), "pk", nothing_yet, kind="choice", choices=OFFERED, width=14, hidden=True,
                clean_for=choice(OFFERED), note=_("Fill it in only where an act is wanted, with its reason."),
            ),
            Column(
                "reason", _("Reason of the act"), "pk", nothing_yet, width=30, hidden=True, clean=text(MOST_REASON),
                note=_("Why the act is wanted; the other side reads it."),
            ),
        ),
    )
)  # fmt: skip
