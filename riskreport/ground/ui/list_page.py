"""A list page from a sheet: filters, pills, table, pages, column choice and export in one call.

@access(is_official)
@require_GET
def enterprises(request):
    return list_page(request, "enterprises", lead=_("%(count)s units in your area."))
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from riskreport.ground.sheets.declaration import PAGE_SIZES, Sheet, get_sheet
from riskreport.ground.sheets.paging import COUNT_CAP, Page, take_page
from riskreport.ground.sheets.selection import CURSORS, BadFilter, Selection
from riskreport.ground.ui.fields import draw_control
from riskreport.ground.ui.kept import draw_kept
from riskreport.ground.ui.table import draw_table

WIDE_COLUMNS = 9


@dataclass
class ListView:
    """What templates/ground/list.html draws."""

    selection: Selection
    page: Page
    problem: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)

    @property
    def sheet(self) -> Sheet:
        """The declaration the page is drawn from."""
        return self.selection.sheet

    @property
    def count_text(self) -> str:
        """How many rows there are, capped: «10,000+»."""
        return f"{COUNT_CAP:,}+" if self.page.is_capped else f"{self.page.count:,}"

    @property
    def text(self) -> str:
        """Which rows are seen, for the pager."""
        if not self.page.rows:
            return ""
        start, end = self.page.start, self.page.start + len(self.page.rows) - 1
        return _("Rows %(start)s to %(end)s of %(count)s") % {
            "start": f"{start:,}",
            "end": f"{end:,}",
            "count": self.count_text,
        }

    @property
    def previous_url(self) -> str:
        """The address of the page before, or nothing."""
        return self.selection.address(before=self.page.before) if self.page.before else ""

    @property
    def next_url(self) -> str:
        """The address of the page after, or nothing."""
        return self.selection.address(after=self.page.after) if self.page.after else ""

    @property
    def table(self) -> str:
        """The table itself."""
        return draw_table(self.selection, self.page.rows)

    @property
    def is_wide(self) -> bool:
        """Whether so many columns were asked for that the table scrolls sideways."""
        return len(self.selection.columns) > WIDE_COLUMNS

    @property
    def filter_fields(self) -> SafeString | str:
        """Label and control of every filter that the page does not fix and that is not hidden."""
        names = [name for name in self._shown_filters if name not in self.fixed]
        bound = [self.selection.filters.form[name] for name in names] if self.selection.filters is not None else []
        drawn = [
            f'<div><label for="{one.id_for_label}">{escape(one.label)}</label>{draw_control(one)}</div>'
            for one in bound
        ]
        return mark_safe("".join(drawn))  # labels and controls are escaped  # nosec B703

    @property
    def _shown_filters(self) -> list[str]:
        if self.selection.filters is None:
            return []
        return [name for name, field in self.selection.filters.form.fields.items() if not field.widget.is_hidden]

    @property
    def pills(self) -> list[dict]:
        """Every filter that is set, with the address without it."""
        return [
            {"label": label, "words": words, "url": self.selection.address(without={name})}
            for name, label, words in self.selection.asked_filters()
        ]

    @property
    def clear_url(self) -> str:
        """The address without any filter."""
        names = set(self.selection.filters.form.fields) if self.selection.filters is not None else set()
        return self.selection.address(without=names)

    @property
    def kept_by_filters(self) -> list[tuple[str, str]]:
        """The pairs a filter form must carry along: a hidden filter is only taken away by its pill."""
        return self.selection.pairs(without=CURSORS | set(self._shown_filters))

    @property
    def view_choice(self) -> SafeString:
        """The choice of columns and of rows a page."""
        shown = {column.key for column in self.selection.columns}
        columns = tuple((one.key, str(one.heading), one.key in shown) for one in self.sheet.columns[1:])
        sizes = tuple((size, size == self.selection.size) for size in PAGE_SIZES)
        pairs = self.selection.pairs(without=CURSORS | {"cols", "size"})
        return draw_kept(
            "ground/_list_view.html",
            known={"columns": columns, "sizes": sizes},
            marks={"kept": format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)},
        )

    @property
    def can_import(self) -> bool:
        """Whether the person may take rows of this sheet in from a file."""
        importer = self.sheet.importer
        return importer is not None and importer.rule(self.selection.user).allowed

    @property
    def export_query(self) -> str:
        """What an export must ask for to give what is seen."""
        return self.selection.address(without={"size"})[1:]


def list_page(
    request: HttpRequest,
    sheet_name: str,
    *,
    template: str = "ground/list.html",
    lead: str | Promise = "",
    fixed: Mapping[str, str] | None = None,
    **context: Any,
) -> HttpResponse:
    """Return the list page of a sheet.

    ``lead`` is one sentence, %(count)s in it becomes the number of rows. ``fixed`` are filters that the page sets
    itself and the export keeps. ``template`` extends ground/list.html to fill blocks; ``context`` goes to it.
    Three queries besides what filters, prefetching and the frame need.
    """
    return render(request, template, list_context(request, sheet_name, lead=lead, fixed=fixed, **context))


def list_context(
    request: HttpRequest,
    sheet_name: str,
    *,
    lead: str | Promise = "",
    fixed: Mapping[str, str] | None = None,
    **context: Any,
) -> dict:
    """Return the context of ground/list.html, for a page that shows the list beside something else."""
    selection = Selection(get_sheet(sheet_name), request.user, request.GET, dict(fixed or {}))
    try:
        page = take_page(
            selection.keyed_rows,
            selection.optimise,
            selection.order,
            size=selection.size,
            after=request.GET.get("after", ""),
            before=request.GET.get("before", ""),
        )
        shown = ListView(selection, page, fixed=selection.fixed)
    except BadFilter as problem:
        shown = ListView(selection, Page([], 0, 0), problem=str(problem), fixed=selection.fixed)
    words = str(lead or _("%(count)s entries.")) % {"count": shown.count_text}
    return {"list": shown, "lead": words, "title": selection.sheet.title, **context}
