"""Checks of the declared risks: level, measures, responsible person."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from review.checks.registry import CheckContext, Severity, check
from riskreport.ground.checks.telephones import is_telephone
from risks.checks.assessment import explain_score
from risks.enums import LEVEL_ORDER, RANKS_FOR, Level, MeasureClass, Rank

NAMED = {
    "name": _l("name"),
    "place": _l("place"),
    "consequence": _l("consequence"),
    "accident_type": _l("accident type"),
}


@check("R1", Severity.BLOCKS, _l("Every risk has a name, a place, an accident type and a consequence."))
def risk_is_described(content: dict, context: CheckContext) -> Iterator[tuple]:
    """What a control list and a sign must show."""
    for row in content["risks"]:
        for key, label in NAMED.items():
            if not str(row.get(key) or "").strip():
                yield (
                    _("Risk “%(name)s” lacks its %(field)s.") % {"name": row["name"], "field": label},
                    "risks",
                    key,
                    row["lineage"],
                )


@check("R2", Severity.BLOCKS, _l("A level lower than the catalogue's is allowed for the item and has a reason."))
def lowering_has_reason(content: dict, context: CheckContext) -> Iterator[tuple]:
    """Lower than the catalogue only with a reason; the department's approval is its consent."""
    for row in content["risks"]:
        floor = row.get("item_level")
        if not floor or LEVEL_ORDER[Level(row["level"])] >= LEVEL_ORDER[Level(floor)]:
            continue
        names = {"name": row["name"], "floor": Level(floor).label, "level": Level(row["level"]).label}
        if not row.get("may_be_lowered", True):
            yield (
                _("Risk “%(name)s” is rated %(level)s, but the catalogue sets %(floor)s, which may not be lowered.")
                % names,
                "risks",
                "level",
                row["lineage"],
            )
        elif len(str(row.get("lower_reason") or "").strip()) < 10:
            yield (
                _(
                    "Risk “%(name)s” is rated %(level)s, below the catalogue's %(floor)s. Write the reason, in ten "
                    "characters or more; the department decides on it."
                )
                % names,
                "risks",
                "lower_reason",
                row["lineage"],
            )


@check("R3", Severity.BLOCKS, _l("The level agrees with the score of the method that was chosen."))
def level_fits_score(content: dict, context: CheckContext) -> Iterator[tuple]:
    """A scored risk is not rated below its own score without saying so."""
    for row in content["risks"]:
        scored = row.get("assessment", {}).get("level")
        if row["method"] != "catalogue" and not scored:
            yield (
                _("Risk “%(name)s” has no score yet. Fill in the values of the method.") % {"name": row["name"]},
                "risks",
                "assessment",
                row["lineage"],
            )
        elif scored and LEVEL_ORDER[Level(row["level"])] < LEVEL_ORDER[Level(scored)]:
            yield (
                _("Risk “%(name)s” is rated %(level)s, but its score says %(scored)s (%(why)s).")
                % {
                    "name": row["name"],
                    "level": Level(row["level"]).label,
                    "scored": Level(scored).label,
                    "why": explain_score(row["method"], row["assessment"]),
                },
                "risks",
                "level",
                row["lineage"],
            )


@check("R4", Severity.BLOCKS, _l("Every risk has measures: at least engineering or management, and emergency."))
def risk_has_measures(content: dict, context: CheckContext) -> Iterator[tuple]:
    """One risk, one plan (bulletin no. 24 of 2021, 三(一))."""
    for row in content["risks"]:
        given = {key for key, texts in (row.get("measures") or {}).items() if any(str(text).strip() for text in texts)}
        hard = {MeasureClass.ENGINEERING, MeasureClass.MANAGEMENT} & given
        if not hard or MeasureClass.EMERGENCY not in given:
            yield (
                _("Risk “%(name)s” needs at least one engineering or management measure and one emergency measure.")
                % {"name": row["name"]},
                "measures",
                "measures",
                row["lineage"],
            )


@check("R5", Severity.BLOCKS, _l("Every risk has a responsible person whose rank fits its level."))
def person_fits_level(content: dict, context: CheckContext) -> Iterator[tuple]:
    """Larger: at least middle management; major: at least deputy general manager (bulletin no. 24, 三(一))."""
    for row in content["risks"]:
        name = {"name": row["name"]}
        if not row.get("responsible_name") or not row.get("rank"):
            message = _("Risk “%(name)s” has no responsible person yet.") % name
            yield message, "people", "responsible_name", row["lineage"]
        elif Rank(row["rank"]) not in RANKS_FOR[Level(row["level"])]:
            wanted = _("deputy general manager") if row["level"] == Level.MAJOR else _("middle management")
            yield (
                _("Risk “%(name)s” is %(level)s: its responsible person must be at least %(wanted)s.")
                % {**name, "level": Level(row["level"]).label, "wanted": wanted},
                "people",
                "rank",
                row["lineage"],
            )
        if row.get("responsible_phone") and not is_telephone(row["responsible_phone"]):
            yield (
                _("The telephone of the responsible person of “%(name)s” is “%(phone)s”; for example 13812345678.")
                % {**name, "phone": row["responsible_phone"]},
                "people",
                "responsible_phone",
                row["lineage"],
            )
