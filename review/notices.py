"""The words of the notices about reports, and the data they are put together from."""

from django.utils.translation import gettext_lazy as _

from enterprises.models import Department
from review.models import Filing, Letter, TrainingSession
from riskreport.ground.domain.notices import register_notice
from riskreport.ground.models import Event
from riskreport.ground.sheets.values import text_of_moment
from risks.models import Catalogue

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
    "visit.passed": _("%(department)s checked your report for “%(campaign)s” on the spot on %(day)s. It passed."),
    "visit.rectify": _(
        "%(department)s checked your report for “%(campaign)s” on the spot on %(day)s. "
        "It is your turn to mend what was found by %(by)s."
    ),
    "visit.supplement": _(
        "%(department)s checked your report for “%(campaign)s” on the spot on %(day)s and found that "
        "it lacks something. It is your turn to supplement it as soon as it is reopened."
    ),
    "visit.enforcement": _(
        "%(department)s checked your report for “%(campaign)s” on the spot on %(day)s "
        "and passed what was found on to enforcement."
    ),
    "visit.withdrawn": _(
        "%(department)s took back the visit of %(day)s to check your report for “%(campaign)s”: %(reason)s"
    ),
    "visit.supplement_here": _(
        "%(department)s checked the report of “%(enterprise)s” for “%(campaign)s” on the spot on %(day)s "
        "and found that it lacks something. It is your turn to reopen it for a supplement."
    ),
    "catalogue.changed": _(
        "From %(day)s “%(catalogue)s” holds in version %(version)s. It concerns your unit: "
        "it is your turn to look at what has changed."
    ),
    "catalogue.reminder": _(
        "Reminder: “%(catalogue)s” holds in version %(version)s since %(day)s, and your unit has not looked at it yet. "
        "Please look at what has changed."
    ),
}
CAMPAIGN_TEXTS = {
    "extension.asked": _("“%(enterprise)s” asks for time until %(on)s for “%(campaign)s”: %(reason)s"),
    "extension.granted": _("Your report for “%(campaign)s” is now due on %(on)s: %(reason)s"),
    "extension.refused": _(
        "%(department)s has not granted more time for “%(campaign)s”: %(reason)s It is due on %(due)s."
    ),
    "campaign.periodic_due": _(
        "It is time to prepare the periodic reports that follow “%(campaign)s”; they open on %(on)s."
    ),
    "campaign.phase_launched": _("“%(phase)s” of “%(campaign)s” has begun: %(count)s units are asked by now."),
}
LETTER_TEXTS = {
    "report.reminder": _(
        "%(department)s reminds you: your report for “%(campaign)s” is not filed yet; it is due on %(due)s. %(message)s"
    ),
    "letter.issued": _(
        "%(issuer)s has sent “%(title)s” (%(number)s) to %(name)s. Sign the receipt and answer by %(due)s."
    ),
    "letter.invited": _(
        "%(issuer)s invites to an interview: “%(title)s” (%(number)s) to %(name)s, on %(at)s at %(place)s. "
        "Sign the receipt; nobody may come as a proxy."
    ),
    "letter.rescheduled": _("The interview of %(number)s has another time: %(at)s at %(place)s. %(reason)s"),
    "letter.held": _("The interview of %(number)s is recorded. Send the written result by %(due)s."),
    "letter.replied": _("%(name)s has answered %(number)s. It is your turn to check the answer."),
    "letter.returned": _("%(issuer)s asks for more on your answer to %(number)s, by %(due)s: %(reason)s"),
    "letter.extended": _("%(issuer)s gives you until %(due)s to answer %(number)s: %(reason)s"),
    "letter.closed": _("%(issuer)s has checked and closed %(number)s: %(reason)s"),
    "letter.raised": _("%(number)s to %(name)s was due on %(due)s and is not answered. See that it is."),
}
UNIT_TEXTS = {
    "unit.moved": _("Your unit was moved on the roster from %(day)s: %(reason)s"),
    "unit.suspended": _("Your unit is suspended on the roster from %(day)s: %(reason)s It stays expected to report."),
    "unit.resumed": _("Your unit is at work again on the roster from %(day)s: %(reason)s"),
    "unit.closed": _("Your unit is closed on the roster from %(day)s and owes no report any more: %(reason)s"),
    "unit.written_off": _("Your unit is written off from %(day)s and owes no report any more: %(reason)s"),
    "unit.returned": _("Your unit is back on the roster from %(day)s and is expected to report again: %(reason)s"),
    "unit.categories": _("The further categories of your unit changed: %(reason)s Look whether your report asks more."),
    "unit.coded": _("The credit code of your unit was entered: %(reason)s"),
    "unit.merged": _("“%(other)s” was merged into your unit on %(day)s: %(reason)s"),
    "unit.suspended_here": _("“%(enterprise)s” is suspended from %(day)s: %(reason)s It stays expected to report."),
    "unit.resumed_here": _("“%(enterprise)s” is at work again from %(day)s: %(reason)s"),
    "unit.closed_here": _("“%(enterprise)s” is closed and no longer counts from %(day)s: %(reason)s"),
    "unit.written_off_here": _("“%(enterprise)s” is written off and no longer counts from %(day)s: %(reason)s"),
    "unit.returned_here": _("“%(enterprise)s” is back on the roster and counts again from %(day)s: %(reason)s"),
    "unit.merged_here": _("“%(other)s” was merged into “%(enterprise)s” on %(day)s: %(reason)s"),
    "unit.handed_over": _("“%(enterprise)s” was handed over to your line and area from %(day)s: %(reason)s"),
    "report.came": _("%(count)s reports are decided by you from now on, because their units moved: %(names)s"),
    "report.went": _("%(count)s reports are no longer yours to decide, because their units moved: %(names)s"),
}
TRAINING_TEXTS = {
    "training.changed": _(
        "%(department)s has changed the training “%(title)s” that you signed up for: %(when)s, %(place)s."
    ),
    "training.cancelled": _("%(department)s has cancelled the training “%(title)s” that you signed up for: %(reason)s"),
}
for kind, text in [
    *TEXTS.items(),
    *LETTER_TEXTS.items(),
    *UNIT_TEXTS.items(),
    *CAMPAIGN_TEXTS.items(),
    *TRAINING_TEXTS.items(),
]:
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


