"""Reminders as a page asks for them: the reports that the filters of an address select, and the form."""

from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from enterprises.models import User
from review.domain.letters.reminding import MOST_MESSAGE
from review.interfaces.filters import FilingFilter
from review.models import Filing
from riskreport.ground.sheets import get_sheet
from riskreport.ground.sheets.selection import Selection

NOT_KEPT = {"sort", "cols", "size", "after", "before", "stage", "as_of", "batch"}
LONGEST = 500


def query_kept(asked: QueryDict) -> str:
    """Return the filters of an address without what does not select units, and without the empty ones."""
    known = set(FilingFilter.base_filters) - NOT_KEPT
    pairs = [(name, value) for name, value in asked.items() if name in known and value]
    return urlencode(sorted(pairs))[:LONGEST]


def selection_of(user: User, query: str) -> Selection:
    """Return the list of reports as the person sees it at an address."""
    return Selection(get_sheet("filings"), user, QueryDict(query), {})


def reports_selected(user: User, query: str) -> QuerySet[Filing]:
    """Return the reports that the filters select for the person. Raises BadFilter."""
    return selection_of(user, query).rows


class ReminderForm(forms.Form):
    """What a reminder adds to the standing words."""

    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    message = forms.CharField(
        label=_("What you add"),
        max_length=MOST_MESSAGE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Optional, for example whom to call for help."),
    )
