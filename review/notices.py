"""The words of the notices about reports, and the data they are put together from."""

from django.utils.translation import gettext_lazy as _

from enterprises.models import Department
from review.models import Filing
from riskreport.ground.domain.notices import register_notice

TEXTS = {
    "report.to_review": _("“%(enterprise)s” has handed in its report for “%(campaign)s”. It waits for review."),
    "report.returned": _(
        "%(department)s has returned your report for “%(campaign)s” for correction: %(reason)s "
        "It is your turn to correct it."
    ),
    "report.approved": _(
        "%(department)s has approved your first report for “%(campaign)s”. "
        "It is your turn to certify and file the final report by %(due)s."
    ),
    "report.filed": _("“%(enterprise)s” has filed its final report for “%(campaign)s”. There is nothing to do."),
    "report.reopened": _(
        "%(department)s has reopened your report for “%(campaign)s” for a supplement: %(reason)s "
        "It is your turn to complete it."
    ),
    "report.reopened_by_enterprise": _(
        "“%(enterprise)s” has reopened its report for “%(campaign)s” for a supplement: %(reason)s"
    ),
    "report.exempt": _("Your unit is exempt from the report for “%(campaign)s”: %(reason)s There is nothing to do."),
    "report.exempt_here": _("“%(enterprise)s” is exempt from the report for “%(campaign)s”: %(reason)s"),
    "report.void": _("Your report for “%(campaign)s” was declared void: %(reason)s"),
    "report.void_here": _("The report of “%(enterprise)s” for “%(campaign)s” was declared void: %(reason)s"),
}
for kind, text in TEXTS.items():
    register_notice(kind, text)

MOST_REASON = 300


def notice_data(*, filing: Filing, department: Department, reason: str) -> dict[str, str]:
    """Return the data of a notice about a report: plain names, so that it reads the same after things are renamed."""
    return {
        "enterprise": filing.enterprise.name,
        "campaign": filing.campaign.name,
        "department": department.short_name or department.name,
        "reason": reason[:MOST_REASON],
        "due": filing.due_on.isoformat(),
    }


def preview_notice(*, kind: str, filing: Filing, reason: str) -> str:
    """Return the notice that the deciding department's act would send, in the active language."""
    return str(TEXTS[kind]) % notice_data(filing=filing, department=filing.department, reason=reason)
