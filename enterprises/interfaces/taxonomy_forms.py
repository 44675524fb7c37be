"""The forms of lines, sectors and categories."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.models import Category, Line, Sector

RANKS = {
    "principal": _("Main responsible person"),
    "deputy": _("Counts as deputy general manager"),
    "middle": _("Counts as middle management"),
    "staff": _("Other staff"),
}


def code_field(digits: int, label: Any, help_text: Any) -> forms.RegexField:
    """Return a field for a code of so many digits."""
    wrong = _("Write %(count)s digits.") % {"count": digits}
    pattern = rf"^\d{{{digits}}}$"
    return forms.RegexField(pattern, strip=True, label=label, help_text=help_text, error_messages={"invalid": wrong})


class SectorForm(forms.Form):
    """A new sector, with the line that leads it: one there is, or a new one."""

    code = code_field(2, _("Sector code"), _("Two digits that no other sector has, like 18."))
    name = forms.CharField(label=_("Name in Chinese"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    lead = forms.ModelChoiceField(
        Line.objects.none(), label=_("Lead department"), required=False, empty_label=_("A new line, written below")
    )
    line_key = forms.RegexField(
        r"^[a-z][a-z0-9-]{1,29}$",
        label=_("Short name of the new line"),
        required=False,
        help_text=_("Small letters, like forestry. Leave it empty when a line above leads."),
        error_messages={"invalid": _("Write 2 to 30 small letters, digits or hyphens, beginning with a letter.")},
    )
    line_name = forms.CharField(
        label=_("Name of its bureaus"), max_length=60, required=False, help_text=_("Without the place, like 林业局.")
    )
    line_name_en = forms.CharField(label=_("Name of its bureaus in English"), max_length=80, required=False)
    line_short = forms.CharField(label=_("Its short form"), max_length=20, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["lead"].queryset = Line.objects.all()

    def clean(self) -> dict[str, Any]:
        """Ask for a line: one that there is, or all of a new one."""
        given = self.cleaned_data
        if not given.get("lead"):
            for name in ("line_key", "line_name"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("Choose a line above, or write short name and name of the new one."))
        elif given.get("line_key"):
            self.add_error("line_key", _("A line is chosen above already. Empty this field, or choose a new line."))
        return given

    def new_line(self) -> dict[str, str] | None:
        """Return what add_line takes, or None when a line there is leads."""
        given = self.cleaned_data
        if given["lead"]:
            return None
        return {
            "key": given["line_key"],
            "name": given["line_name"],
            "name_en": given["line_name_en"],
            "short_name": given["line_short"],
        }


class NamesForm(forms.Form):
    """The names of a sector."""

    name = forms.CharField(label=_("Name in Chinese"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)


class RetireForm(forms.Form):
    """From which day something is retired; empty takes it back."""

    on = forms.DateField(
        label=_("Retired from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("From that day it is offered for nothing new; what was asked before stays. Empty takes it back."),
    )


class CategoryForm(forms.Form):
    """A category: names, lead, co-leads and which posts count as which rank."""

    code = code_field(4, _("Category code"), _("The sector's code and two more digits, like 1801."))
    name = forms.CharField(label=_("Name in Chinese"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    lead = forms.ModelChoiceField(Line.objects.none(), label=_("Lead department"), empty_label=None)
    co_leads = forms.ModelMultipleChoiceField(
        Line.objects.none(), label=_("Shares the lead"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, sector: Sector, category: Category | None = None) -> None:
        super().__init__(data, initial=_values_of(category) if category else _first_values(sector))
        self.fields["lead"].queryset = self.fields["co_leads"].queryset = Line.objects.all()
        for key, label in RANKS.items():
            self.fields[f"rank-{key}"] = forms.CharField(label=label, max_length=80)
            self.fields[f"rank-{key}-en"] = forms.CharField(
                label=_("%(rank)s, in English") % {"rank": label}, max_length=120, required=False
            )
        if category is not None:
            del self.fields["code"]

    def values(self) -> dict[str, Any]:
        """Return what save_category takes."""
        given = self.cleaned_data
        ranks: dict[str, Any] = {key: given[f"rank-{key}"] for key in RANKS}
        ranks["en"] = {key: given[f"rank-{key}-en"] for key in RANKS}
        return {"name": given["name"], "name_en": given["name_en"], "lead_id": given["lead"].pk, "rank_map": ranks}


def _first_values(sector: Sector) -> dict[str, Any]:
    """A new category starts with its sector's lead and the rank map of the categories there are."""
    other = sector.categories.first() or Category.objects.order_by("code").first()
    return {"lead": sector.lead_id, "code": sector.code} | (_rank_values(other) if other else {})


def _values_of(category: Category) -> dict[str, Any]:
    return {
        "name": category.name,
        "name_en": category.name_en,
        "lead": category.lead_id,
        "co_leads": list(category.co_leads.values_list("key", flat=True)),
    } | _rank_values(category)


def _rank_values(category: Category) -> dict[str, Any]:
    own, english = category.rank_map, category.rank_map.get("en", {})
    values = {f"rank-{key}": own.get(key, "") for key in RANKS}
    return values | {f"rank-{key}-en": english.get(key, "") for key in RANKS}
