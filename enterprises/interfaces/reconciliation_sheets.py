"""Reconciliations and their differences as sheets: for the screen, for filters, for the exported result."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

from enterprises.domain.reconciling import FIELDS
from enterprises.interfaces.columns import first_of, name_of
from enterprises.interfaces.reconciliation_words import LABELS, code_of, said, what_differs
from enterprises.models import Difference, Reconciliation
from enterprises.models.reconciliation import Bucket, Outcome, ReconciliationState
from enterprises.queries.reconciliation import differences_for_user, reconciliations_for_user
from enterprises.rules import keeps_rosters
from riskreport.ground.sheets import Column, Sheet, register_sheet
from riskreport.ground.ui.badges import status_badge

SETTLE_FORM, BULK_FORM = "settle", "bulk"
TONES = {
    ReconciliationState.COMPARING: "accent",
    ReconciliationState.READY: "ok",
    ReconciliationState.FAILED: "bad",
}
BUCKET_TONES = {Bucket.ONLY_A: "warn", Bucket.ONLY_B: "accent", Bucket.DIFFERS: "neutral"}
ONE_BY_ONE = {Bucket.ONLY_A: _l("It has left …"), Bucket.ONLY_B: _l("Add to the roster …")}
STATES = {"open": _l("Still to settle"), "settled": _l("Dealt with")}


class DifferenceFilter(filters.FilterSet):
    """One reconciliation, a part of it, what is still open."""

    reconciliation = filters.NumberFilter(label=_l("Reconciliation"), field_name="reconciliation_id")
    q = filters.CharFilter(
        label=_l("Name or code"), method="matching", max_length=60, widget=forms.TextInput(attrs={"type": "search"})
    )
    bucket = filters.ChoiceFilter(label=_l("Kind of difference"), choices=Bucket.choices, empty_label=_l("All"))
    state = filters.ChoiceFilter(
        label=_l("Status"), choices=tuple(STATES.items()), method="settled_or_not", empty_label=_l("All")
    )

    class Meta:
        model = Difference
        fields: list[str] = []

    def matching(self, rows: QuerySet[Difference], name: str, value: str) -> QuerySet[Difference]:
        """Rows whose name or code holds the text."""
        text = value.strip()
        return rows.filter(Q(name__icontains=text) | Q(a__code=text.upper()) | Q(b__code=text.upper()))

    def settled_or_not(self, rows: QuerySet[Difference], name: str, value: str) -> QuerySet[Difference]:
        """Rows that are open, or that are settled."""
        return rows.filter(outcome="") if value == "open" else rows.exclude(outcome="")


def reconciliation_rows(user: Any) -> QuerySet[Reconciliation]:
    """Return the department's reconciliations with how much of each is settled."""
    seen = Q(differences__in=differences_for_user(user).values("pk"))
    settled = seen & ~Q(differences__outcome="")
    rows = reconciliations_for_user(user)
    return rows.annotate(total=Count("differences", filter=seen), settled=Count("differences", filter=settled))


def _progress(state: str, settled: int, total: int) -> str:
    if state != ReconciliationState.READY:
        return ""
    return _("%(settled)s of %(total)s settled") % {"settled": settled, "total": total}


def lists_in_words(a_name: str, b_name: str, area: Any, category: Any) -> str:
    """Return what was compared with what; our own roster has no name but an area and a category, or not."""
    own = a_name or "、".join([_("Our roster"), *(str(part) for part in (area, category) if part)])
    return _("A: %(a)s ↔ B: %(b)s") % {"a": own, "b": b_name}


def _names_of_lists(rows: QuerySet[Reconciliation]) -> QuerySet[Reconciliation]:
    return name_of("category")(name_of("area", "area__display_name")(rows))


def remarks_in_words(row: Reconciliation) -> list[tuple[str, int, str]]:
    """Return (list, row in its file, sentence) of what a person should know of the files."""
    lists = {"A": _("List A"), "B": _("List B")}
    return [(lists[side], number, text) for side, number, text in row.remarks]


def _draw_name(row: Difference, value: str) -> str:
    """The unit's name as a link, and, while it is open, a box to tick and what one click can do."""
    link = format_html('<a href="{}">{}</a>', difference_address(row), value)
    if row.outcome:
        return link
    box = format_html(
        '<input class="form-check-input" type="checkbox" form="{}" name="pick" value="{}:{}" aria-label="{}">',
        BULK_FORM,
        row.pk,
        row.version,
        _("Choose %(name)s") % {"name": value},
    )
    return format_html('<span class="rr-pick">{}<span>{}{}</span></span>', box, link, _one_click(row))


