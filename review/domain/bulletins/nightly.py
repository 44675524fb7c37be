"""What the night prepares: the drafts of the bulletins that an office has switched on."""

import datetime as dt
from collections.abc import Iterator

from enterprises.enums import DepartmentKind
from enterprises.models import Department
from review.domain.bulletins.making import prepare_bulletin
from review.domain.bulletins.templates import words_of
from review.enums import BulletinKind, CampaignState
from review.models import BulletinTemplate, Campaign

DAY = dt.timedelta(days=1)


def day_of(kind: str, night: dt.date) -> dt.date:
    """Return the day whose figures the night writes up: yesterday's, or those of the last Sunday that is over.

    A weekly one whose night was missed is so made up by any later night of the week.
    """
    yesterday = night - DAY
    return yesterday if kind == BulletinKind.DAILY else yesterday - dt.timedelta(days=(yesterday.weekday() + 1) % 7)


def prepare_drafts(night: dt.date) -> Iterator[bool]:
    """Prepare the drafts that are due; yield for each whether it was not there yet. Safe to run again."""
    for department, kind in _switched_on():
        as_of = day_of(kind, night)
        for campaign in Campaign.objects.filter(state=CampaignState.OPEN, opens_on__lte=as_of).order_by("code"):
            yield prepare_bulletin(department=department, campaign=campaign, kind=kind, as_of=as_of)


def _switched_on() -> list[tuple[Department, str]]:
    written = BulletinTemplate.objects.filter(nightly=True).values("department")
    offices = Department.objects.filter(kind=DepartmentKind.COMMITTEE, pk__in=written).order_by("pk")
    return [(office, kind) for office in offices for kind in BulletinKind.values if words_of(office, kind).nightly]
