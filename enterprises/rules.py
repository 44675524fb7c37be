"""Who may see and keep the rosters, as small predicates that answer with a reason."""

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from enterprises.enums import ENTERPRISE_ROLES, READS_BUSINESS, DepartmentKind, RegionLevel, Role
from riskreport.ground.access import YES, Answer, rule


@rule(_("Sign in to continue."))
def is_signed_in(user, obj=None) -> bool:
    """Anybody with an account."""
    return user.is_authenticated


@rule(_("This page is for the people of an enterprise."))
def is_enterprise_person(user, obj=None) -> bool:
    """A person of an enterprise."""
    return user.is_authenticated and user.role in ENTERPRISE_ROLES


@rule(_("This page is for the people of a department."))
def is_official(user, obj=None) -> bool:
    """A person of a department that reads business data."""
    return user.is_authenticated and user.role not in ENTERPRISE_ROLES and user.role in READS_BUSINESS


@rule(_("The system operator sees no business data."))
def reads_business(user, obj=None) -> bool:
    """Everybody but the system operator."""
    return user.is_authenticated and user.role in READS_BUSINESS


@rule(_("Only a reviewer of a department may do this."))
def is_reviewer(user, obj=None) -> bool:
    """A reviewer of any department."""
    return user.is_authenticated and user.role == Role.REVIEWER


@rule(_("Only a catalogue keeper may do this."))
def is_keeper(user, obj=None) -> bool:
    """A keeper of catalogues and rosters."""
    return user.is_authenticated and user.role == Role.KEEPER


@rule(_("Only the safety committee office may do this."))
def is_office(user, obj=None) -> bool:
    """A person of the safety committee office, city or county."""
    return (
        user.is_authenticated
        and user.role == Role.OFFICE
        and user.department is not None
        and user.department.kind == DepartmentKind.COMMITTEE
    )


@rule(_("Only the city's safety committee office may do this."))
def keeps_taxonomy(user, obj=None) -> bool:
    """A person of the city's safety committee office: sectors and categories hold for the whole city."""
    return is_office(user).allowed and user.department.level == RegionLevel.CITY


@rule(_("Only the keeper of this department may do this."))
def keeps_preparation(user, department=None) -> bool:
    """The keeper of the bureau whose plan and steps they are."""
    if not is_keeper(user).allowed or user.department.kind != DepartmentKind.BUREAU:
        return False
    return department is None or user.department_id == department.pk


@rule(_("Only the system operator may do this."))
def is_operator(user, obj=None) -> bool:
    """A person who runs the system."""
    return user.is_authenticated and user.role == Role.OPERATOR


NEEDS_PHONES = {Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN, Role.REVIEWER, Role.INSPECTOR, Role.OFFICE}


@rule(_("Telephone numbers are shown only to those who need them for their work."))
def may_read_phones(user, obj=None) -> bool:
    """Roles that need to call the enterprise."""
    return user.is_authenticated and user.role in NEEDS_PHONES


@rule(_("The roster is kept by the keepers of the lead departments and by the safety committee office."))
def keeps_rosters(user, obj=None) -> bool:
    """A keeper of a bureau, or the safety committee office."""
    return is_office(user).allowed or (is_keeper(user).allowed and user.department.kind == DepartmentKind.BUREAU)


def holds_town(user, town_id: int) -> bool:
    """Whether a town lies in the areas of the person's department; its areas are asked once per request."""
    prefetch_related_objects([user.department], "areas")
    return any(area.low <= town_id <= area.high for area in user.department.areas.all())


@rule(_("Only the lead department of the unit's category, in its own area, and the office keep its entry."))
def leads_unit(user, unit) -> bool:
    """The keeper of the lead line, or the office, where the unit stands. Co-leads read, they do not keep."""
    is_lead = is_office(user).allowed or user.department.line_id == unit.category.lead_id
    return is_lead and holds_town(user, unit.town_id)


@rule(_("This unit was merged into another one. Keep the entry of the unit it was merged into."))
def is_not_merged(user, unit) -> bool:
    """The unit's entry is one of its own."""
    return unit.merged_into_id is None


may_keep = keeps_rosters & leads_unit & is_not_merged


def may_add(user, *, town_id: int, lead_id: str) -> Answer:
    """Whether a person may enter a unit in this town whose category is led by this line."""
    if not keeps_rosters(user).allowed:
        return keeps_rosters(user)
    if not holds_town(user, town_id):
        return Answer(False, _("This town lies outside your area. Its own lead department enters the unit."))
    if not is_office(user).allowed and user.department.line_id != lead_id:
        return Answer(False, _("Another line leads this category. Its keeper or the office enters the unit."))
    return YES


def may_hand_over(user, unit, *, town_id: int, lead_id: str) -> Answer:
    """Whether a person who keeps a unit may move it to this town and under this line.

    A keeper hands over within the own line, to the counterpart of any area; between lines the office decides, so that
    two lines do not push a unit to and fro, and only where both places lie in its area.
    """
    if not may_keep(user, unit).allowed:
        return may_keep(user, unit)
    if is_office(user).allowed:
        if holds_town(user, town_id):
            return YES
        return Answer(False, _("The new town lies outside your area. Ask the city's safety committee office."))
    if user.department.line_id != lead_id:
        return Answer(
            False,
            _("Another line leads the new category. Only the safety committee office moves a unit between lines."),
        )
    return YES