def _one_click(row: Difference) -> str:
    """What one click can do about an open difference."""
    offers = [("keep", _("Keep ours"))]
    if row.bucket == Bucket.DIFFERS and row.enterprise_id:
        offers.insert(0, ("take", _("Take over")))
    if row.near_id:
        offers.insert(0, ("pair", _("Same unit as “%(name)s”") % {"name": row.near.name}))
    buttons = format_html_join(
        "",
        '<button class="btn btn-sm btn-secondary" type="submit" form="{}" name="do" value="{}:{}:{}">{}</button>',
        ((SETTLE_FORM, act, row.pk, row.version, label) for act, label in offers),
    )
    more = ONE_BY_ONE.get(row.bucket)
    further = (
        format_html('<a class="btn btn-sm btn-link" href="{}">{}</a>', difference_address(row), more) if more else ""
    )
    return format_html('<span class="rr-row-acts">{}{}</span>', buttons, further)


def difference_address(row: Difference) -> str:
    """Return the address of a difference's page."""
    return reverse("difference", args=[row.reconciliation_id, row.pk])


def _draw_outcome(row: Difference, value: str) -> str:
    return status_badge(value, "ok" if row.outcome else "accent")


def _outcome_in_words(outcome: str) -> str:
    return str(Outcome(outcome).label) if outcome else _("Open")


def _both_lists() -> Iterator[Column]:
    """Every field as both lists have it, for the export that lays them side by side."""
    for key in FIELDS:
        for side, letter in (("a", _l("List A")), ("b", _l("List B"))):
            yield Column(
                f"{side}_{key}",
                format_lazy("{}：{}", letter, LABELS[key]),
                side,
                partial(said, key),
                width=24,
                hidden=True,
            )


register_sheet(
    Sheet(
        name="reconciliations",
        title=_l("Reconciliation of lists"),
        rows=reconciliation_rows,
        rule=keeps_rosters,
        order="-at",
        empty_title=_l("No lists have been compared yet"),
        empty_text=_l("Compare your roster with the list of another bureau, or with last year's own list."),
        columns=(
            Column(
                "title", _l("Name of the comparison"), "title", width=36, css="rr-wide",
                link=lambda row: reverse("reconciliation", args=[row.pk]),
            ),
            Column("lists", _l("Lists"), ("a_name", "b_name", "area_label", "category_label"), lists_in_words,
                   adds=_names_of_lists, width=50, css="rr-wide"),
            Column(
                "state", _l("Status"), "state", kind="choice", choices=ReconciliationState, width=14,
                draw=lambda row, value: status_badge(value, TONES[row.state]),
            ),
            Column("progress", _l("Settled"), ("state", "settled", "total"), _progress, width=18),
            Column("by", _l("Begun by"), "created_by__name", width=12),
            Column("at", _l("Begun at"), "created_at", kind="datetime", width=18, sort="created_at"),
        ),
    )
)  # fmt: skip

register_sheet(
    Sheet(
        name="differences",
        title=_l("Differences of two lists"),
        rows=differences_for_user,
        rule=keeps_rosters,
        filterset=DifferenceFilter,
        optimise=lambda rows: rows.select_related("near"),
        empty_title=_l("The lists agree"),
        empty_text=_l("Every unit stands in both lists, and in the same way."),
        columns=(
            Column("name", pgettext_lazy("unit", "Name"), "name", width=36, css="rr-wide", sort="name",
                   draw=_draw_name),
            Column(
                "bucket", _l("Kind of difference"), "bucket", kind="choice", choices=Bucket, width=16, sort="bucket",
                draw=lambda row, value: status_badge(value, BUCKET_TONES[row.bucket]),
            ),
            Column("code", _l("Credit or temporary code"), ("a", "b"), code_of, width=22, css="rr-fit"),
            Column("differs", _l("What the lists say"), ("fields", "a", "b"), what_differs, width=50, css="rr-wide"),
            Column("near", _l("Perhaps the same as"), "near__name", width=30, hidden=True),
            Column("outcome", _l("Settled as"), "outcome", _outcome_in_words, width=16, draw=_draw_outcome),
            Column("reason", _l("Reason"), "reason", width=30, css="rr-wide"),
            Column("by", _l("Settled by"), "settled_by__name", width=12, hidden=True),
            Column("at", _l("Settled at"), "settled_at", kind="datetime", width=18, hidden=True, sort="settled_at"),
            Column("town", _l("Town or street"), "town_label", adds=name_of("town"), width=16,
                   hidden=True),
            *_both_lists(),
            Column("a_row", _l("Row in list A"), "a_row", first_of, kind="int", width=10, hidden=True),
            Column("b_row", _l("Row in list B"), "b_row", first_of, kind="int", width=10, hidden=True),
        ),
    )
)  # fmt: skip
