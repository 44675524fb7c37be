"""The form of one item of a draft. An unfinished item is kept; what it still lacks the checklist says."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.models import Category
from riskreport.ground.ui.draft_form import DraftForm, long_field, text_field
from risks.enums import LARGER_AND_ABOVE, Level, MeasureClass
from risks.interfaces.indicator_text import BadIndicators, indicators_of, text_of_indicators
from risks.models import AccidentType, Catalogue
from risks.queries.catalogue_pages import named_in

LEVELS = [(level.value, level.label) for level in Level if level in LARGER_AND_ABOVE]
LOWERING = [("yes", _l("Yes, with a reason and the department's consent")), ("no", _l("No"))]
TEXTS = ("code", "group", "part", "name", "name_en", "place", "consequence", "level", "basis")
SEPARATOR = ","


class CodeBoxes(forms.CheckboxSelectMultiple):
    """Boxes whose value is one text of codes, so that two versions of it can be compared and chosen from."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        """Return the ticked codes, or the ready text of a choice between two versions."""
        given = data.getlist(name) if hasattr(data, "getlist") else [data.get(name) or ""]
        return SEPARATOR.join(filter(None, given))

    def format_value(self, value: Any) -> list[str]:
        """Return the codes to tick."""
        return split(value or "")


class CodesField(forms.MultipleChoiceField):
    """Several codes as one text."""

    widget = CodeBoxes

    def to_python(self, value: Any) -> list[str]:
        """Return the codes."""
        return split(value or "")


def split(text: str) -> list[str]:
    """Return the codes of one text."""
    return [code for code in text.split(SEPARATOR) if code]


def lines(text: str) -> list[str]:
    """Return the lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class DraftItemForm(DraftForm):
    """An item of a catalogue's draft as its keeper writes it."""

    code = text_field(_l("Item code"), most=12, help_text=_l("Capital letters, a hyphen and a number, like MZ-01."))
    group = forms.ChoiceField(label=_l("Group"))
    part = forms.ChoiceField(label=_l("Part"))
    categories = CodesField(label=_l("Asked of these categories"))
    name = text_field(_l("Name in Chinese"), most=30)
    name_en = text_field(_l("Name in English"), most=120, required=False)
    look_for = long_field(_l("What to look for"), most=800, rows=4, help_text=_l("2 to 4 things, one a line."))
    place = text_field(_l("Place: site, part or step"), most=120)
    main_accident = forms.ChoiceField(label=_l("Main accident type"))
    other_accidents = CodesField(label=_l("Further accident types"), required=False)
    consequence = long_field(_l("Consequence"), most=300, rows=3)
    level = forms.ChoiceField(label=_l("Risk level"), choices=LEVELS, widget=forms.RadioSelect)
    may_be_lowered = forms.ChoiceField(
        label=_l("May a unit rate it lower?"), choices=LOWERING, widget=forms.RadioSelect
    )
    basis = long_field(_l("Basis"), most=1000, rows=2, required=False)

    def __init__(
        self, data: Any = None, *, catalogue: Catalogue, categories: Iterable[Category], stored: dict | None = None
    ) -> None:
        self.catalogue = catalogue
        super().__init__(data, initial=self.flat_of(stored) if stored else {"level": "larger", "may_be_lowered": "yes"})
        types = [(row.pk, f"{row.pk} {row.label}") for row in AccidentType.objects.all()]
        self.fields["main_accident"].choices = [("", "—"), *types]
        self.fields["other_accidents"].choices = types
        self.fields["categories"].choices = [(row.pk, f"{row.pk} {row.label}") for row in categories]
        for name, rows in (("group", catalogue.groups), ("part", catalogue.parts)):
            self.fields[name].choices = [(row["key"], named_in(row)) for row in rows]
        for kind in MeasureClass:
            self.fields[kind.value] = long_field(
                _("Measures: %(class)s") % {"class": kind.label},
                most=800,
                help_text=_("1 to 3 measures, one a line."),
            )
        self.order_fields([name for name in self.fields if name != "basis"])
        if catalogue.quantified:
            self.fields["indicators"] = long_field(
                _("Indicators of the quantified assessment"), most=6000, rows=10, help_text=INDICATOR_HELP
            )

    def flat_of(self, stored: dict[str, Any]) -> dict[str, str]:
        """Return a stored item as the form's fields."""
        main, *others = stored["accident_types"] or [""]
        flat = {name: stored[name] for name in TEXTS}
        flat |= {kind.value: "\n".join(stored["measures"].get(kind.value, [])) for kind in MeasureClass}
        flat |= {
            "categories": SEPARATOR.join(stored["categories"]),
            "look_for": "\n".join(stored["look_for"]),
            "main_accident": main,
            "other_accidents": SEPARATOR.join(others),
            "may_be_lowered": "yes" if stored["may_be_lowered"] else "no",
        }
        if "indicators" in stored:
            flat["indicators"] = text_of_indicators(stored["indicators"])
        return flat

    def to_stored(self) -> dict[str, Any]:
        """Return the item as it is stored (risks.domain.drafts.save_item)."""
        given = self.cleaned_data
        main = [given["main_accident"]] if given["main_accident"] else []
        stored = {name: given[name] for name in TEXTS}
        stored |= {
            "categories": sorted(given["categories"]),
            "look_for": lines(given["look_for"]),
            "accident_types": main + [code for code in given["other_accidents"] if code not in main],
            "may_be_lowered": given["may_be_lowered"] != "no",
            "measures": {kind.value: lines(given[kind.value]) for kind in MeasureClass},
        }
        if self.catalogue.quantified:
            stored["indicators"] = given["indicators"]
        return stored

    def clean(self) -> dict[str, Any]:
        """Ask for what even a draft needs: a code to go by, and a level to stand at."""
        for name, text in NEEDED.items():
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, str(text))
        return self.cleaned_data

    def clean_indicators(self) -> list[dict]:
        """Return the indicators that the text lists."""
        try:
            return indicators_of(self.cleaned_data["indicators"])
        except BadIndicators as error:
            raise forms.ValidationError(str(error)) from error

    def shown(self, name: str, value: str) -> str:
        """Return codes in words, each with its name."""
        if isinstance(self.fields[name], CodesField):
            words = dict(self.fields[name].choices)
            return "\n".join(str(words.get(code, code)) for code in split(value))
        return super().shown(name, value)


NEEDED = {
    "code": _l("Write the code the item goes by, like MZ-01."),
    "level": _l("Choose larger or major."),
    "group": _l("Choose the group the item belongs to."),
    "part": _l("Choose the part the item belongs to."),
}
INDICATOR_HELP = _l(
    "One block an indicator, blocks apart by an empty line. First line: name | English name | weight; then the bands, "
    "worst first, each as score, space, text. Example: “Fire doors | Fire doors | 60”, below it “10 None”, “1 All "
    "closed”."
)
