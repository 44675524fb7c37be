"""Sectors and categories: which are in force, and what stands behind each."""

import datetime as dt

from django.db.models import Count, Prefetch, Q, QuerySet

from enterprises.models import Category, Line, Sector
from riskreport.ground import clock


def in_force_q(on: dt.date | None = None, prefix: str = "") -> Q:
    """Return the condition for sectors or categories that are in force on a day, today when None."""
    day = on or clock.today()
    return Q(**{f"{prefix}retired_on": None}) | Q(**{f"{prefix}retired_on__gt": day})


def sectors_in_force(on: dt.date | None = None) -> QuerySet[Sector]:
    """Return the sectors that are in force."""
    return Sector.objects.filter(in_force_q(on))


def categories_in_force(on: dt.date | None = None) -> QuerySet[Category]:
    """Return the categories that are in force, in sectors that are."""
    return Category.objects.filter(in_force_q(on), in_force_q(on, "sector__"))


def sectors_with_counts() -> list[Sector]:
    """Return every sector with its lead and the number of its categories. One query."""
    return list(Sector.objects.select_related("lead").annotate(categories_count=Count("categories")))


def sector_whole(code: str) -> Sector | None:
    """Return a sector with its lead, and its categories with their leads, co-leads and number of units; or None."""
    categories = (
        Category.objects.select_related("lead")
        .prefetch_related(Prefetch("co_leads", queryset=Line.objects.order_by("order")))
        .annotate(units_count=Count("enterprises"))
        .order_by("code")
    )
    rows = Sector.objects.select_related("lead").prefetch_related(Prefetch("categories", queryset=categories))
    return rows.filter(pk=code).first()
