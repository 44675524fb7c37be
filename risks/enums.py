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


COLOUR_ORDER = {Colour.RED: 4, Colour.ORANGE: 3, Colour.YELLOW: 2, Colour.BLUE: 1, Colour.GREY: 0}


class DynamicKind(models.TextChoices):
    """What a temporary undertaking is (动态上报事项)."""

    UPGRADE = "upgrade", _("Upgrade or rebuilding")
    EVENT = "event", _("Large event")
    OVERHAUL = "overhaul", _("Overhaul")
    HOT_WORK = "hot_work", _("Special operation: hot work")
    CONFINED = "confined", _("Special operation: confined space")
    BLIND_PLATE = "blind_plate", _("Special operation: blind plate")
    HEIGHT = "height", _("Special operation: work at height")
    LIFTING = "lifting", _("Special operation: lifting")
    POWER = "power", _("Special operation: temporary power")
    EXCAVATION = "excavation", _("Special operation: excavation")
    ROAD = "road", _("Special operation: road closure")
    TRIAL = "trial", _("Trial production")
    STOP = "stop", _("Stop of production")
    RESUMPTION = "resumption", _("Resumption of production")
    HOLIDAY = "holiday", _("Work on holidays")
    OTHER = "other", pgettext_lazy("dynamic report", "Other undertaking")


SPECIAL_OPERATIONS = {
    DynamicKind.HOT_WORK,
    DynamicKind.CONFINED,
    DynamicKind.BLIND_PLATE,
    DynamicKind.HEIGHT,
    DynamicKind.LIFTING,
    DynamicKind.POWER,
    DynamicKind.EXCAVATION,
    DynamicKind.ROAD,
}


class DynamicState(models.TextChoices):
    """Where a dynamic report stands. Acknowledged and handling are what the told departments did with it."""

    DRAFT = "draft", pgettext_lazy("dynamic report", "Draft")
    REPORTED = "reported", pgettext_lazy("dynamic report", "Reported")
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("dynamic report", "Acknowledged")
    HANDLING = "handling", pgettext_lazy("dynamic report", "Being handled")
    ENDED = "ended", pgettext_lazy("dynamic report", "Ended")
    WITHDRAWN = "withdrawn", pgettext_lazy("dynamic report", "Withdrawn")


GOING_ON = {DynamicState.REPORTED, DynamicState.ACKNOWLEDGED, DynamicState.HANDLING}


class DynamicEnd(models.TextChoices):
    """How a dynamic report came to its end."""

    IN_TIME = "in_time", _("Its time was over")
    EARLY = "early", _("Ended early by the enterprise")


class SignalKind(models.TextChoices):
    WEATHER = "weather", _("Weather warning")
    HAZARD = "hazard", _("Major-hazard source")
    GEOLOGY = "geology", _("Geological point")


class Weather(models.TextChoices):
    """The fourteen kinds of weather warnings (气象灾害预警信号)."""

    THUNDER = "thunder", _("Thunder and lightning")
    RAINSTORM = "rainstorm", _("Rainstorm")
    GALE = "gale", _("Gale")
    DROUGHT = "drought", _("Drought")
    TYPHOON = "typhoon", _("Typhoon")
    HEAT = "heat", _("Heat")
    ICY_ROAD = "icy_road", _("Icy road")
    FOG = "fog", _("Fog")
    COLD_WAVE = "cold_wave", _("Cold wave")
    HAIL = "hail", _("Hail")
    FROST = "frost", _("Frost")
    HAZE = "haze", _("Haze")
    SANDSTORM = "sandstorm", _("Sandstorm")
    SNOWSTORM = "snowstorm", _("Snowstorm")


class HazardGrade(models.TextChoices):
    """Grade of a major-hazard source (重大危险源), first the gravest: R of at least 100, 50, 10, below."""

    ONE = "1", _("Grade one")
    TWO = "2", _("Grade two")
    THREE = "3", _("Grade three")
    FOUR = "4", _("Grade four")


class GeologySize(models.TextChoices):
    """Size of a geological point (地质灾害隐患点)."""

    EXTRA_LARGE = "extra_large", pgettext_lazy("geological point", "Extra large")
    LARGE = "large", pgettext_lazy("geological point", "Large")
    MEDIUM = "medium", pgettext_lazy("geological point", "Medium")
    SMALL = "small", pgettext_lazy("geological point", "Small")


class SignalSource(models.TextChoices):
    """The way by which a signal came in."""

    FORM = "form", _("Entered by hand")
    SHEET = "sheet", pgettext_lazy("signal", "From a sheet")
    CAP = "cap", _("CAP file")
    FEED = "feed", _("Feed")


class SignalState(models.TextChoices):
    IN_FORCE = "in_force", pgettext_lazy("signal", "In force")
    CORRECTED = "corrected", pgettext_lazy("signal", "Corrected by a later one")
    CANCELLED = "cancelled", pgettext_lazy("signal", "Cancelled")


class AlertCause(models.TextChoices):
    """Why the combined level of a dynamic report was judged."""

    REPORTED = "reported", pgettext_lazy("alert", "The report came in")
    CHANGED = "changed", pgettext_lazy("alert", "The report was changed")
    BEGINS = "begins", pgettext_lazy("alert", "Its time begins")
    SIGNAL = "signal", pgettext_lazy("alert", "A signal came in")
    SIGNAL_CHANGED = "signal_changed", pgettext_lazy("alert", "A signal was corrected or cancelled")
    RATING = "rating", pgettext_lazy("alert", "The enterprise's rating changed")


class AnswerKind(models.TextChoices):
    """What a told department answers (签收, 研判, 派发, 现场检查, 指导)."""

    ACKNOWLEDGE = "acknowledge", pgettext_lazy("alert", "Acknowledged")
    JUDGE = "judge", pgettext_lazy("alert", "Judged")
    DISPATCH = "dispatch", pgettext_lazy("alert", "People dispatched")
    CHECKED = "checked", pgettext_lazy("alert", "Checked on the spot")
    GUIDED = "guided", pgettext_lazy("alert", "Guided")


class DispatchKind(models.TextChoices):
    CHECK = "check", _("Check on the spot")
    GUIDANCE = "guidance", _("Guidance")


class DispatchState(models.TextChoices):
    ORDERED = "ordered", pgettext_lazy("dispatch", "Dispatched")
    DONE = "done", pgettext_lazy("dispatch", "Done")
    CANCELLED = "cancelled", pgettext_lazy("dispatch", "Taken back")
