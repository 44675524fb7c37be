"""Displays on a wall: which ones an office keeps, and which one an address belongs to."""

from django.db.models import Q, QuerySet

from enterprises.enums import RegionLevel
from enterprises.models import Category, Region, User
from enterprises.queries.scope import Scope, scope_for
from review.models import DisplayToken
from riskreport.ground import clock

FULL = ("region", "sector", "campaign")


def _within(user: User, low: str, high: str) -> Q:
    """Return the condition on a region that lies in the person's areas; nothing for a person without any."""
    condition = Q(pk__in=[])
    for first, last in scope_for(user).ranges:
        condition |= Q(**{f"{low}__gte": first, f"{high}__lte": last})
    return condition


def displays_for_user(user: User) -> QuerySet[DisplayToken]:
    """Return the displays of the regions in an office's area, those that still show something first."""
    rows = DisplayToken.objects.filter(_within(user, "region__low", "region__high"))
    return rows.select_related(*FULL, "created_by", "revoked_by")


def regions_to_show(user: User) -> QuerySet[Region]:
    """Return the city and counties in an office's area: what a display may show."""
    rows = Region.objects.filter(_within(user, "low", "high"), level__in=(RegionLevel.CITY, RegionLevel.COUNTY))
    return rows.order_by("order", "code")


def display_of(digest: str) -> DisplayToken | None:
    """Return the display with this digest of its secret, None where it was revoked, has expired, or never was."""
    there = Q(expires_on__isnull=True) | Q(expires_on__gt=clock.today())
    rows = DisplayToken.objects.filter(there, digest=digest, revoked_at=None)
    return rows.select_related(*FULL).first()


def scope_of(display: DisplayToken) -> Scope:
    """Return what a display may count: its region, and its sector's categories where it names one."""
    codes = None
    if display.sector_id:
        codes = frozenset(Category.objects.filter(sector=display.sector_id).values_list("code", flat=True))
    return Scope(ranges=(display.region.bounds,), categories=codes)
