"""The words of the notices about reports. Data: enterprise, campaign, department, reason, count, day."""

from django.utils.translation import gettext_lazy as _

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
