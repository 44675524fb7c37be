"""The register of letters as a sheet: for the screen, its filters and the export."""

import datetime as dt
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Case, F, Q, QuerySet, When
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from enterprises.interfaces.columns import name_of
from review.enums import ANSWER_OWED, LetterKind, LetterState
from review.interfaces.filters import offered_campaigns
from review.models import Letter
from review.queries.letters.scope import letters_for_user
from review.rules import opens_letters
from riskreport.ground import clock
from riskreport.ground.sheets import Column, Sheet, register_sheet
from riskreport.ground.ui.addresses import row_address
from riskreport.ground.ui.badges import status_badge

S = LetterState
ANY = _("All")
TONES = {
    S.DRAFT: "neutral", S.ISSUED: "accent", S.DELIVERED: "accent", S.READ: "accent", S.REPLIED: "warn",
    S.RETURNED: "warn", S.CLOSED: "ok", S.WITHDRAWN: "neutral",
}  # fmt: skip
TO = {
    "department": (_("Department"), Q(to_department__isnull=False)),
    "area": (_("Area"), Q(to_region__isnull=False)),
    "enterprise": (_("Enterprise"), Q(to_enterprise__isnull=False)),
}
WAITING = {
    "overdue": (_("Overdue answers"), lambda: Q(state__in=ANSWER_OWED, due_on__lt=clock.today())),
    "owed": (_("Answer owed"), lambda: Q(state__in=ANSWER_OWED)),
    "check": (_("Answered, to be checked"), lambda: Q(state=S.REPLIED)),
}


class LetterFilter(filters.FilterSet):
    """Filters of the register."""

    q = filters.CharFilter(
        label=_("Number, title or addressee"),
        method="matching",
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = filters.ChoiceFilter(label=_("Kind of letter"), choices=lambda: LetterKind.choices, empty_label=ANY)
    state = filters.ChoiceFilter(label=_("Status"), choices=lambda: LetterState.choices, empty_label=ANY)
    waiting = filters.ChoiceFilter(
        label=_("Waiting for"), choices=lambda: [(key, text) for key, (text, _q) in WAITING.items()],
        method="waits", empty_label=ANY,
    )  # fmt: skip
    to = filters.ChoiceFilter(
        label=_("To"), choices=lambda: [(key, text) for key, (text, _q) in TO.items()], method="goes_to",
        empty_label=ANY,
    )  # fmt: skip
    campaign = filters.ChoiceFilter(label=_("Reporting task"), field_name="campaign__code", empty_label=ANY)
    year = filters.NumberFilter(label=_("Year"), min_value=2000, max_value=2100)

    class Meta:
        model = Letter
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = offered_campaigns(get_language())["campaign"]
        if self.data.get("campaign") and self.data["campaign"] not in choices:
            offered_campaigns.forget()
            choices = offered_campaigns(get_language())["campaign"]
        self.form.fields["campaign"].choices = choices

    def matching(self, rows: QuerySet[Letter], name: str, value: str) -> QuerySet[Letter]:
        """Letters whose number, title or addressee holds the words."""
        return rows.filter(
            Q(number_text__icontains=value)
            | Q(title__icontains=value)
            | Q(answerer__name__icontains=value)
            | Q(to_enterprise__name__icontains=value)
        )

    def waits(self, rows: QuerySet[Letter], name: str, value: str) -> QuerySet[Letter]:
        """Letters that wait for this."""
        return rows.filter(WAITING[value][1]())

    def goes_to(self, rows: QuerySet[Letter], name: str, value: str) -> QuerySet[Letter]:
        """Letters to this sort of addressee."""
        return rows.filter(TO[value][1])


def _with_addressee(rows: QuerySet[Letter]) -> QuerySet[Letter]:
    to = Case(When(to_enterprise__isnull=False, then=F("to_enterprise__name")), default=F("answerer__name"))
    return rows.annotate(addressee_name=to)


def _number(number: str) -> str:
    return number or str(_("Not numbered yet"))


def _overdue(state: str, due_on: dt.date) -> bool:
    return state in ANSWER_OWED and due_on < clock.today()


register_sheet(
    Sheet(
        name="follow_ups",
        title=_("Follow-up letters"),
        rows=letters_for_user,
        rule=opens_letters,
        filterset=LetterFilter,
        order="-issued",
        empty_title=_("No letters yet"),
        empty_text=_("Letters that the safety committee office issues to those who are behind appear here."),
        columns=(
            Column("number", pgettext_lazy("letter", "Number"), "number_text", _number, width=24,
                   css="rr-fit", sort="number_text", link=row_address("follow_up")),
            Column("kind", _("Kind of letter"), "kind", kind="choice", choices=LetterKind, width=10, css="rr-fit",
                   sort="kind"),
            Column("to", _("To"), "addressee_name", adds=_with_addressee, width=32, css="rr-wide"),
            Column("state", _("Status"), "state", kind="choice", choices=LetterState, width=14, css="rr-fit",
                   sort="state", draw=lambda row, value: status_badge(value, TONES[row.state])),
            Column("due", _("Answer by"), "due_on", kind="date", width=12, sort="due_on"),
            Column("overdue", _("Overdue"), ("state", "due_on"), _overdue, kind="bool", width=8,
                   draw=lambda row, value: status_badge(str(_("Overdue")), "bad") if value else ""),
            Column("issued", _("Issued on"), "issued_at", kind="datetime", width=18, sort="issued_at"),
            Column("issuer", _("Issued by"), "issuer_label", adds=name_of("issuer", "issuer__name"), width=28,
                   hidden=True),
            Column("title", _("Title"), "title", width=36, hidden=True),
            Column("campaign", _("Reporting task"), "campaign__name", width=30, hidden=True),
            Column("read", _("Receipt signed"), "read_at", kind="datetime", width=18, hidden=True, sort="read_at"),
            Column("replied", _("Answered on"), "replied_at", kind="datetime", width=18, hidden=True,
                   sort="replied_at"),
            Column("closed", _("Closed on"), "closed_at", kind="datetime", width=18, hidden=True, sort="closed_at"),
        ),
    )
)  # fmt: skip
