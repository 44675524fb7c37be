"""Departments whose view others may take: what an inspection group or a lead department handles, within one's scope."""

from django.db.models import Q

from enterprises.enums import DepartmentKind, RegionLevel
from enterprises.models import Department
from enterprises.queries.scope import NOTHING, Scope, scope_of


def bodies_to_see_by() -> list[Department]:
    """Return the inspection groups, and the city's lead departments, in their own order."""
    groups = Q(kind=DepartmentKind.INSPECTION)
    leads = Q(kind=DepartmentKind.BUREAU, level=RegionLevel.CITY)
    return list(Department.objects.filter(groups | leads).order_by("-kind", "line__order", "code"))


def scope_of_body(code: str) -> Scope:
    """Return what the inspection group or lead department of that code handles; nothing for any other code."""
    body = next((one for one in bodies_to_see_by() if one.code == code), None)
    return scope_of(body) if body else NOTHING


def seen_scope(scope: Scope, code: str) -> Scope:
    """Return what of a scope the department of that code handles; all of it when none is named."""
    return scope.within(scope_of_body(code)) if code else scope
