"""The rules a catalogue keeps before it is published, in words: the checklist a keeper works through."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from risks.checks.catalogue_content import Known, Problem, draft_problems

RULES: dict[str, str | Promise] = {
    "key": _("The short name of the catalogue is written in small letters."),
    "line": _("The lead department is known."),
    "sector": _("The sector is known."),
    "version": _("The version has a number."),
    "text": _("Titles, names, places and consequences are written and not too long."),
    "names": _("Groups and parts have a name each."),
    "items": _("There is at least one item."),
    "item_code": _("Every item has a code like MZ-01."),
    "item_part": _("Every item belongs to a part of this catalogue."),
    "item_group": _("Every item belongs to a group of this catalogue."),
    "item_categories": _("Every item names the categories it is asked of, all within the sector."),
    "item_look_for": _("Every item says 2 to 4 things to look for."),
    "item_accident_types": _("Every item names an accident type."),
    "item_level": _("Every item is larger or major."),
    "item_measures": _("Every item has 1 to 3 measures in each of the five classes."),
    "item_basis": _("The basis is a text; it may stay empty until it is confirmed."),
    "item_may_be_lowered": _("Every item says whether its level may be lowered."),
    "item_twice": _("No code and no name stands twice."),
    "look_for_twice": _("No two items tell people to look for the same thing."),
    "group_size": _("Every group has 1 to 20 items: it is one screen of the self-check."),
    "quantified": _("The quantified assessment table fits the items."),
}


@dataclass(frozen=True)
class RuleKept:
    """One rule with what breaks it; nothing when it is kept."""

    id: str
    rule: str | Promise
    problems: list[Problem]


def checklist(content: dict, *, known: Known) -> list[RuleKept]:
    """Return every rule with the problems found, in the order a person would mend them."""
    found = draft_problems(content, known=known)
    return [RuleKept(id_, rule, [row for row in found if row.check == id_]) for id_, rule in RULES.items()]
