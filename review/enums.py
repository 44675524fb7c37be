"""States and kinds of reporting, with the named sets that rules, lists and boards speak of."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FilingKind(models.TextChoices):
    OBLIGATION = "obligation", _("First report")
    PERIODIC = "periodic", _("Periodic report")
    CHANGE = "change", _("Change report")


class FilingState(models.TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    DRAFTING = "drafting", _("Being drafted")
    SUBMITTED = "submitted", _("Waiting for review")
    IN_REVIEW = "in_review", _("In review")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved, final report due")
    FILED = "filed", _("Final report filed")
    SUPPLEMENT_OPEN = "supplement_open", _("Supplement open")
    EXEMPT = "exempt", _("Exempt")
    VOID = "void", pgettext_lazy("filing state", "Void")


ENTERPRISE_TURN = {
    FilingState.NOT_STARTED,
    FilingState.DRAFTING,
    FilingState.RETURNED,
    FilingState.APPROVED,
    FilingState.SUPPLEMENT_OPEN,
}
DEPARTMENT_TURN = {FilingState.SUBMITTED, FilingState.IN_REVIEW}
EDITABLE = ENTERPRISE_TURN - {FilingState.NOT_STARTED}
NOT_EXPECTED = {FilingState.EXEMPT, FilingState.VOID}
FUNNEL = [
    FilingState.NOT_STARTED,
    FilingState.DRAFTING,
    FilingState.SUBMITTED,
    FilingState.IN_REVIEW,
    FilingState.RETURNED,
    FilingState.APPROVED,
    FilingState.FILED,
    FilingState.SUPPLEMENT_OPEN,
]


class Action(models.TextChoices):
    START = "start", _("Start")
    SAVE = "save", _("Save")
    SUBMIT = "submit", _("Submit")
    WITHDRAW = "withdraw", _("Withdraw")
    CLAIM = "claim", _("Take for review")
    PUT_BACK = "put_back", _("Put back")
    RETURN = "return", pgettext_lazy("action", "Return")
    APPROVE = "approve", _("Approve")
    FILE = "file", pgettext_lazy("action", "File")
    REOPEN = "reopen", _("Reopen for supplement")
    EXEMPT = "exempt", pgettext_lazy("action", "Exempt")
    VOID = "void", pgettext_lazy("action", "Void")
    HAND_OVER = "hand_over", _("Hand over to another department")
    SUPERSEDE = "supersede", _("Superseded by merging")


MADE_BY_THE_ROSTER = {Action.HAND_OVER, Action.SUPERSEDE}


class CampaignState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    OPEN = "open", pgettext_lazy("campaign", "Open")
    CLOSED = "closed", pgettext_lazy("campaign", "Closed")


class Light(models.TextChoices):
    """How a share stands to the plan of its campaign."""

    AHEAD = "ahead", pgettext_lazy("schedule", "Ahead of plan")
    ON = "on", pgettext_lazy("schedule", "On plan")
    BEHIND = "behind", pgettext_lazy("schedule", "Behind plan")


class Stage(models.TextChoices):
    """Which of the two filings a snapshot is."""

    DRAFT = "draft", _("Written first report")
    FINAL = "final", _("Online final report")


class Outcome(models.TextChoices):
    APPROVED = "approved", pgettext_lazy("decision", "Approved")
    RETURNED = "returned", pgettext_lazy("decision", "Returned")


class AttachmentKind(models.TextChoices):
    STAMPED = "stamped", _("Scan of the stamped first report")
    OTHER = "other", pgettext_lazy("attachment", "Other document")


class TodoEnd(models.TextChoices):
    """How a unit's to-do after a new version of a catalogue ended."""

    LOOKED = "looked", _("Looked at, nothing to report")
    REPORTED = "reported", _("Reported by the new version")
    REPLACED = "replaced", _("A later version came")


class Answered(models.TextChoices):
    """The answer to a catalogue item in the self-check."""

    PRESENT = "present", pgettext_lazy("self-check", "Present here")
    ABSENT = "absent", pgettext_lazy("self-check", "Not present here")


class VisitOutcome(models.TextChoices):
    """What a check on the spot came to."""

    PASSED = "passed", pgettext_lazy("visit", "Passed")
    RECTIFY = "rectify", pgettext_lazy("visit", "To rectify by a day")
    SUPPLEMENT = "supplement", pgettext_lazy("visit", "Returned for supplement")
    ENFORCEMENT = "enforcement", pgettext_lazy("visit", "Passed to enforcement")


LEAVES_FAULT = {VisitOutcome.RECTIFY, VisitOutcome.ENFORCEMENT}


class BulletinKind(models.TextChoices):
    """How often a bulletin on progress comes out."""

    DAILY = "daily", _("Daily bulletin")
    WEEKLY = "weekly", _("Weekly bulletin")


class BulletinState(models.TextChoices):
    """A bulletin is written, and then stands as it was issued."""

    DRAFT = "draft", pgettext_lazy("bulletin", "Draft")
    ISSUED = "issued", pgettext_lazy("bulletin", "Issued")
    DISCARDED = "discarded", pgettext_lazy("bulletin", "Discarded")
