"""The wizard of a reporting task: its steps, what each holds so far, and the plan that comes of it."""

from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from enterprises.models import Category, Sector
from review.domain.campaigning.drafts import CampaignPlan
from review.enums import ChecklistKey
from review.interfaces.campaigning import wizard_forms as of
from review.models import CampaignDraft
from review.queries.campaigning.preview import Preview, preview

STEPS: dict[str, tuple[str | Promise, type[of.StepForm]]] = {
    "what": (pgettext_lazy("wizard", "What"), of.WhatForm),
    "whom": (pgettext_lazy("wizard", "Whom"), of.WhomForm),
    "how": (pgettext_lazy("wizard", "How"), of.HowForm),
    "when": (pgettext_lazy("wizard", "When"), of.WhenForm),
    "phases": (pgettext_lazy("wizard", "Phases"), of.PhasesForm),
    "message": (pgettext_lazy("wizard", "Message"), of.MessageForm),
    "check": (pgettext_lazy("wizard", "Check and launch"), of.CheckForm),
}
KEYS = list(STEPS)
WRITTEN = KEYS[:-1]


def neighbour(step: str, by: int) -> str:
    """Return the step before (-1) or after (1), or the step itself at an end."""
    return KEYS[min(max(KEYS.index(step) + by, 0), len(KEYS) - 1)]


class Wizard:
    """A draft with its forms."""

    def __init__(self, draft: CampaignDraft) -> None:
        self.draft = draft
        self._forms: dict[str, of.StepForm] = {}

    def fresh(self, step: str) -> of.StepForm:
        """Return the form of a step with what was typed so far, errors unsaid."""
        form = STEPS[step][1](given=self._given(step))
        typed = self.draft.answers.get(step)
        if typed is not None:
            for name, field in form.fields.items():
                texts = typed.get(name, [])
                several = isinstance(field, of.forms.MultipleChoiceField)
                field.initial = texts if several else (texts[0] if texts else None)
        return form

    def bound(self, step: str, data: Any = None) -> of.StepForm:
        """Return the form of a step with what was sent, or with what is kept, as if it were sent."""
        if data is not None:
            return STEPS[step][1](data, given=self._given(step))
        if step not in self._forms:
            typed = self.draft.answers.get(step)
            if typed is None:
                plain = STEPS[step][1](given=self._given(step))
                typed = {
                    name: [str(field.initial)] for name, field in plain.fields.items() if field.initial is not None
                }
            self._forms[step] = STEPS[step][1](MultiValueDict(typed), given=self._given(step))
        return self._forms[step]

    def cleaned(self, step: str) -> dict[str, Any]:
        """Return what of a step is right."""
        form = self.bound(step)
        form.is_valid()
        return form.cleaned_data

    def is_done(self, step: str) -> bool:
        """Whether nothing is missing or wrong in a step; the message may be empty, but must have been seen."""
        return step in self.draft.answers and self.bound(step).is_valid()

    @property
    def ways(self) -> list[dict[str, Any]]:
        """Return the steps for the row on top: words, address, whether done."""
        return [
            {
                "key": key,
                "label": label,
                "url": reverse("campaign_step", args=[self.draft.pk, key]),
                "is_done": key in WRITTEN and self.is_done(key),
            }
            for key, (label, _form) in STEPS.items()
        ]

    @property
    def problems(self) -> list[dict[str, str]]:
        """Return what still keeps the task from being launched, each with the step to mend it in."""
        found = []
        for step in WRITTEN:
            url = reverse("campaign_step", args=[self.draft.pk, step])
            label = STEPS[step][0]
            if step not in self.draft.answers:
                found.append({"text": _("“%(step)s” has not been looked at yet.") % {"step": label}, "url": url})
                continue
            for name, errors in self.bound(step).errors.items():
                field = self.bound(step).fields.get(name)
                for error in errors:
                    words = f"{field.label}：{error}" if field else str(error)
                    found.append({"text": f"{label} · {words}", "url": f"{url}#id_{name}"})
        if not found:
            whom = reverse("campaign_step", args=[self.draft.pk, "whom"])
            how = reverse("campaign_step", args=[self.draft.pk, "how"])
            if not self.preview.units:
                found.append(
                    {"text": _("No unit on the roster is asked. Choose other categories or scales."), "url": whom}
                )
            text = _("No department decides here: %(place)s")
            found += [{"text": text % {"place": place}, "url": how} for place in self.preview.undecided]
        return found

    @cached_property
    def preview(self) -> Preview:
        """Return what a launch would do, as far as whom and how are said."""
        whom, how = self.cleaned("whom"), self.cleaned("how")
        return preview(
            categories=whom.get("asked", []), scales=whom.get("scales", []), level=how.get("deciding_level", "county")
        )

    def _given(self, step: str) -> dict[str, Any]:
        """Return what a step must know of the others."""
        if step != "phases":
            return {}
        when, asked = self.cleaned("when"), self.cleaned("whom").get("asked", [])
        sectors = Sector.objects.filter(categories__code__in=asked).distinct().order_by("code")
        return {
            "opens_on": when.get("opens_on"),
            "due_on": when.get("due_on"),
            "sector_choices": [(row.code, row.label) for row in sectors],
            "department_choices": [
                (str(row.pk), f"{row.label}（{count:,}）") for row, count in self.preview.by_department
            ],
        }

    def plan(self) -> CampaignPlan:
        """Return the campaign that the answers describe; every step is right."""
        what, whom, how, when, phases, message = (self.cleaned(step) for step in WRITTEN)
        columns = {
            "code": what["code"],
            "name": what["name"],
            "name_en": what["name_en"],
            "kind": what["kind"],
            "earlier": self.draft.earlier,
            "categories": whom["asked"],
            "scales": whom["scales"],
            "stages": int(how["stages"]),
            "deciding_level": how["deciding_level"],
            "opens_on": when["opens_on"],
            "due_on": when["due_on"],
            "locks_on": when["locks_on"],
            "milestones": when["milestones"],
            "message": message["message"],
            "phases": self._phases(phases, when, whom["asked"]),
        }
        return CampaignPlan(columns, {key.value: phases[f"before_{key}"] for key in ChecklistKey})

    def _phases(self, given: dict[str, Any], when: dict[str, Any], asked: list[str]) -> list[dict[str, Any]]:
        whole = {"opens_on": when["opens_on"], "due_on": when["due_on"]}
        if given["pilot"] == "none":
            return [{"name": pgettext("phase", "All units"), **whole}]
        first = {"name": pgettext("phase", "Pilots"), **whole, "due_on": given["pilot_due_on"]}
        rest = {"name": pgettext("phase", "All others"), **whole, "opens_on": given["rest_opens_on"]}
        if given["pilot"] == "departments":
            first["departments"] = sorted(int(key) for key in given["departments"])
        else:
            of_pilots = Category.objects.filter(sector__in=given["sectors"], code__in=asked)
            first["categories"] = sorted(of_pilots.values_list("code", flat=True))
            rest["categories"] = sorted(set(asked) - set(first["categories"]))
        return [first, rest]
