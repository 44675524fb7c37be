"""The forms of a department's plan and of its list of steps."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.domain.preparation import StepGiven
from enterprises.interfaces.forms import clean_telephone
from enterprises.models import DepartmentStep


class PlanForm(forms.Form):
    """A new version of the implementation plan."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF or Word (docx), at most 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.docx"}),
        error_messages={"required": _("Choose a file first.")},
    )
    note = forms.CharField(label=_("What is new in it"), max_length=200, required=False)


class PhoneForm(forms.Form):
    """The telephone at which a department answers questions; none empties it."""

    phone = forms.CharField(
        label=_("Telephone of the department"),
        max_length=30,
        required=False,
        help_text=_("Printed on the letters with first-use codes. Landline with area code, for example 0512-65220000."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )

    def clean_phone(self) -> str:
        """Accept full-width digits and spaces; say what a number looks like."""
        return clean_telephone(self.cleaned_data["phone"])


class StepForm(forms.Form):
    """One step of the list."""

    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    order = forms.IntegerField(label=_("Place in the order"), min_value=1, max_value=99, required=False)
    title = forms.CharField(label=pgettext_lazy("preparation", "Step"), max_length=80, required=False)
    due_on = forms.DateField(
        label=_("Due on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    done_on = forms.DateField(
        label=_("Done on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


FIRST_ROWS, SPARE_ROWS = 8, 3  # a new list takes a method of eight steps at one go
StepFormSet = forms.formset_factory(StepForm, max_num=60)


def steps_formset(data: Any, steps: list[DepartmentStep]) -> forms.BaseFormSet:
    """Return the formset of a department's steps with some empty rows at the end."""
    initial = [
        {
            "pk": row.pk,
            "order": order,
            "title": row.title,
            "due_on": row.due_on,
            "done_on": row.done_on,
            "note": row.note,
        }
        for order, row in enumerate(steps, 1)
    ]
    formset = StepFormSet(data, initial=initial, prefix="step")
    formset.extra = max(SPARE_ROWS, FIRST_ROWS - len(steps))
    return formset


def steps_given(formset: forms.BaseFormSet) -> list[StepGiven]:
    """Return the steps in the order that was written; a row without a title is left out."""
    rows = []
    for place, form in enumerate(formset.forms):
        given = form.cleaned_data
        if given.get("title"):
            step = StepGiven(given["pk"], given["title"], given["due_on"], given["done_on"], given["note"])
            rows.append((given.get("order") or 100 + place, place, step))
    return [step for _order, _place, step in sorted(rows, key=lambda row: row[:2])]
