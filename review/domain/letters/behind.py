"""Who is behind in a campaign, by how much, seen from a committee office: areas, lead departments, enterprises.

The city's office looks at counties, at the city's lead bureaus, and at the lead bureaus of each county; a county's at
its towns and its own lead bureaus. Both look at the enterprises of their area whose report is overdue.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from enterprises.enums import DepartmentKind, RegionLevel
from enterprises.models import Department, Region, Sector, User
from enterprises.queries.scope import scope_for
from review.checks.schedule import days_behind
from review.models import Campaign, Filing
from review.queries.completion import STAGES, Cell, Figures, completion
from review.queries.schedule import Plan, plan_of
from riskreport.ground.request import whole_number

A_RUN = dt.timedelta(days=7)


@dataclass(frozen=True)
class Behind:
    """One who may be written to. ``place`` of ``places`` is the rank by rate, None where there is no ranking.

    ``lows`` are the distances from the end of the weekly rankings, today's first.
    """

    subject: str
    name: str
    figures: Figures
    days: int
    answerer: Department | None = None
    place: int | None = None
    places: int = 0
    lows: tuple[int, ...] = ()
    sector: str = ""

    def low_for(self, places: int, runs: int) -> bool:
        """Whether it was among the last ``places`` of the ranking ``runs`` times running."""
        if not places or self.places <= places or len(self.lows) < runs:
            return False
        return all(low <= places for low in self.lows[:runs])


def subject_of(kind: str, key: int | str) -> str:
    """Return how one is named who is written to: ``region-320583``."""
    return f"{kind}-{key}"


@dataclass(frozen=True)
class Look:
    """An office's look at a campaign on a day, with the plan of what it sees as a whole."""

    user: User
    campaign: Campaign
    as_of: dt.date
    plan: Plan
    sectors: dict[str, Sector]
    bureaus: dict[tuple[str, int], Department]

    def cells(self, by: str, day: dt.date | None = None) -> list[Cell]:
        """Return the figures of a day within the office's scope."""
        return completion(campaign=self.campaign, as_of=day or self.as_of, by=by, scope=scope_for(self.user))

    def days(self, figures: Figures) -> int:
        """Return by how many days figures are behind."""
        return days_behind(self.plan, figures.rate, self.as_of) if figures.open else 0


def _look(user: User, campaign: Campaign, as_of: dt.date) -> Look:
    by_scale = completion(campaign=campaign, as_of=as_of, by="scale", scope=scope_for(user))
    plan = plan_of(campaign, expected={str(cell.key[0]): cell.figures.expected for cell in by_scale})
    sectors = {row.pk: row for row in Sector.objects.all()}
    rows = Department.objects.filter(kind=DepartmentKind.BUREAU)
    return Look(user, campaign, as_of, plan, sectors, {(row.line_id, row.region_id): row for row in rows})


def groups_behind(user: User, campaign: Campaign, as_of: dt.date, *, runs: int = 2) -> list[Behind]:
    """Return areas and lead departments below the office, with figures, days behind and ranking; complete ones too.

    The number of queries is fixed for a number of ``runs``, the weekly rankings looked at.
    """
    look = _look(user, campaign, as_of)
    city = user.department.level == RegionLevel.CITY
    areas = _areas(look, "district" if city else "town", runs)
    return [*areas, *_leads(look, user.department.region_id, runs), *(_county_leads(look) if city else [])]


def _areas(look: Look, by: str, runs: int) -> list[Behind]:
    ranked = _ranked(look, by, runs)
    regions = Region.objects.in_bulk(list(ranked))
    kind = DepartmentKind.COMMITTEE if by == "district" else DepartmentKind.TOWNSHIP
    offices = {row.region_id: row for row in Department.objects.filter(kind=kind, region__in=list(ranked))}
    return [
        replace(row, subject=subject_of("region", code), name=regions[int(code)].name, answerer=offices.get(int(code)))
        for code, row in ranked.items()
    ]