def letter_data(letter: Letter, event: Event) -> dict[str, str]:
    """Return the data of a notice about a letter."""
    interview = getattr(letter, "interview", None)
    return {
        "issuer": letter.issuer.short_name or letter.issuer.name,
        "name": letter.to_enterprise.name if letter.to_enterprise else letter.answerer.name,
        "title": letter.title,
        "number": letter.number_text,
        "due": event.data.get("due_on") or letter.due_on.isoformat(),
        "reason": str(event.data.get("reason", ""))[:MOST_REASON],
        "at": text_of_moment(interview.at) if interview else "",
        "place": interview.place if interview else "",
    }


def catalogue_notice_data(catalogue: Catalogue) -> dict[str, str]:
    """Return the data of a notice about a catalogue that has come into force."""
    return {"catalogue": catalogue.title, "version": str(catalogue.version), "day": str(catalogue.published_on)}


def session_notice_data(session: TrainingSession) -> dict[str, str]:
    """Return the data of a notice about a training session."""
    return {
        "department": session.department.short_name or session.department.name,
        "title": session.title,
        "when": text_of_moment(session.starts_at),
        "place": session.place,
        "reason": session.cancel_reason,
    }


def preview_notice(*, kind: str, filing: Filing, reason: str) -> str:
    """Return the notice that the deciding department's act would send, in the active language."""
    return str(TEXTS[kind]) % notice_data(filing=filing, department=filing.department, reason=reason)
