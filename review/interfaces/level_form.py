"""The form of a risk's level: the method, its values, and what follows from them.

The page computes the same while one chooses; what counts is what is computed here from the stored preset.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from review.models import DeclaredRisk
from riskreport.ground.ui.draft_form import DraftForm, long_field
from risks.checks.assessment import NotScored, final_level, score
from risks.enums import LEVEL_ORDER, Level, Method
from risks.models import AssessmentPreset

FACTORS = {Method.LS: ("L", "S"), Method.LEC: ("L", "E", "C"), Method.LC: ("L", "C")}
FACTOR_NAMES = {
    "L": _l("L · how likely it is"),
    "S": _l("S · how serious it would be"),
    "E": _l("E · how often people are exposed"),
    "C": _l("C · what the consequence would be"),
}
HUNDREDTH = Decimal("0.01")
MOST_REASON = 500


@dataclass
class LevelBasis:
    """What the level of one risk stands on: the catalogue's floor, the presets, the indicators of the item."""

    presets: dict[str, AssessmentPreset]
    floor: str = ""
    may_be_lowered: bool = True
    indicators: list[dict] = field(default_factory=list)
    consequences: list[dict] = field(default_factory=list)
    bands: list[dict] = field(default_factory=list)
    offers_lc: bool = False

    @classmethod
    def of(cls, risk: DeclaredRisk, presets: dict[str, AssessmentPreset], *, offers_lc: bool = False) -> "LevelBasis":
        """Return the basis for a declared risk whose item and catalogue were fetched with it."""
        item = risk.item
        if item is None:
            return cls(presets, offers_lc=offers_lc)
        table = item.catalogue.quantified or {}
        indicators = table.get("indicators", {}).get(item.code, [])
        return cls(
            presets,
            floor=item.level,
            may_be_lowered=item.may_be_lowered,
            indicators=indicators,
            consequences=table.get("consequence_levels", []) if indicators else [],
            bands=table.get("likelihood_bands", []) if indicators else [],
            offers_lc=offers_lc or bool(indicators),
        )

    def methods(self) -> list[str]:
        """Return the methods to choose from, the catalogue's own first where there is one."""
        scored = [Method.LS, Method.LEC, Method.LC] if self.offers_lc else [Method.LS, Method.LEC]
        own = [Method.CATALOGUE] if self.floor else []
        return [method.value for method in (*own, *scored) if method == Method.CATALOGUE or method in self.presets]

    def definition(self, method: str) -> dict:
        """Return the preset's definition, empty for the catalogue's level."""
        return self.presets[method].definition if method in self.presets else {}

    def scale(self, method: str, factor: str) -> list[dict]:
        """Return the steps to choose from for a factor of a method, highest first."""
        definition = self.definition(method)
        if method == Method.LC and factor == "C" and self.consequences:
            return self.consequences
        if method == Method.LS and factor not in definition:
            return [{"value": value} for value in range(int(definition.get("size", 5)), 0, -1)]
        return definition.get(factor, [])

    def direct(self) -> list[dict]:
        """Return the conditions that make a risk major whatever the score."""
        return next((row.definition["direct"] for row in self.presets.values() if row.definition.get("direct")), [])


