"""Forms of keeping the roster. Each carries the version seen, a day and a reason: one pattern for every act."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.checks import credit_code
from enterprises.checks.basic_information import FIELDS, BasicField, problem_with
from enterprises.domain.basic_information import read_basic
from enterprises.enums import RegionLevel, Scale
from enterprises.models import Category, Enterprise, Region, User
from enterprises.models.enterprise import NoCodeReason
from enterprises.rules import holds_town, is_office

DATE = {"type": "date"}
TEXT_OF_REASON = _l("It stays in the history of the unit; its people and the departments concerned read it.")


def town_choices(user: User | None = None) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the towns under their county, those of the person's area when one is given. One query."""
    rows = list(Region.objects.exclude(level=RegionLevel.CITY).order_by("order", "code"))
    counties = [row for row in rows if row.level == RegionLevel.COUNTY]
    towns = [row for row in rows if row.level == RegionLevel.TOWN and (user is None or holds_town(user, row.pk))]
    groups = [(row.label, [(str(one.pk), one.label) for one in towns if one.parent_id == row.pk]) for row in counties]
    return [group for group in groups if group[1]]


def category_choices(user: User | None = None) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the categories in use under their sector, those the person's line leads when one is given. One query."""
    rows = Category.objects.filter(retired_on=None).select_related("sector")
    if user is not None and not is_office(user).allowed:
        rows = rows.filter(lead=user.department.line_id)
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        groups.setdefault(row.sector.label, []).append((row.pk, row.label))
    return list(groups.items())


class CreditCodeField(forms.CharField):
    """A credit code: width and case are put right, and the sentence says which character is wrong."""

    def __init__(self, **options: Any) -> None:
        help_text = _l("18 characters, for example 91320583MA1MABCD5E.")
        super().__init__(label=_l("Credit code"), max_length=40, help_text=help_text, **options)

    def clean(self, value: Any) -> str:
        """Return the normalised code."""
        text = credit_code.normalise(super().clean(value))
        problem = credit_code.problem_with(text) if text else ""
        if problem:
            raise forms.ValidationError(problem)
        return text


class BasicTextField(forms.CharField):
    """A field of the basic information that may stay empty; what is written passes the check of the report's form."""

    def __init__(self, known: BasicField) -> None:
        self.known = known
        widget = forms.Textarea(attrs={"rows": 2}) if known.kind == "long" else forms.TextInput()
        super().__init__(label=known.label, required=False, help_text=known.help, max_length=1000, widget=widget)

    def clean(self, value: Any) -> str:
        """Return the text. Raises ValidationError with the sentence of the check."""
        text = super().clean(value)
        problem = problem_with(self.known, text) if text else ""
        if problem:
            raise forms.ValidationError(problem)
        return text


class BasicChoiceField(forms.ChoiceField):
    """A field of the basic information with given answers."""

    def __init__(self, known: BasicField) -> None:
        super().__init__(label=known.label, required=False, choices=[("", "—"), *known.choices], help_text=known.help)


def basic_field(known: BasicField) -> forms.Field:
    """Return the form field of a field of the basic information."""
    return BasicChoiceField(known) if known.kind == "choice" else BasicTextField(known)


