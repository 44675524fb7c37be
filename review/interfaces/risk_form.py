"""The forms of a risk in its parts: what it is, the measures, the responsible person. The level has its own form."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.models import Category
from review.interfaces.basic_form import CHOOSE
from riskreport.ground.ui.draft_form import DraftForm, LongField, long_field, text_field
from risks.enums import MeasureClass, Rank
from risks.models import AccidentType

PARTS = ("description", "level", "measures", "person")
SECTION_OF_PART = {"description": "risks", "level": "risks", "measures": "measures", "person": "people"}
PART_LABELS = {
    "description": _l("What and where"),
    "level": _l("Method and level"),
    "measures": _l("Measures"),
    "person": _l("Responsible person"),
}
PART_OF_FIELD = {
    "level": "level",
    "assessment": "level",
    "lower_reason": "level",
    "measures": "measures",
    "responsible_name": "person",
    "responsible_phone": "person",
    "rank": "person",
}


class DescriptionForm(DraftForm):
    """Name, point, place, accident type and consequence of a risk."""

    name = text_field(_l("Name of the risk"), most=120, help_text=_l("For example: fire in the residents' building."))
    point = text_field(
        _l("Risk point"),
        most=120,
        required=False,
        help_text=_l("The equipment or the step of work, when there is one."),
    )
    place = text_field(_l("Place"), most=120, help_text=_l("Building, floor, room or yard, so that one can go there."))
    accident_type = forms.ChoiceField(label=_l("Accident type"))
    consequence = long_field(_l("What may happen"), most=2000)

    def __init__(self, data: Any = None, *, types: Iterable[AccidentType], stored: dict | None = None) -> None:
        super().__init__(data, initial=self.flat_of(stored or {}))
        self.fields["accident_type"].choices = [CHOOSE, *((row.code, row.label) for row in types)]

    def flat_of(self, stored: dict[str, Any]) -> dict[str, str]:
        """Return the columns as fields."""
        flat = {name: str(stored.get(name) or "") for name in ("name", "point", "place", "consequence")}
        return flat | {"accident_type": stored.get("accident_type_id") or ""}

    def to_stored(self) -> dict[str, Any]:
        """Return the columns of the risk."""
        values = dict(self.cleaned_data)
        code = values.pop("accident_type")
        return values | {"accident_type_id": code or None}

    def clean_name(self) -> str:
        """A name is what lists call the risk, so it is the one thing that may not be emptied."""
        if not self.cleaned_data["name"]:
            raise forms.ValidationError(_l("Give the risk a name, for example: fire in the residents' building."))
        return self.cleaned_data["name"]


class MeasuresForm(DraftForm):
    """The five classes of measures, one measure a line. Fields: the classes."""

    ENOUGH = {MeasureClass.ENGINEERING, MeasureClass.MANAGEMENT, MeasureClass.EMERGENCY}
    HELP = {
        MeasureClass.ENGINEERING: _l("Equipment, barriers, alarms, extinguishing."),
        MeasureClass.MANAGEMENT: _l("Rules, rounds, permits, limits."),
        MeasureClass.TRAINING: _l("Who learns what, how often."),
        MeasureClass.PROTECTION: _l("What people wear or carry."),
        MeasureClass.EMERGENCY: _l("What is done when it happens; drills and supplies."),
    }

    def __init__(self, data: Any = None, *, stored: dict | None = None) -> None:
        super().__init__(data, initial=self.flat_of(stored or {}))
        for kind in MeasureClass:
            self.fields[kind.value] = LongField(
                label=kind.label,
                help_text=self.HELP[kind],
                required=kind in self.ENOUGH,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def flat_of(self, stored: dict[str, Any]) -> dict[str, str]:
        """Return each class as lines."""
        measures = stored.get("measures") or {}
        return {kind.value: "\n".join(measures.get(kind.value, [])) for kind in MeasureClass}

    def to_stored(self) -> dict[str, Any]:
        """Return the column; empty lines and empty classes are left out."""
        lines = {
            kind.value: [line.strip() for line in self.cleaned_data[kind.value].split("\n") if line.strip()]
            for kind in MeasureClass
        }
        return {"measures": {key: texts for key, texts in lines.items() if texts}}


class PersonForm(DraftForm):
    """Who answers for a risk (一险一人). Ranks are named as the trade names them."""

    COLUMNS = ("responsible_name", "responsible_post", "rank", "responsible_department", "responsible_phone")
    responsible_name = text_field(_l("Name of the person"), most=40)
    responsible_post = text_field(_l("Post"), most=40, required=False, help_text=_l("For example: deputy director."))
    rank = forms.ChoiceField(label=_l("Rank"))
    responsible_department = text_field(_l("Department"), most=60, required=False)
    responsible_phone = text_field(_l("Telephone"), most=20, required=False)

    def __init__(self, data: Any = None, *, category: Category, stored: dict | None = None) -> None:
        super().__init__(data, initial=self.flat_of(stored or {}))
        self.fields["rank"].choices = [CHOOSE, *rank_names(category).items()]
        self.fields["responsible_phone"].widget.attrs["inputmode"] = "tel"

    def flat_of(self, stored: dict[str, Any]) -> dict[str, str]:
        """Return the columns as fields."""
        return {name: str(stored.get(name) or "") for name in self.COLUMNS}

    def to_stored(self) -> dict[str, Any]:
        """Return the columns of the risk."""
        return {name: self.cleaned_data[name] for name in self.COLUMNS}


def rank_names(category: Category) -> dict[str, str]:
    """Return the ranks with the posts that count as each in this category, highest first."""
    named = category.rank_map or {}
    if get_language() == "en":
        named = named.get("en", {})
    return {rank.value: _named(rank, named.get(rank.value, "")) for rank in Rank}


def _named(rank: Rank, posts: str) -> str:
    return _("%(rank)s (%(posts)s)") % {"rank": rank.label, "posts": posts} if posts else str(rank.label)
