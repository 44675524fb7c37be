"""States and kinds of reporting, with the named sets that rules, lists and boards speak of."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FilingKind(models.TextChoices):
    """Why a report is made. What a campaign asks is an obligation, be the campaign a first or a periodic one."""

    OBLIGATION = "obligation", _("Report owed in a reporting task")
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


class CampaignKind(models.TextChoices):
    """What a campaign's reports are: the first ones of their units, or the yearly ones of the first quarter."""

    FIRST = "first", pgettext_lazy("campaign", "First reports")
    PERIODIC = "periodic", pgettext_lazy("campaign", "Periodic reports")


class ChecklistKey(models.TextChoices):
    """The steps by which a sector is brought to report, in their order."""

    ROSTER = "roster", pgettext_lazy("checklist", "Roster confirmed")
    CATALOGUE = "catalogue", pgettext_lazy("checklist", "Catalogue published")
    TRAINING = "training", pgettext_lazy("checklist", "Units trained")
    DRAFTS = "drafts", pgettext_lazy("checklist", "First reports handed in")
    REVIEW = "review", pgettext_lazy("checklist", "Reviews done")
    FINAL = "final", pgettext_lazy("checklist", "Final reports filed")


class ExtensionState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("extension", "Asked for")
    GRANTED = "granted", pgettext_lazy("extension", "Granted")
    REFUSED = "refused", pgettext_lazy("extension", "Refused")


class Light(models.TextChoices):
    """How a share stands to the plan of its campaign."""

    AHEAD = "ahead", pgettext_lazy("schedule", "Ahead of plan")
    ON = "on", pgettext_lazy("schedule", "On plan")
    BEHIND = "behind", pgettext_lazy("schedule", "Behind plan")


class Outlook(models.TextChoices):
    """What can be said of the day on which all will be filed."""

    NOTHING = "nothing", pgettext_lazy("forecast", "Nothing expected")
    DONE = "done", pgettext_lazy("forecast", "Done")
    TOO_EARLY = "too_early", pgettext_lazy("forecast", "Too little data yet")
    NEVER = "never", pgettext_lazy("forecast", "Will not end at this pace")
    BAND = "band", pgettext_lazy("forecast", "Ends between two days")


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


# --- follow-up letters ----------------------------------------------------------------------------------------------
class LetterKind(models.TextChoices):
    """How sharply one who is behind is written to, from mild to severe."""

    REMINDER = "reminder", pgettext_lazy("letter", "Reminder")
    WARNING = "warning", pgettext_lazy("letter", "Warning")
    NOTICE = "notice", pgettext_lazy("letter", "Notice")
    INTERVIEW = "interview", pgettext_lazy("letter", "Interview")
    SUPERVISION = "supervision", pgettext_lazy("letter", "Supervised handling")


class LetterState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("letter", "Draft")
    ISSUED = "issued", pgettext_lazy("letter", "Issued")
    DELIVERED = "delivered", pgettext_lazy("letter", "Delivered")
    READ = "read", pgettext_lazy("letter", "Receipt signed")
    REPLIED = "replied", pgettext_lazy("letter", "Answered")
    RETURNED = "returned", pgettext_lazy("letter", "Returned for more")
    CLOSED = "closed", pgettext_lazy("letter", "Closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("letter", "Draft withdrawn")


UNSIGNED = {LetterState.ISSUED, LetterState.DELIVERED}
ANSWER_OWED = UNSIGNED | {LetterState.READ, LetterState.RETURNED}
UNDER_WAY = ANSWER_OWED | {LetterState.REPLIED}
NEVER_ISSUED = {LetterState.DRAFT, LetterState.WITHDRAWN}


class LetterAction(models.TextChoices):
    ISSUE = "issue", pgettext_lazy("letter", "Issue")
    WITHDRAW = "withdraw", pgettext_lazy("letter", "Withdraw the draft")
    DELIVER = "deliver", pgettext_lazy("letter", "Deliver")
    READ = "read", pgettext_lazy("letter", "Sign the receipt")
    REPLY = "reply", pgettext_lazy("letter", "Answer")
    RETURN = "return", pgettext_lazy("letter", "Return for more")
    EXTEND = "extend", pgettext_lazy("letter", "Extend")
    RESCHEDULE = "reschedule", pgettext_lazy("letter", "Set another time")
    HOLD = "hold", pgettext_lazy("letter", "Record the interview")
    CLOSE = "close", pgettext_lazy("letter", "Close")


# --- training -------------------------------------------------------------------------------------------------------
class TrainingKind(models.TextChoices):
    """How a session is given."""

    CLASSROOM = "classroom", pgettext_lazy("training", "Classroom")
    CLOUD = "cloud", pgettext_lazy("training", "Cloud class")
    LIVE = "live", pgettext_lazy("training", "Live stream")


class TrainingState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("training", "Planned")
    OPEN = "open", pgettext_lazy("training", "Open for sign-up")
    HELD = "held", pgettext_lazy("training", "Held")
    CANCELLED = "cancelled", pgettext_lazy("training", "Cancelled")


# What may follow a state; whose turn it is stays the organiser's.
TRAINING_MOVES: dict[str, tuple[TrainingState, ...]] = {
    TrainingState.PLANNED: (TrainingState.OPEN, TrainingState.CANCELLED),
    TrainingState.OPEN: (TrainingState.HELD, TrainingState.CANCELLED),
    TrainingState.HELD: (),
    TrainingState.CANCELLED: (),
}
OFFERED = {TrainingState.OPEN, TrainingState.HELD}


class AttendanceWay(models.TextChoices):
    """How it is known that a person came."""

    LIST = "list", pgettext_lazy("training", "By the list")
    CODE = "code", pgettext_lazy("training", "By QR code")
    FILE = "file", pgettext_lazy("training", "From a file")


class MaterialKind(models.TextChoices):
    PROCEDURE = "procedure", _("Working procedure")
    COURSEWARE = "courseware", _("Courseware")
    OTHER = "other", pgettext_lazy("material", "Other material")


class MaterialLanguage(models.TextChoices):
    CHINESE = "zh", _("Chinese")
    ENGLISH = "en", pgettext_lazy("language", "English")
    JAPANESE = "ja", _("Japanese")
    KOREAN = "ko", _("Korean")
