"""Who may see and keep the rosters, as small predicates that answer with a reason."""

from django.utils.translation import gettext_lazy as _

from enterprises.enums import ENTERPRISE_ROLES, READS_BUSINESS, DepartmentKind, Role
from riskreport.ground.access import rule


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


@rule(_("Only the system operator may do this."))
def is_operator(user, obj=None) -> bool:
    """A person who runs the system."""
    return user.is_authenticated and user.role == Role.OPERATOR


NEEDS_PHONES = {Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN, Role.REVIEWER, Role.INSPECTOR, Role.OFFICE}


@rule(_("Telephone numbers are shown only to those who need them for their work."))
def may_read_phones(user, obj=None) -> bool:
    """Roles that need to call the enterprise."""
    return user.is_authenticated and user.role in NEEDS_PHONES