def _leads(look: Look, region: int, runs: int) -> list[Behind]:
    """The bureaus that lead a sector here: of several sectors that one leads the one furthest behind counts."""
    found: dict[int, Behind] = {}
    for code, row in _ranked(look, "sector", runs).items():
        sector = look.sectors[str(code)]
        _keep_worst(found, look.bureaus.get((sector.lead_id, region)), sector, row)
    return list(found.values())


def _county_leads(look: Look) -> list[Behind]:
    found: dict[int, Behind] = {}
    for cell in look.cells("district_sector"):
        county, code = cell.key
        row, sector = Behind("", "", cell.figures, look.days(cell.figures)), look.sectors[str(code)]
        _keep_worst(found, look.bureaus.get((sector.lead_id, int(county))), sector, row)
    return list(found.values())


def _keep_worst(found: dict[int, Behind], office: Department | None, sector: Sector, row: Behind) -> None:
    if office is not None and (office.pk not in found or found[office.pk].days < row.days):
        named = f"{office.name}（{sector.name}）"
        subject = subject_of("department", office.pk)
        found[office.pk] = replace(row, subject=subject, name=named, answerer=office, sector=sector.pk)


def _ranked(look: Look, by: str, runs: int) -> dict[int | str, Behind]:
    """Return the groups with their rank today and how far from the end they stood in this and earlier weeks."""
    lows: dict[int | str, list[int]] = {}
    today: dict[int | str, Behind] = {}
    for number in range(max(runs, 1)):
        cells = look.cells(by, look.as_of - number * A_RUN)
        order = sorted(cells, key=lambda cell: cell.figures.rate or 0, reverse=True)
        for place, cell in enumerate(order, 1):
            code, figures = cell.key[0], cell.figures
            lows.setdefault(code, []).append(len(order) - place + 1)
            if number == 0:
                today[code] = Behind("", "", figures, look.days(figures), place=place, places=len(order))
    return {code: replace(row, lows=tuple(lows[code])) for code, row in today.items()}


def overdue_reports(user: User, campaign: Campaign, as_of: dt.date, *, days: int) -> QuerySet[Filing]:
    """Return the reports within the office's scope that are overdue by at least ``days``, the longest first."""
    rows = Filing.objects.filter(
        scope_for(user).q(), STAGES["overdue"](as_of), campaign=campaign, due_on__lte=as_of - dt.timedelta(days=days)
    )
    return rows.select_related("enterprise", "town", "category").order_by("due_on", "id")


def unit_behind(filing: Filing, as_of: dt.date) -> Behind:
    """Return an enterprise with an overdue report as one who may be written to."""
    days = max((as_of - filing.due_on).days, 0)
    return Behind(subject_of("enterprise", filing.enterprise_id), filing.enterprise.name, Figures(1, 0, 0), days)


def find_behind(user: User, campaign: Campaign, as_of: dt.date, subject: str) -> Behind | None:
    """Return the one whom a subject names, within the office's scope, or None."""
    kind, _dash, key = subject.partition("-")
    if kind == "enterprise":
        rows = open_reports(user, campaign, as_of).filter(enterprise=whole_number(key))
        filing = rows.select_related("enterprise").first()
        return unit_behind(filing, as_of) if filing else None
    return next((row for row in groups_behind(user, campaign, as_of) if row.subject == subject), None)


def open_reports(user: User, campaign: Campaign, as_of: dt.date) -> QuerySet[Filing]:
    """Return the reports of a campaign within the office's scope that are expected and not filed."""
    return Filing.objects.filter(scope_for(user).q(), STAGES["open"](as_of), campaign=campaign)


def worst_first(rows: Iterable[Behind]) -> list[Behind]:
    """Return them with the furthest behind first."""
    return sorted(rows, key=lambda row: (-row.days, row.subject))
