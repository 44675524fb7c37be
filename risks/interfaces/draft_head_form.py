"""The form of a draft's head: titles, note, and the groups and parts its items stand in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from enterprises.models import Line, Sector
from riskreport.ground.ui.draft_form import DraftForm, text_field
from risks.models import Catalogue

SPARE_ROWS = 2
TEXTS = ("title", "title_en", "note")


class DraftHeadForm(DraftForm):
    """Titles and note as fields; each group and part as two names and its place in the order."""

    title = text_field(_l("Title in Chinese"), most=120)
    title_en = text_field(_l("Title in English"), most=200, required=False)
    note = text_field(_l("Note"), most=200, help_text=_l("Say that it is an example until it is confirmed."))

    def __init__(self, data: Any = None, *, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.rows = {name: self._rows_of(name) for name in ("groups", "parts")}
        super().__init__(data, initial=self.flat_of({name: getattr(catalogue, name) for name in (*TEXTS, *self.rows)}))
        for name, keys in self.rows.items():
            for key in keys:
                self.fields[f"{name}-{key}-name"] = text_field(_l("Name in Chinese"), most=60, required=False)
                self.fields[f"{name}-{key}-name_en"] = text_field(_l("Name in English"), most=120, required=False)
                self.fields[f"{name}-{key}-order"] = forms.IntegerField(
                    label=_l("Place in the order"), min_value=1, max_value=99, required=False
                )

    def _rows_of(self, name: str) -> list[str]:
        """Return the keys of the standing rows and of some spare ones that are taken when a name is written."""
        standing = [row["key"] for row in getattr(self.catalogue, name)]
        spare, number = [], 1
        while len(spare) < SPARE_ROWS:
            key = f"{name[0]}{number}" if name == "groups" else str(number)
            if key not in standing:
                spare.append(key)
            number += 1
        return standing + spare

    def flat_of(self, stored: dict[str, Any]) -> dict[str, str]:
        """Return the head as the form's fields."""
        flat = {name: stored[name] for name in TEXTS}
        for name in ("groups", "parts"):
            for order, row in enumerate(stored[name], 1):
                flat[f"{name}-{row['key']}-name"] = row["name"]
                flat[f"{name}-{row['key']}-name_en"] = row["name_en"]
                flat[f"{name}-{row['key']}-order"] = str(order)
        return flat

    def to_stored(self) -> dict[str, Any]:
        """Return the head; a row whose names were both emptied is taken out."""
        stored: dict[str, Any] = {name: self.cleaned_data[name] for name in TEXTS}
        for name, keys in self.rows.items():
            rows = []
            for place, key in enumerate(keys):
                given = {part: self.cleaned_data[f"{name}-{key}-{part}"] for part in ("name", "name_en")}
                order = self.cleaned_data.get(f"{name}-{key}-order") or 100 + place
                if any(given.values()):
                    rows.append((order, place, {"key": key} | given))
            stored[name] = [row for _order, _place, row in sorted(rows, key=lambda entry: entry[:2])]
        return stored

    def tables(self) -> list[tuple[str, list[list[forms.BoundField]]]]:
        """Return (heading, rows of three fields) for groups and parts, as the page draws them."""
        headings = {"groups": _l("Groups: each is one screen of the self-check"), "parts": _l("Parts")}
        return [(str(headings[name]), [self._row(name, key) for key in keys]) for name, keys in self.rows.items()]

    def _row(self, name: str, key: str) -> list[forms.BoundField]:
        return [self[f"{name}-{key}-{part}"] for part in ("name", "name_en", "order")]


class NewCatalogueForm(forms.Form):
    """What a catalogue begins with."""

    line = forms.ModelChoiceField(Line.objects.none(), label=_l("Lead department"))
    sector = forms.ModelChoiceField(Sector.objects.none(), label=_l("Sector"))
    key = forms.RegexField(
        r"^[a-z][a-z0-9-]{1,29}$",
        label=_l("Short name"),
        help_text=_l("2 to 30 small letters, digits or hyphens, like pets. It stays with every version."),
        error_messages={"invalid": _l("Write 2 to 30 small letters, digits or hyphens, beginning with a letter.")},
    )
    title = forms.CharField(label=_l("Title in Chinese"), max_length=120)
    title_en = forms.CharField(label=_l("Title in English"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, lines: Any, sectors: Any) -> None:
        super().__init__(data)
        self.fields["line"].queryset, self.fields["sector"].queryset = lines, sectors
        if lines.count() == 1:
            self.fields["line"].initial = lines.get().pk


class PublishForm(forms.Form):
    """From which day the version takes effect."""

    on = forms.DateField(label=_l("Takes effect on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    version = forms.IntegerField(widget=forms.HiddenInput)
