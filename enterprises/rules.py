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


def _holds_place(user, region) -> bool:
    """Whether a region lies in the areas of the person's department; its areas are asked once per request."""
    prefetch_related_objects([user.department], "areas")
    return any(area.low <= region.low and region.high <= area.high for area in user.department.areas.all())


@rule(_("Only the chief of this department, or the safety committee office of its area, may do this."))
def keeps_department_phone(user, department=None) -> bool:
    """The chief of the department, or the committee office whose area holds it."""
    own = user.is_authenticated and user.is_chief
    if department is None:
        return own or is_office(user).allowed
    if own and user.department_id == department.pk:
        return True
    return is_office(user).allowed and _holds_place(user, department.region)


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


# --- who keeps people -------------------------------------------------------------------------------------------------
@rule(_("Only the lead department's keeper or the safety committee office may issue accounts."))
def issues_accounts(user, obj=None) -> bool:
    """A keeper of the rosters, or the safety committee office, each within their scope."""
    return user.is_authenticated and user.role in {Role.KEEPER, Role.OFFICE}


@rule(_("Only the administrator of an enterprise may open this page."))
def is_enterprise_admin(user, obj=None) -> bool:
    """The administrator of an enterprise keeps its people."""
    return user.is_authenticated and user.role == Role.ENTERPRISE_ADMIN


@rule(_("Only the chief of a department may do this."))
def is_chief(user, obj=None) -> bool:
    """An official who keeps the people of the department."""
    return user.is_authenticated and user.is_chief


keeps_people = is_enterprise_admin | is_chief | is_operator


def _is_above(user, department) -> bool:
    """Whether the person is chief of a safety committee office whose area holds the department."""
    if not user.is_chief or user.department.kind != DepartmentKind.COMMITTEE:
        return False
    if department.kind == DepartmentKind.OPERATOR or department.pk == user.department_id:
        return False
    return _holds_place(user, department.region)


@rule(_("Only the chief of the safety committee office above this department, or system operation, may do this."))
def appoints_chief(user, department) -> bool:
    """The chief of the committee office names the chiefs of the departments in its area; the operator the first one."""
    return user.is_authenticated and (user.role == Role.OPERATOR or _is_above(user, department))


@rule(_("Only the chief of this department may do this."))
def adds_to(user, department) -> bool:
    """The chief of the department itself, or system operation, which only makes accounts."""
    own = user.is_authenticated and user.is_chief and user.department_id == department.pk
    return own or (user.is_authenticated and user.role == Role.OPERATOR)


@rule(_("You cannot do this to your own account. Ask a colleague who keeps people, or the office above."))
def is_somebody_else(user, person) -> bool:
    """Nobody takes their own rights or locks themselves out."""
    return user.pk != person.pk


@rule(_("Only who keeps this person's account may do this: the enterprise's administrator, or the department's chief."))
def keeps(user, person) -> bool:
    """An enterprise's administrator its people; a chief the department's; the committee's chief the chiefs below."""
    if not user.is_authenticated:
        return False
    if person.enterprise_id is not None:
        return user.role == Role.ENTERPRISE_ADMIN and user.enterprise_id == person.enterprise_id
    if user.is_chief and user.department_id == person.department_id:
        return True
    return person.is_chief and _is_above(user, person.department)


@rule(_("System operation unlocks accounts of officials; it changes nothing else about them."))
def unlocks(user, person) -> bool:
    """The system operator gives an official a new first-use code."""
    return user.is_authenticated and user.role == Role.OPERATOR and person.department_id is not None


@rule(_("This enterprise is not within your area and lines."))
def issues_to(user, person) -> bool:
    """Who issues accounts gives an enterprise's administrator a new code; the scope is asked where the row is read."""
    return issues_accounts(user).allowed and person.role == Role.ENTERPRISE_ADMIN


keeps_person = keeps & is_somebody_else
may_send_code = (keeps | unlocks | issues_to) & is_somebody_else


@rule(_("The second factor is for the people of departments."))
def may_have_second_factor(user, obj=None) -> bool:
    """An official, where the setting asks for a second factor or not."""
    return user.is_authenticated and user.department_id is not None
