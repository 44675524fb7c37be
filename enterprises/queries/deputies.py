"""For whom a command line acts: a person of a department whom the rule of the act allows."""

from django.utils.translation import gettext as _

from enterprises.enums import RegionLevel, Role
from enterprises.models import User
from riskreport.ground.access import Refused, Rule


def person_of_department(*, code: str, rule: Rule) -> User:
    """Return the first active person of the department with ``code`` whom ``rule`` allows; reads, writes nothing.

    Without a code it is a person of the city's safety committee office. Raises Refused when there is none.
    """
    people = User.objects.filter(is_active=True).select_related("department").order_by("pk")
    if code:
        people = people.filter(department__code=code)
    else:
        people = people.filter(role=Role.OFFICE, department__level=RegionLevel.CITY)
    allowed = next((person for person in people if rule(person).allowed), None)
    if allowed is None:
        raise Refused(_("No active account of department “%(code)s” may do this.") % {"code": code or "-"})
    return allowed
