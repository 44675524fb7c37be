"""Tables of how dangers are reported and judged."""

from review.models.bulletin import Bulletin, BulletinTemplate
from review.models.campaign import Campaign, Milestone
from review.models.catalogue_todo import CatalogueTodo
from review.models.content import Attachment, DeclaredRisk, FilingSection
from review.models.decision import Decision, Remark, Snapshot
from review.models.display import DisplayToken
from review.models.filing import Filing
from review.models.tally import RiskTally, Tally, TallyMark
from review.models.visit import Visit

__all__ = [
    "Attachment",
    "Bulletin",
    "BulletinTemplate",
    "Campaign",
    "CatalogueTodo",
    "Decision",
    "DeclaredRisk",
    "DisplayToken",
    "Filing",
    "FilingSection",
    "Milestone",
    "Remark",
    "RiskTally",
    "Snapshot",
    "Tally",
    "TallyMark",
    "Visit",
]
