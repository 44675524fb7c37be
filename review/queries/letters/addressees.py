"""Who answers a letter, who stands above whom, and which people those are."""

from django.db.models import QuerySet

from enterprises.enums import DepartmentKind, RegionLevel
from enterprises.models import Department, Enterprise, Region, User
from enterprises.models.places import COUNTY_DIVISOR
from review.models import Letter
from review.rules import ANSWERING_ROLES

CITY_DIVISOR = 100


def office_of(region: Region) -> Department | None:
    """Return who answers for an area: its committee office, for a town its safety office."""
    kind = DepartmentKind.TOWNSHIP if region.level == RegionLevel.TOWN else DepartmentKind.COMMITTEE
    return Department.objects.filter(region=region, kind=kind).first()


def superior_of(department: Department) -> Department | None:
    """Return the department above another: its line one level up, then the committee offices; None above the city's.

    A township's office stands below the county's committee office, a county's bureau below the city's of its line.
    """
    if department.kind == DepartmentKind.TOWNSHIP:
        return _committee(department.region_id // COUNTY_DIVISOR)
    if department.kind == DepartmentKind.BUREAU and department.level == RegionLevel.COUNTY:
        city = _city_of(department)
        return Department.objects.filter(kind=DepartmentKind.BUREAU, line=department.line_id, region=city).first() or (
            _committee(city)
        )
    if department.kind == DepartmentKind.COMMITTEE and department.level == RegionLevel.CITY:
        return None
    return _committee(_city_of(department))


def first_above(letter: Letter) -> Department | None:
    """Return who is told first when a letter is overdue: an enterprise's lead bureau, a department's superior."""
    unit = letter.to_enterprise
    if unit is not None:
        return lead_of(unit) or _committee(unit.town_id // COUNTY_DIVISOR)
    return superior_of(letter.answerer) if letter.answerer is not None else None


def lead_of(unit: Enterprise) -> Department | None:
    """Return the county's bureau of the line that leads a unit's category."""
    county = unit.town_id // COUNTY_DIVISOR
    line = unit.category.lead_id
    return Department.objects.filter(kind=DepartmentKind.BUREAU, line=line, region=county).first()


def _city_of(department: Department) -> int:
    return department.region_id // CITY_DIVISOR * CITY_DIVISOR


def _committee(region_id: int) -> Department | None:
    return Department.objects.filter(kind=DepartmentKind.COMMITTEE, region=region_id).first()


def people_who_answer(letter: Letter) -> QuerySet[User]:
    """Return the people whose turn it is once a letter is issued."""
    if letter.answerer_id is not None:
        return officials_of(letter.answerer_id)
    return User.objects.filter(enterprise=letter.to_enterprise_id, is_active=True)


def officials_of(department_id: int) -> QuerySet[User]:
    """Return the people of a department who act: not those who only read."""
    return User.objects.filter(department=department_id, role__in=ANSWERING_ROLES, is_active=True)
