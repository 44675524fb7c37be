"""Who keeps catalogues, as small predicates that answer with a reason."""

from django.utils.translation import gettext_lazy as _

from enterprises.enums import DepartmentKind, RegionLevel, Role
from riskreport.ground.access import rule


@rule(_("Only the keeper of the city's lead department, or the city's safety committee office, may do this."))
def keeps_catalogues(user, obj=None) -> bool:
    """The keeper of a bureau of the city: a catalogue holds for the whole city. The city's committee office too."""
    if not user.is_authenticated or user.department is None or user.department.level != RegionLevel.CITY:
        return False
    if user.role == Role.KEEPER:
        return user.department.kind == DepartmentKind.BUREAU
    return user.role == Role.OFFICE and user.department.kind == DepartmentKind.COMMITTEE
