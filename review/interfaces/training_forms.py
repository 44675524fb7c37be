"""Forms of training: a session, the four respects, a person, the standard, a material."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.enums import SEES_EVERY_LINE, RegionLevel
from enterprises.interfaces.forms import clean_telephone
from enterprises.models import Category, Region, Sector, User
from enterprises.queries.codes import unit_of_code
from enterprises.queries.scope import scope_for
from review.domain.training.materials import MaterialGiven
from review.domain.training.sessions import RESPECTS, SessionGiven
from review.enums import MaterialKind, MaterialLanguage, TrainingKind
from review.models import TrainingStandard
from review.queries.materials import materials_for_user

MOST_MINUTES = 600
MOST_SEATS = 100_000


class SessionForm(forms.Form):
    """A training session as its organiser gives it; places and categories are those of the person's scope."""

    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label=pgettext_lazy("training", "Title"),
        max_length=100,
        error_messages={"required": _("Write what the session is about.")},
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("training", "Kind"), choices=lambda: TrainingKind.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the session is given.")},
    )  # fmt: skip
    starts_at = forms.DateTimeField(
        label=pgettext_lazy("training", "Begins"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={"required": _("Write day and time, for example 2021-10-12 09:00.")},
    )
    minutes = forms.IntegerField(
        label=_("Minutes it takes"), min_value=10, max_value=MOST_MINUTES, initial=90,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    place = forms.CharField(
        label=_("Place or address of the stream"), max_length=200,
        help_text=_("Room and address; of a cloud class or a live stream the address to open."),
    )  # fmt: skip
    trainer = forms.CharField(label=_("Trainer"), max_length=60)
    capacity = forms.IntegerField(
        label=pgettext_lazy("training", "Seats"), min_value=1, max_value=MOST_SEATS, required=False,
        help_text=_("How many people can come. Empty: as many as want to."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    region_id = forms.TypedChoiceField(label=_("For units of"), choices=(), coerce=int)
    categories = forms.MultipleChoiceField(
        label=_("For categories"), choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )
    material_id = forms.TypedChoiceField(
        label=_("Material"), choices=(), coerce=int, required=False, empty_value=None,
        help_text=_("From the library, with its language."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note for those who come"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["region_id"].choices = place_choices(user)
        self.fields["categories"].choices = session_categories(user)
        if user.department.kind in SEES_EVERY_LINE:
            self.fields["categories"].help_text = _("None ticked: for all categories.")
        rows = materials_for_user(user).filter(withdrawn_at=None)
        named = [(row.pk, f"{row.title}（{row.get_language_display()}）") for row in rows]
        self.fields["material_id"].choices = [("", _("None")), *named]

    @staticmethod
    def standing(given: SessionGiven, version: int) -> dict[str, Any]:
        """Return what stands of a session, by the names of the fields."""
        minutes = (given.ends_at - given.starts_at).total_seconds() / 60
        return {
            **{name: getattr(given, name) for name in SessionGiven.__dataclass_fields__ if name != "ends_at"},
            "starts_at": timezone.localtime(given.starts_at),
            "minutes": int(minutes),
            "categories": list(given.categories),
            "seen_version": version,
        }

    def given(self) -> SessionGiven:
        """Return the session as it was written."""
        said = self.cleaned_data
        return SessionGiven(
            **{
                name: said[name]
                for name in ("title", "kind", "region_id", "trainer", "starts_at", "place", "capacity", "note")
            },
            categories=tuple(sorted(said["categories"])),
            ends_at=said["starts_at"] + dt.timedelta(minutes=said["minutes"]),
            material_id=said["material_id"] or None,
        )


def place_choices(user: User) -> list[tuple[Any, Any]]:
    """Return the regions within the person's areas, towns under their county, the widest first."""
    ranges = scope_for(user).ranges
    rows = [
        row
        for row in Region.objects.order_by("order", "code")
        if any(low <= row.low and row.high <= high for low, high in ranges)
    ]
    wide = [(row.pk, row.label) for row in rows if row.level != RegionLevel.TOWN]
    towns: dict[int, list[tuple[int, str]]] = {}
    for row in rows:
        if row.level == RegionLevel.TOWN:
            towns.setdefault(row.parent_id, []).append((row.pk, row.label))
    names = {row.pk: row.label for row in Region.objects.filter(pk__in=towns)}
    return [*wide, *((names[parent], inside) for parent, inside in towns.items())]


def session_categories(user: User) -> list[tuple[str, str]]:
    """Return the categories in use that the person's department may train, in the order of their codes."""
    scope = scope_for(user)
    rows = Category.objects.filter(retired_on=None).order_by("code")
    if scope.categories is not None:
        rows = rows.filter(pk__in=sorted(scope.categories))
    return [(row.pk, row.label) for row in rows]


class RespectsForm(forms.Form):
    """Which of the four respects of the one standard a session met."""

    respects = forms.TypedMultipleChoiceField(
        label=_("Met by this session"), choices=(), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, standard: TrainingStandard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["respects"].choices = list(enumerate(standard.respects, 1))


class CancelForm(forms.Form):
    """Why a session is cancelled."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Those who signed up read it."),
        error_messages={"required": _("Write the reason: those who signed up read it.")},
    )  # fmt: skip


class PersonForm(forms.Form):
    """A person who comes: the name, and a telephone where the organiser may have to call."""

    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name of the person"), max_length=40, error_messages={"required": _("Write the person's name.")}
    )
    phone = forms.CharField(
        label=_("Telephone"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )

    def clean_name(self) -> str:
        """Take out the spaces that are put between two characters; those of a foreign name stay single."""
        text = " ".join(self.cleaned_data["name"].split())
        return text if text.isascii() else text.replace(" ", "")

    def clean_phone(self) -> str:
        """Accept full-width digits and spaces; say what a number looks like."""
        return clean_telephone(self.cleaned_data["phone"])


class WhoCameForm(PersonForm):
    """A person who came without being signed up, with the code of the unit."""

    field_order = ("code", "name", "phone")
    code = forms.CharField(
        label=_("Credit code or temporary code of the unit"), max_length=20,
        error_messages={"required": _("Write the code of the unit.")},
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_code(self) -> int:
        """Return the unit within the person's scope."""
        unit = unit_of_code(self.user, self.cleaned_data["code"])
        if unit is None:
            raise forms.ValidationError(_("There is no unit of this code within your area and lines."))
        return unit


class CheckInForm(forms.Form):
    """Who of the unit is here: those signed up are ticked, one more may be written."""

    people = forms.TypedMultipleChoiceField(
        label=_("Who is here"), choices=(), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    name = forms.CharField(label=_("Somebody else of our unit"), max_length=40, required=False)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = people
        if not people:
            del self.fields["people"]
            self.fields["name"].label = _("Name of the person")

    clean_name = PersonForm.clean_name


class StandardForm(forms.Form):
    """The names of the four respects and the rule of the test."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    questions = forms.IntegerField(label=_("Questions of a test"), min_value=1, max_value=30)
    pass_mark = forms.IntegerField(
        label=_("Pass mark, per cent"), min_value=1, max_value=100,
        help_text=_("Of sessions made from now on; those that stand keep theirs."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, RESPECTS + 1):
            label = _("Respect %(number)s") % {"number": number}
            self.fields[f"respect_{number}"] = forms.CharField(label=label, max_length=30)
        self.order_fields([f"respect_{number}" for number in range(1, RESPECTS + 1)])

    @staticmethod
    def standing(row: TrainingStandard) -> dict[str, Any]:
        """Return what stands, by the names of the fields."""
        names = {f"respect_{number}": name for number, name in enumerate(row.respects, 1)}
        return {**names, "questions": row.questions, "pass_mark": row.pass_mark, "seen_version": row.version}

    def respects(self) -> list[str]:
        """Return the four names."""
        return [self.cleaned_data[f"respect_{number}"] for number in range(1, RESPECTS + 1)]


class VersionForm(forms.Form):
    """A new version of a material."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF or Word (docx), at most 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.docx"}),
        error_messages={"required": _("Choose a file first.")},
    )
    note = forms.CharField(label=_("What is new in it"), max_length=200, required=False)


class MaterialForm(VersionForm):
    """A new material with its first version."""

    field_order = ("title", "kind", "language", "sector_id", "file", "note")
    title = forms.CharField(
        label=pgettext_lazy("training", "Title"), max_length=120, error_messages={"required": _("Write the title.")}
    )
    kind = forms.ChoiceField(label=pgettext_lazy("training", "Kind"), choices=lambda: MaterialKind.choices)
    language = forms.ChoiceField(label=_("Language"), choices=lambda: MaterialLanguage.choices)
    sector_id = forms.TypedChoiceField(label=_("For the sector"), choices=(), required=False, empty_value=None)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = scope_for(user)
        rows = Sector.objects.filter(retired_on=None)
        every: list[tuple[str, Any]] = [("", _("All sectors"))]
        if scope.categories is not None:
            rows = rows.filter(categories__in=sorted(scope.categories)).distinct()
            every = []
        self.fields["sector_id"].choices = every + [(row.pk, row.label) for row in rows]

    def given(self) -> MaterialGiven:
        """Return the material as it was written."""
        said = self.cleaned_data
        return MaterialGiven(said["title"], said["kind"], said["language"], said["sector_id"] or None)
