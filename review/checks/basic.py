"""Checks of the basic information and the attachments."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.checks.basic_information import problems_with
from review.checks.registry import CheckContext, Severity, check
from review.queries.content import check_code


@check("B1", Severity.BLOCKS, _l("Every required field of the basic information is filled in and readable."))
def basic_is_complete(content: dict, context: CheckContext) -> Iterator[tuple]:
    """Each field as enterprises/checks/basic_information.py wants it."""
    for key, message in problems_with(content["basic"]):
        yield message, "basic", key, ""


@check("B2", Severity.CONFIRM, _l("The largest number of people on site fits the number of employees."))
def people_at_once_fit(content: dict, context: CheckContext) -> Iterator[tuple]:
    """A small largest number beside many employees is usually a slip of the pen."""
    basic = content["basic"]
    counts = [str(basic.get(key) or "") for key in ("employees", "people_at_once")]
    if all(count.isdecimal() for count in counts) and int(counts[1]) * 10 < int(counts[0]):
        yield (
            _("%(employees)s employees, but at most %(people)s people on site at once. Is that so?")
            % {"employees": counts[0], "people": counts[1]},
            "basic",
            "people_at_once",
            "",
        )


@check("A1", Severity.BLOCKS, _l("A paper report carries the scan of its stamped pages."))
def paper_has_scan(content: dict, context: CheckContext) -> Iterator[tuple]:
    """A department that enters a paper report attaches what it was given."""
    if context.is_paper and not any(row["kind"] == "stamped" for row in content["attachments"]):
        yield _("The scan of the stamped paper report is missing. Attach it as PDF or picture."), "attachments", "", ""


@check("A2", Severity.CONFIRM, _l("The stamped paper says what the report says."))
def stamped_paper_is_current(content: dict, context: CheckContext) -> Iterator[tuple]:
    """A stamped scan is compared by the check code of the time it was attached; one without a code cannot be."""
    codes = {row["check_code"] for row in content["attachments"] if row.get("check_code")}
    code = check_code(content)
    if context.stamped_wanted and codes and code not in codes:
        yield (
            _(
                "The report has changed since the stamped paper was printed. Print and stamp it again and attach the "
                "new scan; its check code is %(code)s."
            )
            % {"code": code},
            "attachments",
            "",
            "",
        )