class LevelForm(DraftForm):
    """Method, values, direct conditions, a higher level chosen, the reason for a lower one."""

    def __init__(self, data: Any = None, *, basis: LevelBasis, stored: dict | None = None) -> None:
        self.basis = basis
        super().__init__(data, initial=self.flat_of(stored or {}))
        names = dict(Method.choices)
        offered = [(key, names[key]) for key in basis.methods()]
        self.fields["method"] = forms.ChoiceField(label=_("Method"), choices=offered, widget=forms.RadioSelect)
        for method in basis.methods():
            for factor in FACTORS.get(Method(method), ()):
                self._add_factor(method, factor)
        for row in basis.direct():
            self.fields[f"direct-{row['key']}"] = forms.BooleanField(label=in_language(row, "text"), required=False)
        raised = [(level.value, level.label) for level in (Level.MAJOR, Level.LARGER)]
        self.fields["chosen"] = forms.ChoiceField(
            label=_("Rate it higher than found"),
            help_text=_("Only when you know of more than the method asks. Leave it as it is otherwise."),
            choices=[("", _("As found")), *raised],
            required=False,
        )
        if basis.floor and basis.may_be_lowered:
            self.fields["lower_reason"] = long_field(
                _("Reason for a level below the catalogue's"),
                most=MOST_REASON,
                required=False,
                help_text=_(
                    "Fill this in only to ask for a lower level; the department decides on it with the report."
                ),
            )

    def _add_factor(self, method: str, factor: str) -> None:
        if method == Method.LC and factor == "L":
            if self.basis.indicators:
                for row in self.basis.indicators:
                    self.fields[f"ind-{row['key']}"] = _indicator_field(row)
            else:
                self.fields["lc-L"] = _likelihood_field(self.basis.definition(method))
            return
        choices = [(_plain(step["value"]), _step_text(step)) for step in self.basis.scale(method, factor)]
        self.fields[f"{method}-{factor}"] = forms.ChoiceField(
            label=FACTOR_NAMES[factor], choices=choices, widget=forms.RadioSelect
        )

    def flat_of(self, stored: dict[str, Any]) -> dict[str, str]:
        """Return method, values and reason as fields."""
        method, assessment = stored.get("method", ""), stored.get("assessment") or {}
        values = assessment.get("values", {})
        flat = {
            "method": method,
            "lower_reason": stored.get("lower_reason", ""),
            "chosen": assessment.get("chosen", ""),
        }
        for factor in FACTORS.get(method, ()):
            flat[f"{method}-{factor}"] = str(values.get(factor, ""))
        for key, value in values.get("indicators", {}).items():
            flat[f"ind-{key}"] = str(value)
        for key in assessment.get("direct", []):
            flat[f"direct-{key}"] = "on"
        return flat

    def to_stored(self) -> dict[str, Any]:
        """Return method, assessment, level and reason, computed from the preset in use."""
        given = self.cleaned_data
        method = given.get("method") or self.basis.methods()[0]
        assessment = self._assessment(method)
        reason = given.get("lower_reason", "")
        scored = assessment.get("level")
        chosen = given.get("chosen") or ""
        if chosen:
            assessment["chosen"] = chosen
        fallback = chosen or scored or self.basis.floor or Level.LARGER.value
        lowered = bool(reason and scored and self.basis.may_be_lowered)
        level = final_level(floor=self.basis.floor or None, scored=scored, chosen=fallback, lowered=lowered)
        return {"method": method, "assessment": assessment, "level": level.value, "lower_reason": reason}

    def _assessment(self, method: str) -> dict[str, Any]:
        """Return the values with preset, score and level; without the last two while values are missing."""
        found: dict[str, Any] = {}
        direct = [row["key"] for row in self.basis.direct() if self.cleaned_data.get(f"direct-{row['key']}")]
        if method != Method.CATALOGUE:
            preset = self.basis.presets[method]
            found = {"preset": preset.key, "version": preset.version, "values": self._values(method)}
            try:
                number, level = score(method, preset.definition, found["values"])
                found |= {"score": _plain(number), "level": level.value}
            except NotScored:
                pass
        if direct:
            found |= {"direct": direct, "level": Level.MAJOR.value}
        return found

    def _values(self, method: str) -> dict[str, Any]:
        given = self.cleaned_data
        values = {factor: given.get(f"{method}-{factor}", "") for factor in FACTORS[Method(method)]}
        if method == Method.LC and self.basis.indicators:
            scores = {row["key"]: given.get(f"ind-{row['key']}", "") for row in self.basis.indicators}
            values |= {"indicators": scores, "L": weighted_likelihood(self.basis.indicators, scores)}
        return {key: value for key, value in values.items() if value != ""}

    def method_groups(self) -> list[dict[str, Any]]:
        """Return per scoring method its label and bound fields, as the page draws them."""
        names = dict(Method.choices)
        groups = []
        for method in self.basis.methods():
            prefixes = (f"{method}-", "ind-") if method == Method.LC else (f"{method}-",)
            drawn = [self[name] for name in self.fields if name.startswith(prefixes)]
            if drawn:
                groups.append({"key": method, "label": names[method], "fields": drawn})
        return groups

    def direct_fields(self) -> list[forms.BoundField]:
        """Return the conditions that make a risk major by themselves."""
        return [self[name] for name in self.fields if name.startswith("direct-")]

    def config(self) -> dict[str, Any]:
        """Return what the page needs to compute the level while one chooses."""
        methods = {}
        for method in self.basis.methods():
            definition = self.basis.definition(method)
            methods[method] = {
                "factors": list(FACTORS.get(Method(method), ())),
                "atLeast": definition.get("thresholds"),
                "above": definition.get("over"),
            }
        return {
            "floor": self.basis.floor,
            "mayBeLowered": self.basis.may_be_lowered,
            "weights": {row["key"]: row["weight"] for row in self.basis.indicators},
            "methods": methods,
            "order": [level.value for level in Level],
            "words": {level.value: str(level.label) for level in Level},
            "texts": {
                "found": _("By the values: {score} → {level}"),
                "direct": _("A condition that makes it major by itself applies."),
                "open": _("Choose the remaining values to find the level."),
                "floor": _(
                    "The catalogue sets {level}; a lower level stands only with a reason and the department's consent."
                ),
                "fixed": _("The catalogue sets {level}, which may not be lowered."),
            },
        }

    def missing(self) -> str:
        """Return what the method still lacks, in a sentence, or an empty string."""
        stored = self.to_stored()
        if stored["method"] == Method.CATALOGUE or stored["assessment"].get("level"):
            return ""
        try:
            score(stored["method"], self.basis.definition(stored["method"]), stored["assessment"]["values"])
        except NotScored as error:
            return str(error)
        return ""


