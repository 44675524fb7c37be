"""Forms of a reconciliation: which lists, and how one difference is settled."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

from enterprises.checks import credit_code
from enterprises.domain.joining import NewUnit
from enterprises.domain.list_headings import COMPARED, roster_sheet
from enterprises.enums import RegionLevel, Scale
from enterprises.models import Category, Difference, Reconciliation, Region, User
from enterprises.models.enterprise import NoCodeReason
from enterprises.models.reconciliation import Bucket
from enterprises.queries.scope import scope_for
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.imports.preview import Assignment, options_of
from riskreport.ground.reader.guard import MOST_BYTES

ROSTER, FILE = "roster", "file"
KEEP, EXPLAIN, TAKE, CLOSE, WRITE_OFF, ADD = "keep", "explain", "take", "close", "write_off", "add"
REMEDIES: dict[str, dict[str, Any]] = {
    Bucket.ONLY_A: {
        CLOSE: pgettext_lazy("unit", "It has closed"), WRITE_OFF: _l("It is written off"),
    },
    Bucket.ONLY_B: {ADD: _l("Add to the roster")},
    Bucket.DIFFERS: {TAKE: _l("Take over from B")},
}  # fmt: skip
EVERY_REMEDY = {KEEP: _l("Keep ours"), EXPLAIN: _l("Settle with a reason")}
EXTENSIONS = ("xlsx", "csv")


def day_field(label: Any) -> forms.DateField:
    """Return a field for a day that is today unless the person says otherwise."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class StartForm(forms.Form):
    """Which list is compared with which."""

    title = forms.CharField(
        label=_l("Name of the comparison"),
        max_length=80,
        help_text=_l("For example: with the market regulation bureau, October."),
    )
    against = forms.ChoiceField(
        label=_l("List A"), choices=[(ROSTER, _l("Our roster")), (FILE, _l("A file of our own"))],
        widget=forms.RadioSelect, initial=ROSTER,
    )  # fmt: skip
    category = forms.ChoiceField(label=_l("Category"), required=False)
    area = forms.ChoiceField(label=_l("Area"), required=False)
    a_file = forms.FileField(
        label=_l("File of list A"), required=False, help_text=_l("Only when list A is a file of our own.")
    )
    b_file = forms.FileField(
        label=_l("List B"), help_text=_l("The list from elsewhere: Excel (.xlsx) or CSV, at most 20 MB.")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("All")), *categories_of(user)]
        self.fields["area"].choices = [("", _("All")), *areas_of(user)]

    def clean_a_file(self) -> Any:
        """A file of list A is one like list B."""
        return _checked(self.cleaned_data["a_file"])

    def clean_b_file(self) -> Any:
        """Only what may be read is kept; what it really is the reader finds out."""
        return _checked(self.cleaned_data["b_file"])

    def clean(self) -> dict[str, Any]:
        """A file of our own must be there when it is to be compared."""
        data = super().clean()
        if data.get("against") == FILE and not data.get("a_file"):
            self.add_error("a_file", _("Choose the file of list A, or compare the roster."))
        return data


def _checked(file: Any) -> Any:
    if file is None:
        return None
    if file.name.rsplit(".", 1)[-1].lower() not in EXTENSIONS:
        raise forms.ValidationError(
            _("“%(name)s” is no .xlsx and no .csv file. Save the list as .xlsx.") % {"name": file.name}
        )
    if file.size > MOST_BYTES:
        raise forms.ValidationError(_("The file is larger than 20 MB. Split the list into several files."))
    return file


def categories_of(user: User) -> list[tuple[str, str]]:
    """Return the categories within the person's scope that are in use."""
    scope = scope_for(user)
    rows = Category.objects.filter(retired_on=None)
    if scope.categories is not None:
        rows = rows.filter(code__in=scope.categories)
    return [(row.code, row.label) for row in rows]


def areas_of(user: User, *levels: str) -> list[tuple[str, str]]:
    """Return the regions within the person's scope, counties before towns unless one level is asked for."""
    wanted = levels or (RegionLevel.COUNTY, RegionLevel.TOWN)
    held = Q(pk__in=[])
    for low, high in scope_for(user).ranges:
        held |= Q(low__gte=low, high__lte=high)
    rows = Region.objects.filter(held, level__in=wanted).select_related("parent").order_by("level", "order", "code")
    shared = {}
    for row in rows:
        shared.setdefault(row.label, []).append(row)
    return [
        (str(row.code), row.label if len(shared[row.label]) == 1 else f"{row.parent.label} {row.label}") for row in rows
    ]


class ReasonForm(forms.Form):
    """A day and a reason."""

    on = day_field(_l("From which day"))
    reason = forms.CharField(label=_l("Reason"), max_length=200)


class LeftForm(ReasonForm):
    """A unit that has left."""

    how = forms.ChoiceField(
        label=_l("How it left"),
        choices=[("close", pgettext_lazy("unit", "It has closed")), ("write_off", _l("It is written off"))],
    )


