"""The forms around a reporting task: a step of a checklist, days of a phase, closing, reopening, extensions."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.enums import Scale
from enterprises.models import Region
from enterprises.models.places import CITY_CODE
from enterprises.queries.taxonomy import categories_in_force, sectors_in_force
from review.domain.campaigning.checklist import people_of_leads
from review.domain.campaigning.extensions import Narrowing
from review.interfaces.campaigning.wizard_forms import day_field
from review.models import ChecklistStep

ALL = _l("All")


def reason_field(help_text: Any = "", *, required: bool = True) -> forms.CharField:
    """Return a field for a reason that others read."""
    return forms.CharField(
        label=_l("Reason"),
        max_length=500,
        required=required,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=help_text,
        error_messages={"required": _l("Write the reason, for example: the fire inspection takes place on 12 March.")},
    )


class ChecklistStepForm(forms.Form):
    """The day of a step, who answers for it, and whether it is done."""

    seen_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    due_on = day_field(_l("Due on"))
    responsible = forms.ChoiceField(label=_l("Who answers for it"), required=False)
    done_on = day_field(
        _l("Done on"), required=False, help_text=_l("Leave it empty while it is not done, or where the system sees it.")
    )
    note = forms.CharField(label=_l("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, step: ChecklistStep, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {str(one.pk): one for one in people_of_leads().get(step.sector.lead_id, [])}
        offered = [(key, f"{one.name}（{one.department.label}）") for key, one in self._people.items()]
        self.fields["responsible"].choices = [("", _("Nobody yet")), *offered]

    def given(self) -> dict[str, Any]:
        """Return the arguments of save_checklist_step."""
        cleaned = dict(self.cleaned_data)
        return cleaned | {"responsible": self._people.get(cleaned["responsible"])}


class PhaseDaysForm(forms.Form):
    """The days of a phase that has not begun."""

    opens_on = day_field(_l("Begins on"))
    due_on = day_field(_l("Due on"))


class CloseForm(forms.Form):
    """What becomes of what is not filed when a task is closed."""

    unfiled = forms.ChoiceField(
        label=_l("Reports that are not filed"),
        choices=[
            ("stay", _l("They stay open and count as late")),
            ("release", _l("They are expected no longer from tomorrow on, for the reason below")),
        ],
        initial="stay",
        widget=forms.RadioSelect,
    )
    reason = reason_field(_l("Only where reports are released."), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the reason where reports are released."""
        given = super().clean()
        if given.get("unfiled") == "release" and not given.get("reason", "").strip():
            self.add_error("reason", _("Write why the reports are no longer expected."))
        return given

    def release_because(self) -> str:
        """Return the reason for releasing, nothing when they stay."""
        return self.cleaned_data["reason"] if self.cleaned_data["unfiled"] == "release" else ""


class ReopenForm(forms.Form):
    """Why a closed task is opened again."""

    reason = reason_field(_l("It stays with the figures of the closing."))


class ExtensionForm(forms.Form):
    """A later day for one report, and why."""

    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    new_due_on = day_field(_l("New last day"), required=False)
    reason = reason_field(_l("The other side reads it, and it stays in the archive."))

    def __init__(self, *args: Any, needs_day: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._needs_day = needs_day

    def clean_new_due_on(self) -> dt.date | None:
        """Ask for a day where one is needed: a refusal has none."""
        day = self.cleaned_data["new_due_on"]
        if self._needs_day and day is None:
            raise forms.ValidationError(_("Write the new last day."))
        return day


class ExtendManyForm(forms.Form):
    """Which reports of a task get a later day, and why."""

    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    county = forms.ChoiceField(label=_l("District or county-level city"), required=False)
    sector = forms.ChoiceField(label=_l("Sector"), required=False)
    category = forms.ChoiceField(label=_l("Category"), required=False)
    scale = forms.ChoiceField(label=_l("Scale"), required=False, choices=[("", ALL), *Scale.choices])
    new_due_on = day_field(_l("New last day"))
    reason = reason_field(_l("Every unit extended reads it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        counties = Region.objects.filter(parent=CITY_CODE).order_by("order", "code")
        self.fields["county"].choices = [("", ALL), *((str(row.pk), row.label) for row in counties)]
        self.fields["sector"].choices = [("", ALL), *((row.code, row.label) for row in sectors_in_force())]
        rows = categories_in_force().order_by("code")
        self.fields["category"].choices = [("", ALL), *((row.code, f"{row.code} {row.label}") for row in rows)]

    def narrowing(self) -> Narrowing:
        """Return which reports are meant."""
        given = self.cleaned_data
        return Narrowing(
            county=int(given["county"]) if given["county"] else None,
            sector=given["sector"],
            category=given["category"],
            scale=given["scale"],
        )
