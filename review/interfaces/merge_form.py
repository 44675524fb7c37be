"""The form of a merge: for every value that differs, which of the two stands."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from enterprises.checks.basic_information import FIELD
from enterprises.interfaces.roster_forms import DATE
from enterprises.models import Enterprise
from review.domain.merging import CODE, values_of
from review.interfaces.unit_history import label_of, words_of
from riskreport.ground import clock

OWN, OTHER = "own", "other"
POINT = {"longitude", "latitude"}


class FindForm(forms.Form):
    """Which unit is the same one: its code, or a part of its name."""

    q = forms.CharField(label=_l("Name or code"), max_length=60, required=False)


class MergeForm(forms.Form):
    """Day, reason, and a choice for each value in which the two units differ."""

    seen_versions = forms.RegexField(r"^\d+-\d+$", widget=forms.HiddenInput)
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    on = forms.DateField(label=_l("From which day"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DATE))
    reason = forms.CharField(
        label=_l("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("For example: entered twice, once under the temporary code."),
    )
    understood = forms.BooleanField(label=_l("I have looked at both units: they are one. I know it cannot be undone."))

    def __init__(self, *args: Any, survivor: Enterprise, absorbed: Enterprise, **kwargs: Any) -> None:
        initial = {"seen_versions": f"{survivor.version}-{absorbed.version}", "on": clock.today()}
        super().__init__(*args, initial=initial | kwargs.pop("initial", {}), **kwargs)
        self.own, self.other = values_of(survivor), values_of(absorbed)
        names = {
            "town_id": {
                str(unit.town_id): f"{unit.town.parent.label} {unit.town.label}" for unit in (survivor, absorbed)
            },
            "category_id": {unit.category_id: unit.category.label for unit in (survivor, absorbed)},
        }
        self.choices_shown: list[str] = []
        for name, value in self.own.items():
            other = self.other[name]
            if value == other or not other or name == "latitude":
                continue
            words = [(OWN, self._words(name, self.own, names)), (OTHER, self._words(name, self.other, names))]
            takes_other = not value or (name == CODE and not survivor.credit_code and absorbed.credit_code)
            self.fields[f"take_{name}"] = forms.ChoiceField(
                label=_l("Point on the map") if name in POINT else label_of(name),
                choices=words,
                initial=OTHER if takes_other else OWN,
                widget=forms.RadioSelect,
            )
            self.choices_shown.append(f"take_{name}")

    @staticmethod
    def _words(name: str, values: dict[str, Any], names: dict) -> str:
        if name in POINT:
            return f"{values['longitude']}, {values['latitude']}" if values["longitude"] else "—"
        personal = name in FIELD and FIELD[name].personal
        return words_of(name, values[name], names, show_phones=not personal)

    def taken(self) -> frozenset[str]:
        """Return the names of the values that stand as the absorbed unit has them."""
        chosen = (name for name in self.choices_shown if self.cleaned_data.get(name) == OTHER)
        return frozenset(name.removeprefix("take_") for name in chosen)

    def versions(self) -> tuple[int, int]:
        """Return the versions of both units that the person saw."""
        own, other = self.cleaned_data["seen_versions"].split("-")
        return int(own), int(other)
