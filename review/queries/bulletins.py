"""Bulletins: which ones a person may read."""

from django.db.models import Q, QuerySet

from enterprises.models import User
from enterprises.rules import is_office, is_official
from review.enums import BulletinState
from review.models import Bulletin, BulletinTemplate

MOST_VERSIONS = 10
FULL = ("department__region", "campaign", "made_by", "issued_by")


def bulletins_for_user(user: User) -> QuerySet[Bulletin]:
    """Return the bulletins a person may read.

    An office reads all of its own; every official those that were issued by the offices of their own place and above.
    """
    if not is_official(user).allowed:
        return Bulletin.objects.none()
    place = user.department.region
    above = Q(department__region__low__lte=place.low, department__region__high__gte=place.high)
    issued = Q(state=BulletinState.ISSUED) & above
    own = Q(department=user.department) if is_office(user).allowed else Q(pk__in=[])
    return Bulletin.objects.filter(own | issued)


def template_versions(user: User, kind: str) -> list[BulletinTemplate]:
    """Return the newest versions of the template of the person's office, the one in force first."""
    rows = BulletinTemplate.objects.filter(department=user.department_id, kind=kind)
    return list(rows.select_related("saved_by")[:MOST_VERSIONS])
