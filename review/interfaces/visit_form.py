"""The form of a visit on the spot, filled in on a telephone."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from review.enums import VisitOutcome
from riskreport.ground import clock

MOST_DAYS = 180


class VisitForm(forms.Form):
    """When a report was checked on the spot and what came of it. ``filed_on`` is the first day a visit can have."""

    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    visited_on = forms.DateField(
        label=pgettext_lazy("visit", "Visited on"), error_messages={"required": _("Write the day of the visit.")}
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=lambda: VisitOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the visit came to.")},
    )
    rectify_days = forms.IntegerField(
        label=_("Days to mend what was found"),
        min_value=1,
        max_value=MOST_DAYS,
        required=False,
        help_text=_("Only with “to rectify by a day”; counted from the visit, for example 15."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, filed_on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bounds = {"type": "date", "min": filed_on.isoformat(), "max": clock.today().isoformat()}
        self.fields["visited_on"].widget = forms.DateInput(attrs=bounds, format="%Y-%m-%d")

    def clean(self) -> dict[str, Any]:
        """Ask for the days where faults are to be mended, and only there."""
        given = super().clean()
        wanted, days = given.get("outcome") == VisitOutcome.RECTIFY, given.get("rectify_days")
        if wanted and days is None and "rectify_days" not in self.errors:
            self.add_error("rectify_days", _("Write in how many days the unit mends what was found, for example 15."))
        if days is not None and "outcome" in given and not wanted:
            text = _("Empty the days, or choose “to rectify by a day”: only then does the unit have days to mend.")
            self.add_error("rectify_days", text)
        return given

    def rectify_by(self) -> dt.date | None:
        """Return the day by which faults are mended, None where there are none to mend."""
        days = self.cleaned_data["rectify_days"]
        return self.cleaned_data["visited_on"] + dt.timedelta(days=days) if days else None
