"""Tables of how dangers are reported and judged."""

from review.models.bulletin import Bulletin, BulletinTemplate
from review.models.campaign import Campaign, Milestone
from review.models.campaigning import CampaignClosing, CampaignDraft, ChecklistStep, Extension, Phase
from review.models.catalogue_todo import CatalogueTodo
from review.models.content import Attachment, DeclaredRisk, FilingSection
from review.models.decision import Decision, Remark, Snapshot
from review.models.display import DisplayToken
from review.models.filing import Filing
from review.models.letter import (
    Interview,
    Letter,
    LetterCounter,
    LetterEvidence,
    LetterFile,
    LetterMark,
    LetterRaise,
    LetterReply,
    LetterStandard,
    ProposalDismissal,
)
from review.models.material import MaterialVersion, TrainingMaterial
from review.models.reminding import RemindedUnit, ReminderRun
from review.models.tally import RiskTally, Tally, TallyMark
from review.models.training import TrainingAttendance, TrainingSession, TrainingStandard, TrainingTest
from review.models.visit import Visit

__all__ = [
    "Attachment",
    "Bulletin",
    "BulletinTemplate",
    "Campaign",
    "CampaignClosing",
    "CampaignDraft",
    "CatalogueTodo",
    "ChecklistStep",
    "Decision",
    "DeclaredRisk",
    "DisplayToken",
    "Extension",
    "Filing",
    "FilingSection",
    "Interview",
    "Letter",
    "LetterCounter",
    "LetterEvidence",
    "LetterFile",
    "LetterMark",
    "LetterRaise",
    "LetterReply",
    "LetterStandard",
    "MaterialVersion",
    "Milestone",
    "Phase",
    "ProposalDismissal",
    "Remark",
    "RemindedUnit",
    "ReminderRun",
    "RiskTally",
    "Snapshot",
    "Tally",
    "TallyMark",
    "TrainingAttendance",
    "TrainingMaterial",
    "TrainingSession",
    "TrainingStandard",
    "TrainingTest",
    "Visit",
]
