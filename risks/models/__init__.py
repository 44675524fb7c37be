"""Tables of what is dangerous."""

from risks.models.alerts import Alert, AlertAnswer, AlertDesk, AlertRule, AlertStep, Dispatch, Judgement, Message
from risks.models.assessment import AccidentType, AssessmentPreset
from risks.models.catalogue import Catalogue, CatalogueItem
from risks.models.dynamic import DynamicFile, DynamicKindRule, DynamicReport, TemporaryRisk
from risks.models.ledger import Risk
from risks.models.rating import Rating, RatingRule, Standing
from risks.models.signals import Signal, SignalDoor

__all__ = [
    "AccidentType",
    "Alert",
    "AlertAnswer",
    "AlertDesk",
    "AlertRule",
    "AlertStep",
    "AssessmentPreset",
    "Catalogue",
    "CatalogueItem",
    "Dispatch",
    "DynamicFile",
    "DynamicKindRule",
    "DynamicReport",
    "Judgement",
    "Message",
    "Rating",
    "RatingRule",
    "Risk",
    "Signal",
    "SignalDoor",
    "Standing",
    "TemporaryRisk",
]
