"""How far the units of an area are trained: the figures with the lists they count, and the list of units."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from enterprises.enums import RegionLevel
from enterprises.models import Category, Region, Sector
from enterprises.models.places import COUNTY_DIVISOR
from enterprises.queries.scope import Scope, scope_for
from enterprises.rules import is_official
from review.interfaces.coverage_page import CoveragePage, part_heading
from review.queries.training import Part
from review.rules import organises_training
from riskreport.ground import clock
from riskreport.ground.access import access
from riskreport.ground.request import whole_number
from riskreport.ground.ui.list_page import list_page


@access(is_official)
@require_GET
def training_units(request: HttpRequest) -> HttpResponse:
    """List the units on the roster with how far they are trained."""
    return list_page(
        request,
        "training_units",
        lead=_("%(count)s units within your area and lines."),
        crumbs=[(_("Training coverage"), reverse("training_coverage")), (pgettext("training", "Units"), "")],
    )


@access(is_official)
@require_GET
def training_coverage(request: HttpRequest) -> HttpResponse:
    """Show the coverage of the person's scope on a day, by area and by line; day and part stand in the address."""
    today, scope = clock.today(), scope_for(request.user)
    as_of, problem = _asked_day(request.GET.get("as_of", ""), today)
    county, sector = _asked_part(request)
    codes = {name: row.pk for name, row in (("district", county), ("sector", sector)) if row is not None}
    inside = tuple(Category.objects.filter(sector=sector).values_list("code", flat=True)) if sector else None
    page = CoveragePage(
        as_of=as_of,
        scope=scope,
        part=Part(county.pk if county else None, inside),
        codes=codes,
        opens_people=organises_training(request.user).allowed,
    )
    rows = "town" if county is not None or _is_one_county(scope) else "district"
    columns = "category" if sector is not None or _is_one_sector(scope) else "sector"
    context = {
        "page": page,
        "as_of": as_of,
        "today": today,
        "problem": problem,
        "by_row": page.table(rows, part_heading(rows), "county" if rows == "district" else ""),
        "by_column": page.table(columns, part_heading(columns), "sector" if columns == "sector" else ""),
        "county": county,
        "sector": sector,
        "pills": [
            {"label": part_heading(name), "words": row.label, "url": page.here(**{key: None})}
            for name, key, row in (("district", "county", county), ("sector", "sector", sector))
            if row is not None
        ],
        "crumbs": [(_("Training sessions"), reverse("training_sessions")), (_("Training coverage"), "")],
    }
    return render(request, "review/training/coverage.html", context)


def _asked_day(text: str, today: dt.date) -> tuple[dt.date, str]:
    """Return the day asked for and what was wrong with it; a day to come has no figures yet."""
    if not text:
        return today, ""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        said = _("“%(text)s” is not a day; today's figures are shown. Write a day as 2022-03-01.")
        return today, said % {"text": text[:20]}
    if day > today:
        return today, _("%(day)s is still to come; today's figures are shown.") % {"day": day}
    return day, ""


def _asked_part(request: HttpRequest) -> tuple[Region | None, Sector | None]:
    county, sector = request.GET.get("county", ""), request.GET.get("sector", "")
    code = whole_number(county)
    return (
        Region.objects.filter(pk=code, level=RegionLevel.COUNTY).first() if code is not None else None,
        Sector.objects.filter(pk=sector[:4]).first() if sector else None,
    )


def _is_one_county(scope: Scope) -> bool:
    return len({bound // COUNTY_DIVISOR for bounds in scope.ranges for bound in bounds}) == 1


def _is_one_sector(scope: Scope) -> bool:
    if scope.categories is None:
        return False
    return Category.objects.filter(pk__in=sorted(scope.categories)).values("sector").distinct().count() <= 1