class DeedForm(forms.Form):
    """What every act on a unit carries."""

    seen_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    on = forms.DateField(label=_l("From which day"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DATE))
    reason = forms.CharField(
        label=_l("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=TEXT_OF_REASON,
        error_messages={"required": _l("Write the reason. For example: written off, see the notice of 1 March.")},
    )

    def __init__(self, *args: Any, user: User, unit: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.unit = user, unit
        self.order_fields([name for name in self.fields if name not in {"on", "reason"}])

    @classmethod
    def standing(cls, unit: Enterprise) -> dict[str, Any]:
        """Return what stands of the unit, by the names of the form's own fields."""
        return {}

    def own_names(self) -> list[str]:
        """Return the names of the fields that say something of the unit itself."""
        return [name for name in self.fields if name not in DeedForm.base_fields]

    def words(self, name: str, value: Any) -> str:
        """Return a value of a field as a person reads it."""
        return _words(self.fields[name], value)


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(value, list | tuple):
        return "、".join(_words(field, one) for one in value)
    choices = getattr(field, "choices", None)
    return dict(_flat(choices)).get(str(value), str(value or "")) if choices else str(value or "")


def _flat(choices: Any) -> list[tuple[str, str]]:
    found = []
    for value, label in choices:
        found += _flat(label) if isinstance(label, list | tuple) else [(str(value), str(label))]
    return found


class LifeForm(DeedForm):
    """Suspend, resume, close, write off, bring back: the day and the reason are all."""


class MoveForm(DeedForm):
    """Where a unit stands, what it is and how large."""

    town = forms.ChoiceField(label=_l("Town or street"))
    category = forms.ChoiceField(
        label=_l("Category"), help_text=_l("Its lead department decides the unit's reports, and the unit counts there.")
    )
    scale = forms.ChoiceField(label=_l("Scale"), choices=Scale.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"].choices = town_choices()
        self.fields["category"].choices = category_choices()

    @classmethod
    def standing(cls, unit: Enterprise) -> dict[str, Any]:
        """Return where the unit stands."""
        return {"town": str(unit.town_id), "category": unit.category_id, "scale": unit.scale}


class ChangeForm(DeedForm):
    """The master data: name and basic information, which a keeper may leave empty where it is not known."""

    name = forms.CharField(label=_l("Name"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for known in FIELDS:
            self.fields[known.key] = basic_field(known)
        self.fields["address"].required = True
        self.order_fields(["name", *(known.key for known in FIELDS), "on", "reason"])

    @classmethod
    def standing(cls, unit: Enterprise) -> dict[str, Any]:
        """Return name and basic information."""
        return {"name": unit.name, **read_basic(unit)}

    def clean(self) -> dict:
        """A point is given whole or not at all."""
        data = super().clean()
        if bool(data.get("longitude")) != bool(data.get("latitude")):
            self.add_error("latitude", _("Give both longitude and latitude, or neither."))
        return data

    def basic(self) -> dict[str, str]:
        """Return the basic information that was written."""
        return {known.key: self.cleaned_data[known.key] for known in FIELDS}


class CategoriesForm(DeedForm):
    """The further categories beside the primary one."""

    further = forms.MultipleChoiceField(
        label=_l("Further categories"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_l("Their catalogues are asked too, and their lead departments may comment."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["further"].choices = [
            choice for choice in _flat(category_choices()) if choice[0] != self.unit.category_id
        ]

    @classmethod
    def standing(cls, unit: Enterprise) -> dict[str, Any]:
        """Return the further categories."""
        return {"further": sorted(unit.category_links.values_list("category_id", flat=True))}


class CodeForm(DeedForm):
    """A unit with a temporary code has got its credit code."""

    credit_code = CreditCodeField()


class AddForm(forms.Form):
    """A unit that joins the roster."""

    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_l("Name"), max_length=120, help_text=_l("As on the licence, in full."))
    credit_code = CreditCodeField(required=False)
    no_code_reason = forms.ChoiceField(
        label=_l("Why it has no credit code"),
        required=False,
        choices=[("", _l("It has one")), *NoCodeReason.choices],
        help_text=_l("The system then gives a temporary code; the credit code is entered when the unit gets it."),
    )
    town = forms.ChoiceField(label=_l("Town or street"))
    address = forms.CharField(label=_l("Address"), max_length=200)
    category = forms.ChoiceField(label=_l("Category"))
    scale = forms.ChoiceField(label=_l("Scale"), choices=Scale.choices, initial=Scale.UNSCALED)
    principal_name = forms.CharField(label=_l("Main responsible person"), max_length=40, required=False)
    principal_phone = forms.CharField(
        label=_l("Telephone of the main responsible person"), max_length=20, required=False
    )
    safety_name = forms.CharField(label=_l("Safety officer"), max_length=40, required=False)
    safety_phone = forms.CharField(label=_l("Telephone of the safety officer"), max_length=20, required=False)
    joined_on = forms.DateField(
        label=_l("On the roster from"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs=DATE),
        help_text=_l("Open reporting tasks expect its report from this day."),
    )
    reason = forms.CharField(label=_l("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    not_the_same = forms.CharField(
        label=_l("Why it is not the same unit"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_l("For example: another floor of the same house, with a licence of its own."),
    )
    BASIC = ("address", "principal_name", "principal_phone", "safety_name", "safety_phone")

    def __init__(self, *args: Any, user: User, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"].choices = [("", "—"), *town_choices(user)]
        self.fields["category"].choices = [("", "—"), *category_choices(user)]
        self.fields["joined_on"].initial = today
        known = {field.key: field for field in FIELDS}
        for name in ("principal_phone", "safety_phone"):
            self.fields[name] = basic_field(known[name])

    def clean(self) -> dict:
        """A credit code, or the reason why there is none."""
        data = super().clean()
        if "credit_code" in data and bool(data["credit_code"]) == bool(data.get("no_code_reason")):
            self.add_error("credit_code", _("Give the credit code, or the reason why the unit has none."))
        return data


def words_of(form: forms.Form, name: str) -> str:
    """Return what was given in a field of a valid form as a person reads it."""
    return _words(form.fields[name], form.cleaned_data[name])


class NotTheSameForm(forms.Form):
    """Why two units that look alike are two."""

    reason = forms.CharField(
        label=_l("Why it is not the same unit"),
        max_length=500,
        help_text=_l("For example: another floor of the same house, with a licence of its own."),
        error_messages={"required": _l("Write why the two are not the same unit.")},
    )
