"""The burn-up: how filing ran against its plan, the pace that is needed, and when it ends at this pace."""

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from enterprises.models import Category
from enterprises.models.places import COUNTY_DIVISOR
from enterprises.queries.scope import Scope
from review.checks.forecast import WEEK, WEEKS_LOOKED_AT, Forecast, forecast
from review.checks.schedule import Light, Plan, days_behind, light
from review.models import Campaign
from review.queries.board import labels_of
from review.queries.completion import Figures
from review.queries.course import Course, course
from review.queries.schedule import plan_of
from review.queries.tallies import Marks, read_marks


@dataclass(frozen=True)
class Slice:
    """The part of a campaign that is looked at; empty for all of it."""

    county: int | None = None
    sector: str = ""
    category: str = ""
    scale: str = ""

    def q(self, sectors: dict[str, str]) -> Q:
        """Return the condition on filings; ``sectors`` maps category to sector."""
        condition = Q()
        if self.county:
            low = self.county * COUNTY_DIVISOR
            condition &= Q(town_id__gte=low, town_id__lt=low + COUNTY_DIVISOR)
        if self.sector:
            condition &= Q(category_id__in=sorted(code for code, sector in sectors.items() if sector == self.sector))
        if self.category:
            condition &= Q(category_id=self.category)
        return condition & Q(scale=self.scale) if self.scale else condition

    def asked(self, **changes: Any) -> dict[str, Any]:
        """Return what of it stands in an address, with some of it changed."""
        own = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in (own | changes).items() if value}


@dataclass(frozen=True)
class Line:
    """How a group stands: its figures, its plan and what is to be expected."""

    code: int | str
    name: str
    figures: Figures
    planned: Any
    light: Light
    days_behind: int
    forecast: Forecast
    url: str = ""


@dataclass(frozen=True)
class Point:
    """A day of the chart, and a row of the table beneath it."""

    day: dt.date
    figures: Figures
    planned: Any


@dataclass(frozen=True)
class Part:
    """A table of lines: what they are (a dimension), their heading, and the lines."""

    dimension: str
    heading: str
    lines: list[Line]


@dataclass(frozen=True)
class Burnup:
    """All that the page says. ``whole`` is the line of all that is looked at."""

    campaign: Campaign
    slice: Slice
    as_of: dt.date
    plan: Plan
    points: list[Point]
    whole: Line
    parts: list[Part]

    def here(self, **changes: Any) -> str:
        """Return the address of this page with some of its choices changed; an empty one takes a choice away."""
        return address(self.campaign, self.slice, self.as_of, **changes)


def address(campaign: Campaign, looked_at: Slice, as_of: dt.date, name: str = "burnup", **changes: Any) -> str:
    """Return the address of a burn-up."""
    asked = {"campaign": campaign.code, "as_of": as_of.isoformat()} | looked_at.asked(**changes)
    return f"{reverse(name)}?{urlencode(asked)}"


class Reading:
    """Reads the courses of one campaign, scope and slice as of a day; eight queries and the names of what is found."""

    def __init__(self, campaign: Campaign, scope: Scope, looked_at: Slice, as_of: dt.date) -> None:
        prefetch_related_objects([campaign], "milestones")
        self.campaign, self.scope, self.slice, self.as_of = campaign, scope, looked_at, as_of
        self.sectors = dict(Category.objects.values_list("code", "sector_id"))
        self.opens_on = min(campaign.opens_on, as_of)
        self.marks: Marks = read_marks(campaign)

    def burnup(self) -> Burnup:
        """Return the whole page."""
        run = self._courses("total", self.opens_on)[""]
        plan = plan_of(self.campaign, self.slice.scale, run.by_scale)
        points = [Point(day, run.on(day), plan.share(day)) for day in self._weekly_days()]
        whole = self._line("", "", run)
        parts = [self._part(dimension) for dimension in self.dimensions]
        return Burnup(self.campaign, self.slice, self.as_of, plan, points, whole, parts)

    @property
    def dimensions(self) -> tuple[str, str]:
        """Areas and lines: towns within one county, else districts; categories within one sector, else sectors."""
        counties = {bound // COUNTY_DIVISOR for bounds in self.scope.ranges for bound in bounds}
        codes = set(self.campaign.categories.values_list("code", flat=True))
        seen = {self.sectors[code] for code in codes if self.scope.categories is None or code in self.scope.categories}
        one_sector = self.slice.sector or self.slice.category or len(seen) <= 1
        return (
            "town" if self.slice.county or len(counties) == 1 else "district",
            "category" if one_sector else "sector",
        )

    def _courses(self, by: str, first: dt.date) -> dict[int | str, Course]:
        return course(
            campaign=self.campaign,
            first=first,
            last=self.as_of,
            by=by,
            scope=self.scope,
            within=self.slice.q(self.sectors),
            marks=self.marks,
        )

    def _weekly_days(self) -> list[dt.date]:
        """The opening and each seventh day before the day looked at, which is the last."""
        weeks = (self.as_of - self.opens_on).days // 7
        days = [self.as_of - number * WEEK for number in range(weeks, -1, -1)]
        return days if days[0] == self.opens_on else [self.opens_on, *days]

    def _part(self, dimension: str) -> Part:
        found = self._courses(dimension, max(self.opens_on, self.as_of - WEEKS_LOOKED_AT * WEEK))
        found = {code: run for code, run in found.items() if run.now.expected}
        lines = [self._line(code, name, found[code], dimension) for code, name in labels_of(dimension, found).items()]
        headings = {
            "district": _("District or county-level city"),
            "town": _("Town or street"),
            "sector": _("Sector"),
            "category": _("Category"),
        }
        return Part(dimension, headings[dimension], lines)

    def _line(self, code: int | str, name: str, run: Course, dimension: str = "") -> Line:
        plan = plan_of(self.campaign, self.slice.scale, run.by_scale)
        rate, planned = run.now.rate, plan.share(self.as_of)
        choice = {"district": "county"}.get(dimension, dimension)
        url = address(self.campaign, self.slice, self.as_of, **{choice: code}) if choice and choice != "town" else ""
        return Line(
            code,
            name,
            run.now,
            planned,
            light(rate, planned),
            days_behind(plan, rate, self.as_of),
            forecast(run, opens_on=self.campaign.opens_on, due_on=plan.due_on, day=self.as_of),
            url,
        )
