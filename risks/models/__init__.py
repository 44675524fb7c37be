"""Tables of what is dangerous."""

from risks.models.assessment import AccidentType, AssessmentPreset
from risks.models.catalogue import Catalogue, CatalogueItem
from risks.models.ledger import Risk
from risks.models.rating import Rating, RatingRule, Standing

__all__ = [
    "AccidentType",
    "AssessmentPreset",
    "Catalogue",
    "CatalogueItem",
    "Rating",
    "RatingRule",
    "Risk",
    "Standing",
]
