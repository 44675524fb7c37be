"""Checks of the self-check by catalogue."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from review.checks.registry import CheckContext, Severity, check
from review.enums import Answered


@check("C1", Severity.BLOCKS, _l("Every item of the catalogue is answered: present here, or not."))
def every_item_answered(content: dict, context: CheckContext) -> Iterator[tuple]:
    """An item left open is not the same as a risk that is not there."""
    for section, items in context.items.items():
        answers = content["answers"].get(section, {})
        for code, item in items.items():
            if answers.get(code, {}).get("answer") not in set(Answered):
                yield (
                    _("%(code)s “%(name)s” is not answered. Choose “present here” or “not present here”.")
                    % {"code": code, "name": item["name"]},
                    section,
                    code,
                    "",
                )


@check("C2", Severity.BLOCKS, _l("Every item answered as present is declared as a risk."))
def present_is_declared(content: dict, context: CheckContext) -> Iterator[tuple]:
    """The answers and the list of risks agree."""
    declared = {row["item"] for row in content["risks"]}
    for section, answers in content["answers"].items():
        for code, value in answers.items():
            known = context.items.get(section, {}).get(code)
            if known and value.get("answer") == Answered.PRESENT and code not in declared:
                yield (
                    _("%(code)s “%(name)s” is present, but not on the list of risks. Save this page again.")
                    % {"code": code, "name": known["name"]},
                    section,
                    code,
                    "",
                )


@check("C3", Severity.CONFIRM, _l("A unit without any larger-and-above risk confirms that it has none."))
def zero_risk_is_meant(content: dict, context: CheckContext) -> Iterator[tuple]:
    """A zero-risk report is a statement of its own and will be checked on the spot."""
    if not any(row["level"] in ("major", "larger") for row in content["risks"]):
        yield (
            _("No larger-and-above risk is declared. By filing you confirm that there is none; it will be verified."),
            "risks",
            "",
            "",
        )
