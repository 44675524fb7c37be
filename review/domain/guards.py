"""Conditions of a move beyond who makes it: each takes the locked filing and what was given, and answers."""

import json

from django.utils.translation import gettext as _

from review.checks.differences import risk_part
from review.checks.judging import blocking
from review.domain.context import check_context
from review.enums import CampaignState, Outcome
from review.models import Filing
from review.queries.content import filing_content
from riskreport.ground import clock
from riskreport.ground.access import YES, Answer


def campaign_accepts(filing: Filing, given: dict) -> Answer:
    """The campaign is open, has begun and is not locked; a later day of the report's own (an extension) unlocks it."""
    campaign = filing.campaign
    if campaign.state != CampaignState.OPEN:
        return Answer(False, _("The reporting task “%(name)s” is not open.") % {"name": campaign.label})
    today = clock.today()
    if today < campaign.opens_on:
        return Answer(False, _("The reporting task opens on %(day)s.") % {"day": campaign.opens_on})
    if campaign.locks_on and today > max(campaign.locks_on, filing.due_on):
        return Answer(
            False,
            _("The reporting task was locked on %(day)s. Ask the safety committee office to extend it.")
            % {"day": campaign.locks_on},
        )
    return YES


def no_blocking_problems(filing: Filing, given: dict) -> Answer:
    """Nothing that the checks call blocking is left."""
    problems = blocking(filing_content(filing), check_context(filing))
    if not problems:
        return YES
    return Answer(
        False,
        _("%(count)s points are still open. The first: %(message)s")
        % {"count": len(problems), "message": problems[0].message},
    )


def is_certified(filing: Filing, given: dict) -> Answer:
    """The undertaking was signed in this very step, by name."""
    if given.get("certified") and str(given.get("signed_name") or "").strip():
        return YES
    return Answer(False, _("Read the undertaking, tick it and write your name: a final report is certified."))


def _approved_content(filing: Filing) -> dict | None:
    decision = filing.decisions.filter(outcome=Outcome.APPROVED).select_related("snapshot").last()
    return json.loads(decision.snapshot.content) if decision else None


def risks_as_approved(filing: Filing, given: dict) -> Answer:
    """The final differs from the approved draft in basic data only."""
    approved = _approved_content(filing)
    if approved is not None and risk_part(approved) == risk_part(filing_content(filing)):
        return YES
    return Answer(
        False,
        _(
            "Risks or self-check answers differ from what was approved. Submit them for review again; "
            "only basic information may change after approval."
        ),
    )


def risks_changed(filing: Filing, given: dict) -> Answer:
    """An approved draft goes back to review only when its risks have changed."""
    if not risks_as_approved(filing, given).allowed:
        return YES
    return Answer(False, _("No risk has changed since the approval: you can file the final report now."))


def no_open_draft_remarks(filing: Filing, given: dict) -> Answer:
    """An approval carries no demand: remarks written for a return are dropped first, or the report is returned."""
    snapshot = filing.snapshots.last()
    if snapshot and snapshot.remarks.filter(decision=None, department=filing.department_id).exists():
        return Answer(
            False, _("You have written remarks on this report. Return it with them, or remove them and approve.")
        )
    return YES
