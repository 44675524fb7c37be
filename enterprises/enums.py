"""States and kinds of who is who, with the sets that views and queries speak of."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RegionLevel(models.TextChoices):
    CITY = "city", _("City")
    COUNTY = "county", _("District or county-level city")
    TOWN = "town", _("Town or street")


class DepartmentKind(models.TextChoices):
    BUREAU = "bureau", _("Bureau")
    TOWNSHIP = "township", _("Township safety office")
    COMMITTEE = "committee", _("Safety committee office")
    INSPECTION = "inspection", _("Inspection group")
    DISCIPLINE = "discipline", _("Discipline inspection")
    OPERATOR = "operator", _("System operation")


SEES_EVERY_LINE: set[str] = {
    DepartmentKind.TOWNSHIP,
    DepartmentKind.COMMITTEE,
    DepartmentKind.INSPECTION,
    DepartmentKind.DISCIPLINE,
}


class Scale(models.TextChoices):
    ABOVE = "above", _("Above scale")
    BELOW = "below", _("Below scale")
    UNSCALED = "none", pgettext_lazy("scale", "Not scaled")


class Lifecycle(models.TextChoices):
    ACTIVE = "active", _("In operation")
    SUSPENDED = "suspended", _("Suspended")
    CLOSED = "closed", _("Closed")
    WRITTEN_OFF = "written_off", _("Written off")
    MERGED = "merged", _("Merged into another unit")


ON_ROSTER = {Lifecycle.ACTIVE, Lifecycle.SUSPENDED}


class ContactKind(models.TextChoices):
    LEGAL = "legal", _("Legal representative")
    PRINCIPAL = "principal", _("Main responsible person")
    SAFETY = "safety", _("Safety officer")


class Role(models.TextChoices):
    ENTERPRISE_USER = "enterprise_user", _("Enterprise user")
    ENTERPRISE_ADMIN = "enterprise_admin", _("Enterprise administrator")
    REVIEWER = "reviewer", _("Reviewer")
    KEEPER = "keeper", _("Catalogue keeper")
    OFFICE = "office", _("Safety committee office")
    INSPECTOR = "inspector", _("Inspector")
    OVERSIGHT = "oversight", _("Oversight (read only)")
    OPERATOR = "operator", _("System operator")


ENTERPRISE_ROLES = {Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN}
OFFICIAL_ROLES = set(Role) - ENTERPRISE_ROLES
READS_BUSINESS = set(Role) - {Role.OPERATOR}
ROLES_OF: dict[str, tuple[Role, ...]] = {
    DepartmentKind.BUREAU: (Role.REVIEWER, Role.KEEPER, Role.INSPECTOR),
    DepartmentKind.TOWNSHIP: (Role.REVIEWER, Role.INSPECTOR),
    DepartmentKind.COMMITTEE: (Role.OFFICE,),
    DepartmentKind.INSPECTION: (Role.OVERSIGHT, Role.INSPECTOR),
    DepartmentKind.DISCIPLINE: (Role.OVERSIGHT,),
    DepartmentKind.OPERATOR: (Role.OPERATOR,),
}
