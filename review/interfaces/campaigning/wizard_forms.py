"""The forms of the wizard, a step each. What is incomplete is kept; what is wrong is said where it stands."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.enums import RegionLevel, Scale
from enterprises.queries.taxonomy import categories_in_force, sectors_in_force
from review.enums import CampaignKind, ChecklistKey
from review.models import Campaign
from review.queries.campaigning.defaults import campaign_defaults, preset_milestones

MILESTONE_ROWS = (1, 2, 3)
DAY = {"type": "date"}
Answers = Mapping[str, Any]


def day_field(label: Any, *, required: bool = True, **extra: Any) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"), **extra
    )


def several(label: Any, *, required: bool = False, **extra: Any) -> forms.MultipleChoiceField:
    """Return boxes to tick."""
    widget = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(label=label, required=required, widget=widget, **extra)


class StepForm(forms.Form):
    """A step. ``given`` holds the cleaned answers of the other steps, as far as they are right."""

    def __init__(self, *args: Any, given: Answers | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.given: Answers = given or {}
        self.use_required_attribute = False  # going back saves what is there, complete or not


class WhatForm(StepForm):
    """What it is called."""

    name = forms.CharField(
        label=_l("Name of the reporting task"),
        max_length=120,
        help_text=_l("Units and departments read it everywhere, for example 重点行业领域安全风险报告（2022）."),
    )
    name_en = forms.CharField(label=_l("English name"), max_length=160, required=False)
    code = forms.SlugField(
        label=_l("Short code"),
        max_length=40,
        help_text=_l("Small letters, figures and hyphens, for example key-sectors-2022. It stands in addresses."),
    )
    kind = forms.ChoiceField(
        label=_l("Kind of reports"),
        choices=lambda: CampaignKind.choices,
        initial=CampaignKind.FIRST.value,
        widget=forms.RadioSelect,
        help_text=_l("Periodic reports are made in every first quarter and begin with what the unit reported last."),
    )

    def clean_code(self) -> str:
        """Ask for a code that no task has."""
        code = self.cleaned_data["code"]
        if Campaign.objects.filter(code=code).exists():
            raise forms.ValidationError(_("Another reporting task has this code. Choose another one."))
        return code


class WhomForm(StepForm):
    """Who is asked."""

    sectors = several(_l("Sectors"), required=True, error_messages={"required": _l("Tick at least one sector.")})
    categories = several(
        _l("Only these categories"), help_text=_l("Tick none to ask all categories of the sectors above.")
    )
    scales = several(_l("Only these scales"), help_text=_l("Tick none to ask every scale."), choices=Scale.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sectors"].choices = [(row.code, f"{row.code} {row.label}") for row in sectors_in_force()]
        rows = categories_in_force().select_related("sector").order_by("code")
        self.fields["categories"].choices = [(row.code, f"{row.code} {row.label}") for row in rows]
        self._sector_of = {row.code: row.sector_id for row in rows}

    def clean(self) -> dict[str, Any]:
        """Keep the categories within the sectors; without any, take all of theirs."""
        given = super().clean()
        sectors = set(given.get("sectors", []))
        wanted = given.get("categories") or [code for code, own in self._sector_of.items() if own in sectors]
        outside = sorted(code for code in wanted if self._sector_of.get(code) not in sectors)
        if sectors and outside:
            text = _("These categories belong to sectors that are not ticked: %(codes)s.")
            self.add_error("categories", text % {"codes": "、".join(outside)})
        empty = sorted(sectors - {self._sector_of[code] for code in wanted if code in self._sector_of})
        if empty:
            text = _("Of these sectors no category is ticked: %(codes)s. Tick some of theirs, or leave the sector out.")
            self.add_error("categories", text % {"codes": "、".join(empty)})
        return given | {"asked": sorted(wanted)}


class HowForm(StepForm):
    """How it is reported, and who decides."""

    stages = forms.ChoiceField(
        label=_l("Stages"),
        choices=[
            ("2", _l("Two stages: written first report, review, online final report")),
            ("1", _l("One stage: the online report is filed directly and verified afterwards")),
        ],
        initial="2",
        widget=forms.RadioSelect,
    )
    deciding_level = forms.ChoiceField(
        label=_l("Reports are decided at this level"),
        choices=lambda: RegionLevel.choices,
        initial=RegionLevel.COUNTY.value,
        widget=forms.RadioSelect,
        help_text=_l("City, county: the lead department of the category. Town: its safety office, else the county's."),
    )


class WhenForm(StepForm):
    """The days: opening, last day, lock, milestones."""

    opens_on = day_field(_l("Opens on"))
    due_on = day_field(_l("All reports are due on"))
    locks_on = day_field(
        _l("Locked after"),
        required=False,
        help_text=_l("After this day nothing can be handed in without an extension. Leave it empty to lock nothing."),
    )
    presets = several(_l("Milestones (示例口径)"), help_text=_l("Each on its first such day after the opening."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = "name_en" if get_language() == "en" else "name"
        self.fields["presets"].choices = [(k, row[shown]) for k, row in campaign_defaults()["milestones"].items()]
        for row in MILESTONE_ROWS:
            self.fields[f"name_{row}"] = forms.CharField(
                label=_("Further milestone %(number)s: name") % {"number": row}, max_length=80, required=False
            )
            self.fields[f"percent_{row}"] = forms.IntegerField(
                label=pgettext_lazy("milestone", "Share in per cent"), min_value=1, max_value=100, required=False
            )
            self.fields[f"day_{row}"] = day_field(pgettext_lazy("milestone", "By"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for days in order and whole milestones within them."""
        given = super().clean()
        opens_on, due_on, locks_on = given.get("opens_on"), given.get("due_on"), given.get("locks_on")
        if not opens_on or not due_on:
            return given
        if due_on < opens_on:
            self.add_error("due_on", _("The last day lies before the opening."))
        if locks_on and locks_on < due_on:
            self.add_error("locks_on", _("Reports cannot be locked before they are due."))
        milestones = preset_milestones(opens_on, given.get("presets", [])) + self._own_rows(given)
        names = [row["name"] for row in milestones]
        for row in milestones:
            if not opens_on <= row["due_on"] <= due_on:
                text = _("The milestone “%(name)s” (%(day)s) lies outside the days of the task.")
                self.add_error("presets", text % {"name": row["name"], "day": row["due_on"]})
        if len(set(names)) != len(names):
            self.add_error("presets", _("Two milestones have the same name."))
        return given | {"milestones": milestones}

    def _own_rows(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        rows = []
        for number in MILESTONE_ROWS:
            name, percent, day = (given.get(f"{part}_{number}") for part in ("name", "percent", "day"))
            if name and percent and day:
                rows.append({"name": name, "scale": "", "percent": percent, "due_on": day})
            elif name or percent or day:
                self.add_error(f"name_{number}", _("A milestone needs a name, a share and a day."))
        return rows


class PhasesForm(StepForm):
    """Who begins (先行先试), and the backward schedule of the checklists."""

    pilot = forms.ChoiceField(
        label=_l("Pilots"),
        choices=[
            ("none", _l("No pilots: everybody begins at once")),
            ("departments", _l("These departments begin")),
            ("sectors", _l("These sectors begin")),
        ],
        initial="none",
        widget=forms.RadioSelect,
    )
    departments = several(_l("Pilot departments"))
    sectors = several(_l("Pilot sectors"))
    pilot_due_on = day_field(_l("The pilots are due on"), required=False)
    rest_opens_on = day_field(
        _l("The others begin on"),
        required=False,
        help_text=_l("They are launched on that day by themselves, or by hand."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["departments"].choices = self.given.get("department_choices", [])
        self.fields["sectors"].choices = self.given.get("sector_choices", [])
        for key in ChecklistKey:
            self.fields[f"before_{key}"] = forms.IntegerField(
                label=_("%(step)s: working days before the last day (示例口径)") % {"step": key.label},
                min_value=0,
                max_value=250,
                initial=campaign_defaults()["days_before"][key],
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen kind of pilots needs, and no more."""
        given = super().clean()
        kind = given.get("pilot")
        if kind in {None, "none"}:
            return given
        if not given.get(kind):
            self.add_error(kind, _("Tick who begins, or choose “no pilots”."))
        if len(given.get("sectors", [])) == len(self.fields["sectors"].choices) and kind == "sectors":
            self.add_error("sectors", _("All sectors are ticked: nobody is left for the second phase."))
        opens_on, due_on = self.given.get("opens_on"), self.given.get("due_on")
        for name in ("pilot_due_on", "rest_opens_on"):
            day: dt.date | None = given.get(name)
            if day is None and name not in self.errors:
                self.add_error(name, _("Write this day too."))
            elif day and opens_on and due_on and not opens_on <= day <= due_on:
                text = _("This day lies outside the task, which runs from %(first)s to %(last)s.")
                self.add_error(name, text % {"first": opens_on, "last": due_on})
        return given


class MessageForm(StepForm):
    """What the units are told."""

    message = forms.CharField(
        label=_l("Message to the units"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_l("It stands on the page of the task. Say what is asked, by when, and whom to call."),
    )


class CheckForm(StepForm):
    """The last look; an open task that already asks some of the units is accepted knowingly."""

    accepted = forms.BooleanField(
        label=_l("I have seen that open tasks ask some of these categories already, and launch all the same."),
        required=False,
    )
