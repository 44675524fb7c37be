"""Which department decides the filings of which units."""

from django.db.models import Q

from enterprises.enums import DepartmentKind, RegionLevel
from enterprises.models import Department
from enterprises.models.places import COUNTY_DIVISOR


class Deciders:
    """The deciding department for a category's lead line and a town, looked up without a query per unit.

    At town level it is the township's safety office; where a township has none, the county's emergency bureau.
    Raises LookupError when the roster of departments lacks the one that is asked for.
    """

    FALLBACK_LINE = "emergency"

    def __init__(self, level: str) -> None:
        self.level = level
        bureaus = Q(kind=DepartmentKind.BUREAU)
        rows = Department.objects.filter(bureaus | Q(kind=DepartmentKind.TOWNSHIP))
        self.offices = {row.region_id: row for row in rows if row.kind == DepartmentKind.TOWNSHIP}
        self.bureaus = {(row.line_id, row.region_id): row for row in rows if row.kind == DepartmentKind.BUREAU}

    def find(self, *, line: str, town_id: int) -> Department:
        """Return the department that decides for a unit of ``line`` in ``town_id``."""
        county = town_id // COUNTY_DIVISOR
        if self.level == RegionLevel.TOWN:
            found = self.offices.get(town_id) or self.bureaus.get((self.FALLBACK_LINE, county))
        elif self.level == RegionLevel.COUNTY:
            found = self.bureaus.get((line, county))
        else:
            found = self.bureaus.get((line, county // 100 * 100))
        if found is None:
            raise LookupError(f"No department of line {line} decides for town {town_id} at {self.level} level.")
        return found