class ManyForm(forms.Form):
    """One remedy for several differences of one kind."""

    remedy = forms.ChoiceField(label=_l("What is done"))
    category = forms.ChoiceField(
        label=_l("Category"), required=False, help_text=_l("Of the units to be added for which list B names none.")
    )
    on = day_field(_l("From which day"))
    reason = forms.CharField(label=_l("Reason"), max_length=200)

    def __init__(
        self, *args: Any, remedies: dict[str, Any], user: User, rows: Sequence[Difference], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remedy"].choices = list(remedies.items())
        self.lacking = [row for row in rows if not row.b.get("category")] if ADD in remedies else []
        if self.lacking:
            self.fields["category"].choices = [("", _("Please choose")), *categories_of(user)]
        else:
            del self.fields["category"]

    def clean(self) -> dict[str, Any]:
        """A unit that is added needs a category: asked for once, for all that have none."""
        data = super().clean()
        if self.lacking and data.get("remedy") == ADD and not data.get("category") and "category" not in self.errors:
            text = _("Choose the category: list B names none for %(count)s of these units.")
            self.add_error("category", text % {"count": len(self.lacking)})
        return data


class ExplainForm(forms.Form):
    """A reason instead of an act."""

    reason = forms.CharField(label=_l("Reason"), max_length=500)


class JoinForm(forms.Form):
    """What is needed to enter a unit of list B into the roster, filled in as far as the list says it."""

    name = forms.CharField(label=pgettext_lazy("unit", "Name"), max_length=120)
    code = forms.CharField(label=_l("Credit code"), max_length=30, required=False)
    no_code_reason = forms.ChoiceField(label=_l("Why it has no credit code"), required=False)
    town = forms.ChoiceField(label=_l("Town or street"))
    address = forms.CharField(label=_l("Address"), max_length=200)
    category = forms.ChoiceField(label=_l("Category"))
    scale = forms.ChoiceField(label=_l("Scale"), choices=Scale.choices)
    on = day_field(_l("Joined on"))
    reason = forms.CharField(label=_l("Reason"), max_length=200)
    not_the_same = forms.CharField(
        label=_l("Why it is another unit"), max_length=200, required=False,
        help_text=_l("Only when a unit on the roster looks like this one and is another."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose = ("", _("Please choose"))
        self.fields["town"].choices = [choose, *areas_of(user, RegionLevel.TOWN)]
        self.fields["category"].choices = [choose, *categories_of(user)]
        self.fields["no_code_reason"].choices = [choose, *NoCodeReason.choices]

    def clean_code(self) -> str:
        """A code has the right check digit."""
        code = credit_code.normalise(self.cleaned_data["code"])
        if code and (problem := credit_code.problem_with(code)):
            raise forms.ValidationError(problem)
        return code

    def clean(self) -> dict[str, Any]:
        """Either a code, or the reason why there is none."""
        data = super().clean()
        if "code" in data and bool(data["code"]) == bool(data.get("no_code_reason")):
            self.add_error("code", _("Give the credit code, or the reason why the unit has none."))
        return data

    def unit(self) -> NewUnit:
        """Return the unit to enter."""
        data = self.cleaned_data
        return NewUnit(
            name=data["name"],
            town_id=int(data["town"]),
            category_id=data["category"],
            scale=data["scale"],
            joined_on=data["on"],
            credit_code=data["code"],
            no_code_reason=data["no_code_reason"],
            basic={"address": data["address"]},
        )


def assignments_of(row: Reconciliation, sent: Mapping[str, str]) -> dict[str, Assignment]:
    """Return, by list ("a", "b"), the table of headings of each file asked about; ``sent`` is what was chosen."""
    tables = {}
    for side, asked in row.lists.items():
        if "columns" in asked:
            continue
        columns = [sent.get(f"{side}-{place}", found) for place, found in enumerate(asked["found"])]
        tables[side] = ListAssignment(
            roster_sheet(), headings=asked["headings"], columns=columns, asked=asked["asked"],
            samples=asked["samples"], name=side,
        )  # fmt: skip
    return tables


class ListAssignment(Assignment):
    """The headings of a list that is only compared: what is compared stands first, the rest is passed over."""

    @property
    def options(self) -> list[tuple[str, str]]:
        """The columns to choose from."""
        others = [(key, words) for key, words in options_of(self.sheet) if key not in COMPARED]
        named = [(key, str(self.sheet.by_key[key].heading)) for key in COMPARED]
        return named + [(key, _("%(column)s (not compared)") % {"column": words.lstrip("*")}) for key, words in others]


def remedies_for(bucket: str) -> dict[str, Any]:
    """Return the remedies that several differences of a kind may get at once; of mixed kinds those that suit all."""
    return REMEDIES.get(bucket, {}) | EVERY_REMEDY


def unit_as_listed(b: dict[str, Any], user: User, reason: str, on: Any) -> NewUnit:
    """Return the unit as list B names it. Raises Refused, saying what it does not say, where that is not enough."""
    form = JoinForm(join_initial(b, reason) | {"on": on}, user=user)
    if form.is_valid():
        return form.unit()
    wanted = "、".join(str(form.fields[name].label) for name in form.errors)
    raise Refused(_("List B does not say enough to add it: %(wanted)s. Add it on its own page.") % {"wanted": wanted})


def join_initial(b: dict[str, Any], reason: str) -> dict[str, Any]:
    """Return what list B says of a unit as the first values of the form."""
    kept = {key: b.get(key, "") for key in ("name", "town", "address", "category")}
    code = b.get("code", "")
    kept["code"] = code if credit_code.is_valid(code) else ""
    return kept | {"scale": b.get("scale", Scale.UNSCALED), "on": clock.today(), "reason": reason}
