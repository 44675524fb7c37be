"""The review queue as a sheet: its filters, its columns, and the address that keeps the filter on the way."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import CharField, QuerySet, Value
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.interfaces.columns import UNIT_CODES, first_of, name_of
from enterprises.models import Category, Region, User
from enterprises.queries.search import found_by
from review.enums import FilingState
from review.models import Filing
from review.queries import queue
from review.queries.queue import conditions_for, department_filings, desk_list
from review.queries.status import tone_of
from review.rules import opens_review
from riskreport.ground import clock
from riskreport.ground.request import whole_number
from riskreport.ground.sheets.declaration import Column, Sheet, register_sheet
from riskreport.ground.ui.addresses import row_address
from riskreport.ground.ui.badges import status_badge

_review_page = row_address("review")
BULK_FORM = "bulk"
ANY = _l("All")
KEPT = ("list", "q", "category", "town")
LIST_LABELS = {
    queue.OPEN: _l("Waiting and in review"),
    queue.WAITING: _l("Waiting to be taken"),
    queue.MINE: _l("In review by me"),
    queue.COLLEAGUES: _l("In review by colleagues"),
    queue.RETURNED: _l("Returned and not back"),
    queue.OVERDUE: _l("Overdue units"),
}


def kept_query(asked: QueryDict) -> str:
    """Return the part of an address that says which queue one is walking through, without a question mark."""
    return urlencode([(name, asked[name]) for name in KEPT if asked.get(name)])


def queue_rows(user: User, asked: QueryDict) -> QuerySet[Filing]:
    """Return the filings of the queue that an address asks for, longest waiting first; an unknown list is the open."""
    name = asked.get("list", "")
    rows = desk_list(user, name if name in queue.DESK_LISTS else queue.OPEN)
    if asked.get("q"):
        rows = rows.filter(found_by(asked["q"]))
    if asked.get("category"):
        rows = rows.filter(category_id=asked["category"])
    town = whole_number(asked.get("town", ""))
    if town is not None:
        rows = rows.filter(town_id=town)
    return rows


class QueueFilter(django_filters.FilterSet):
    """List, name or code, category and town; the rows carry the filter along in ``queue_query`` for their links."""

    list = django_filters.ChoiceFilter(
        label=_l("List"), choices=lambda: tuple(LIST_LABELS.items()), method="of_list",
        empty_label=None,
    )  # fmt: skip
    q = django_filters.CharFilter(
        label=_l("Name or code"),
        method="matching",
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    category = django_filters.ChoiceFilter(label=_l("Category"), field_name="category_id", choices=(), empty_label=ANY)
    town = django_filters.ChoiceFilter(label=_l("Town or street"), field_name="town_id", choices=(), empty_label=ANY)

    class Meta:
        model = Filing
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = department_filings(self.request.user).order_by()
        categories = Category.objects.filter(pk__in=own.values("category_id"))
        towns = Region.objects.filter(pk__in=own.values("town_id"))
        self.filters["category"].extra["choices"] = [(row.pk, row.label) for row in categories]
        self.filters["town"].extra["choices"] = [(str(row.pk), row.label) for row in towns]

    def matching(self, rows: QuerySet[Filing], name: str, value: str) -> QuerySet[Filing]:
        """Rows whose enterprise's name holds the words, or whose code begins with them."""
        return rows.filter(found_by(value))

    def of_list(self, rows: QuerySet[Filing], name: str, value: str) -> QuerySet[Filing]:
        """Keep the filings of one of the desk's lists."""
        return rows.filter(conditions_for(self.request.user)[value])

    def filter_queryset(self, queryset: QuerySet[Filing]) -> QuerySet[Filing]:
        """Filter, the open ones when no list is asked for, and note the filter on every row."""
        rows = super().filter_queryset(queryset)
        if not self.form.cleaned_data.get("list"):
            rows = rows.filter(conditions_for(self.request.user)[queue.OPEN])
        kept = kept_query(self.data)
        return rows.annotate(
            queue_query=Value(f"?{kept}" if kept else "", output_field=CharField()),
            not_mine=queue.entered_by_me(self.request.user),
        )


def review_address(row: Filing) -> str:
    """Return the address of a filing's review page within the queue it was opened from."""
    return _review_page(row) + getattr(row, "queue_query", "")


def _draw_unit(row: Filing, value: str) -> str:
    """The unit's name as a link, with a box to take several; none where taking is not possible."""
    link = format_html('<a href="{}">{}</a>', review_address(row), value)
    if row.state != FilingState.SUBMITTED or getattr(row, "not_mine", False):
        return link
    return format_html(
        '<span class="rr-pick"><input class="form-check-input" type="checkbox" form="{}" name="pick" value="{}:{}" '
        'aria-label="{}">{}</span>',
        BULK_FORM,
        row.pk,
        row.version,
        _("Choose %(name)s") % {"name": value},
        link,
    )


def waiting_days(submitted_at: dt.datetime | None) -> int | None:
    """Return for how many days the department has had the report, None when it has not been handed in."""
    return (clock.now() - submitted_at).days if submitted_at else None


def _draw_state(row: Filing, value: str) -> str:
    return status_badge(value, tone_of(row.state))


def _notes(is_paper: bool, not_mine: bool, first_filed_at: dt.datetime | None) -> str:
    notes = []
    if is_paper:
        notes.append(_("Paper"))
    if not_mine:
        notes.append(_("Entered by you"))
    if first_filed_at is not None:
        notes.append(_("Supplement"))
    return " · ".join(notes)


COLUMNS = (
    Column("unit", _l("Enterprise"), "enterprise__name", width=36, css="rr-wide",
           sort="enterprise__name", draw=_draw_unit),
    Column("category", _l("Category"), "category_label", adds=name_of("category"), width=20),
    Column("town", _l("Town or street"), "town_label", adds=name_of("town"), width=16),
    Column("state", _l("Status"), "state", kind="choice", choices=FilingState, width=16, css="rr-fit",
           draw=_draw_state),
    Column("days", _l("Days waiting"), "submitted_at", waiting_days, kind="int", width=10),
    Column("submitted", _l("Handed in"), "submitted_at", kind="datetime", width=18, sort="submitted_at"),
    Column("due", _l("Due on"), "due_on", kind="date", width=12, sort="due_on"),
    Column("reviewer", _l("Reviewer"), "claimed_by__name", width=12,
           sort="claimed_by__name"),
    Column("notes", _l("Notes"), ("is_paper", "not_mine", "first_filed_at"), _notes, width=20),
    Column("campaign", _l("Reporting task"), "campaign_label", adds=name_of("campaign", "campaign__name"), width=30,
           hidden=True),
    Column("code", _l("Credit code"), UNIT_CODES, first_of, width=22, hidden=True),
)  # fmt: skip

QUEUE = register_sheet(
    Sheet(
        name="review_queue",
        title=_l("Reports to review"),
        columns=COLUMNS,
        rows=department_filings,
        rule=opens_review,
        filterset=QueueFilter,
        order="submitted",
        empty_title=_l("Nothing waits for review"),
        empty_text=_l("New reports appear here when enterprises hand them in. You will also get a notice."),
    )
)
