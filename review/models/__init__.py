"""Tables of how dangers are reported and judged."""

from review.models.campaign import Campaign, Milestone
from review.models.catalogue_todo import CatalogueTodo
from review.models.content import Attachment, DeclaredRisk, FilingSection
from review.models.decision import Decision, Remark, Snapshot
from review.models.display import DisplayToken
from review.models.filing import Filing
from review.models.material import MaterialVersion, TrainingMaterial
from review.models.tally import RiskTally, Tally, TallyMark
from review.models.training import TrainingAttendance, TrainingSession, TrainingStandard, TrainingTest
from review.models.visit import Visit

__all__ = [
    "Attachment",
    "Campaign",
    "CatalogueTodo",
    "Decision",
    "DeclaredRisk",
    "DisplayToken",
    "Filing",
    "FilingSection",
    "MaterialVersion",
    "Milestone",
    "Remark",
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