def weighted_likelihood(indicators: list[dict], scores: dict[str, str]) -> str:
    """Return L as the mean of the chosen scores by the indicators' weights, two places; empty while one is open."""
    if any(not scores.get(row["key"]) for row in indicators):
        return ""
    total = sum((Decimal(row["weight"]) * Decimal(scores[row["key"]]) for row in indicators), Decimal(0))
    weights = sum((Decimal(row["weight"]) for row in indicators), Decimal(0))
    return _plain((total / weights).quantize(HUNDREDTH, ROUND_HALF_UP))


def is_lower(level: str, floor: str) -> bool:
    """Whether a level is below the catalogue's."""
    return bool(floor) and LEVEL_ORDER[Level(level)] < LEVEL_ORDER[Level(floor)]


def in_language(row: dict, name: str) -> str:
    """Return a text of the reference data in the active language, in Chinese where it has no other."""
    other = row.get(f"{name}_en") if get_language() == "en" else ""
    return other or row.get(name, "")


def _step_text(step: dict) -> str | Promise:
    said = " · ".join(filter(None, [in_language(step, "label"), in_language(step, "text")]))
    return f"{_plain(step['value'])} · {said}" if said else _plain(step["value"])


def _indicator_field(row: dict) -> forms.ChoiceField:
    label = _("%(name)s (weight %(weight)s %%)") % {"name": in_language(row, "name"), "weight": row["weight"]}
    choices = []
    for band in row["bands"]:
        score_shown = _plain(band["score"])
        said = _("%(text)s (%(score)s)") % {"text": in_language(band, "text"), "score": score_shown}
        choices.append((score_shown, said))
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)


def _likelihood_field(definition: dict) -> forms.CharField:
    bands = "；".join(
        f"{_plain(band['low'])}–{_plain(band['high'])} {in_language(band, 'label')}" for band in definition.get("L", [])
    )
    return forms.CharField(
        label=FACTOR_NAMES["L"], help_text=bands, max_length=6,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip


def _plain(value: Any) -> str:
    """Write a number without trailing zeros: 15, 5.35, 0.5."""
    return format(Decimal(str(value)).normalize(), "f")
