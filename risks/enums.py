"""Levels, ranks, colours and methods, with the sets and orders that rules speak of."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(models.TextChoices):
    """Level of a risk (风险等级), highest first."""

    MAJOR = "major", pgettext_lazy("risk level", "Major")
    LARGER = "larger", pgettext_lazy("risk level", "Larger")
    GENERAL = "general", pgettext_lazy("risk level", "General")
    LOW = "low", pgettext_lazy("risk level", "Low")


LEVEL_ORDER = {Level.MAJOR: 4, Level.LARGER: 3, Level.GENERAL: 2, Level.LOW: 1}
LARGER_AND_ABOVE = {Level.MAJOR, Level.LARGER}


class Method(models.TextChoices):
    """How a level was found."""

    CATALOGUE = "catalogue", _("As the catalogue says")
    LS = "ls", _("LS matrix")
    LEC = "lec", _("LEC score")
    LC = "lc", _("Transport LC score")


class Rank(models.TextChoices):
    """Rank of a responsible person, highest first; other kinds of unit map their posts onto these."""

    PRINCIPAL = "principal", _("Main responsible person")
    DEPUTY = "deputy", _("Deputy general manager")
    MIDDLE = "middle", _("Middle management")
    STAFF = "staff", _("Other staff")


RANKS_FOR = {
    Level.MAJOR: {Rank.PRINCIPAL, Rank.DEPUTY},
    Level.LARGER: {Rank.PRINCIPAL, Rank.DEPUTY, Rank.MIDDLE},
    Level.GENERAL: set(Rank),
    Level.LOW: set(Rank),
}


class MeasureClass(models.TextChoices):
    ENGINEERING = "engineering", _("Engineering")
    MANAGEMENT = "management", pgettext_lazy("measures", "Management")
    TRAINING = "training", _("Training")
    PROTECTION = "protection", _("Personal protection")
    EMERGENCY = "emergency", pgettext_lazy("measures", "Emergency")


class CatalogueState(models.TextChoices):
    """A version is drafted, fixed for a later day, in force, and at last superseded by the next one."""

    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Fixed for a later day")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Superseded")


NOT_YET_IN_FORCE = {CatalogueState.DRAFT, CatalogueState.SCHEDULED}


class RiskState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("risk", "Active")
    CLOSED = "closed", pgettext_lazy("risk", "Removed")


class Colour(models.TextChoices):
    """Rating of an enterprise (企业评级). Grey has not reported."""

    RED = "red", _("Red")
    ORANGE = "orange", _("Orange")
    YELLOW = "yellow", _("Yellow")
    BLUE = "blue", _("Blue")
    GREY = "grey", _("Grey")
